"""Set up, unlock, and manage operators: who may work at this desk.

Rule 1: a vault that is there is never made anew, whatever became of its key slots.
Rule 2: slots without an operator open nothing: a person's slot is written first.
"""

from desk_app.config.durable import sync_folder
from desk_app.config.places import Places
from desk_app.services import timing
from desk_app.services.hands import Hands, Workplace
from desk_app.services.shown import OperatorRow, Role
from desk_app.store import audit, operators, settings
from desk_app.store.attempts import Attempts
from desk_app.store.keyslots import (
    Keyslots,
    Unlocked,
    check_passphrase,
    read_recovery_key,
)
from desk_app.store.vault import Transaction, Vault
from schemas.encoding import base64_text
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.recovery import recovery_pair


def set_up(
    places: Places, hands: Hands, *, desk_name: str, town: str, first: OperatorRow,
    passphrase: str,
) -> str:  # fmt: skip
    """Make the vault, the device's keys and the first supervisor.

    Returns the recovery key, to be printed now: it is kept nowhere. A set-up that was
    cut off is begun again: nobody has seen its recovery key.
    """
    _refuse_second_set_up(places)
    check_passphrase(passphrase, login=first.login)
    for left in places.home.glob(places.new_vault.name + "*"):
        left.unlink()
    places.new_keyslots.unlink(missing_ok=True)
    slots = Keyslots(places.new_keyslots, dice=hands.random_bytes)
    unlocked, recovery = slots.create(first.login, passphrase)
    vault = Vault(places.new_vault, unlocked.key)
    signing = SigningKey.generate(hands.random_bytes)
    sealing = SealingKey.generate(hands.random_bytes)
    device = suite1.device_id(signing.public, sealing.public)
    try:
        with vault.write() as tx:
            operators.add(tx, _record(first, unlocked.slot_id))
            for name, value in {
                "desk_name": desk_name,
                "town": town,
                "epoch": "1",
                "device": device,
                "signing_key": base64_text(signing.to_bytes()),
                "sealing_key": base64_text(sealing.to_bytes()),
                "recovery_public": base64_text(recovery_pair(recovery).public),
            }.items():
                settings.put(tx, name, value)
            who = first.operator_id
            audit.note(tx, "desk_set_up", device, operator=who, now=hands.now())
    finally:
        vault.close()
    places.new_vault.replace(places.vault)
    sync_folder(places.home)
    # Last, and at once: from here on the desk is set up.
    places.new_keyslots.replace(places.keyslots)
    sync_folder(places.home)
    return recovery


def is_set_up(places: Places) -> bool:
    """Say whether there is a desk here, whole or not."""
    cut_off = places.new_keyslots.exists()
    return places.keyslots.exists() or (places.vault.exists() and not cut_off)


def _refuse_second_set_up(places: Places) -> None:
    if places.keyslots.exists():
        code = Code.ALREADY_SET_UP if places.vault.exists() else Code.VAULT_MISSING
        raise Problem(code)
    if is_set_up(places):
        raise Problem(Code.KEYSLOTS_MISSING)


def refuse_incomplete(places: Places) -> None:
    """Name which of a desk's two files is not there; whole and none are no problem."""
    if places.keyslots.exists() and not places.vault.exists():
        raise Problem(Code.VAULT_MISSING)
    if is_set_up(places) and not places.keyslots.exists():
        raise Problem(Code.KEYSLOTS_MISSING)


def _record(row: OperatorRow, slot_id: str) -> operators.OperatorRecord:
    return operators.OperatorRecord(
        row.operator_id, row.login, row.name, row.role, slot_id, row.active
    )


def unlock(places: Places, hands: Hands, *, login: str, passphrase: str) -> Workplace:
    """Open the vault for one operator; failures grow the delay and are audited."""
    refuse_incomplete(places)
    slots = Keyslots(places.keyslots, dice=hands.random_bytes)
    attempts = Attempts(places.attempts)
    wait_s = attempts.delay_s(now=hands.now())
    if wait_s:
        raise Problem(Code.PASSPHRASE_WRONG, wait_s=wait_s)
    try:
        unlocked = slots.unlock(login, passphrase)
    except Problem as problem:
        if problem.code is not Code.PASSPHRASE_WRONG:
            raise
        attempts.failed(now=hands.now())
        wait_s = attempts.delay_s(now=hands.now())
        raise Problem(Code.PASSPHRASE_WRONG, wait_s=wait_s) from problem
    return _enter(places, hands, unlocked, attempts)


def _enter(
    places: Places, hands: Hands, unlocked: Unlocked, attempts: Attempts
) -> Workplace:
    vault = Vault(places.vault, unlocked.key)
    try:
        with vault.write() as tx:
            operator = operators.by_slot(tx, unlocked.slot_id)
            if operator is None:
                raise Problem(Code.PASSPHRASE_WRONG, wait_s=0)
            for moment in attempts.failures():
                audit.note(tx, "unlock_failed", "", operator=None, now=moment)
            who = operator.operator_id
            audit.note(tx, "unlocked", "", operator=who, now=hands.now())
    except BaseException:
        vault.close()
        raise
    attempts.clear()
    place = Workplace(vault, hands, operator.operator_id, operator.name, operator.role)
    return timing.steadied(place)


def recover(
    places: Places, hands: Hands, *, recovery_key: str, login: str, passphrase: str
) -> None:
    """Give an operator a new passphrase by the printed recovery key."""
    refuse_incomplete(places)
    slots = Keyslots(places.keyslots, dice=hands.random_bytes)
    unlocked = slots.unlock_with_recovery(recovery_key)
    check_passphrase(passphrase, login=login)
    vault = Vault(places.vault, unlocked.key)
    try:
        with vault.write() as tx:
            known = {each.login for each in operators.all_of(tx) if each.active}
            if login not in known:
                raise Problem(Code.OPERATOR_UNKNOWN)
            # A desk of version 0.1 learns here what backups are sealed to.
            public = recovery_pair(read_recovery_key(recovery_key)).public
            settings.put(tx, "recovery_public", base64_text(public))
            audit.note(tx, "recovered", login, operator=None, now=hands.now())
        slots.change(unlocked.key, login, passphrase)
    finally:
        vault.close()


def list_operators(place: Workplace) -> tuple[OperatorRow, ...]:
    """Return everybody who works or worked here."""
    with place.vault.read() as tx:
        return tuple(
            OperatorRow(
                each.operator_id,
                each.login,
                each.name,
                "supervisor" if each.role == "supervisor" else "clerk",
                each.active,
            )
            for each in operators.all_of(tx)
        )


def add_operator(
    place: Workplace, places: Places, key: bytes, *, login: str, name: str, role: Role,
    passphrase: str,
) -> OperatorRow:  # fmt: skip
    """Let one more person work here; supervisors only."""
    require_supervisor(place)
    row = OperatorRow(place.new_id(8), login, name, role, active=True)
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    # The slot first: a slot without an operator opens nothing.
    slot_id = slots.add(key, login, passphrase)
    with place.vault.write() as tx:
        operators.add(tx, _record(row, slot_id))
        _note(place, tx_note=("operator_added", login), tx=tx)
    return row


def _note(place: Workplace, *, tx_note: tuple[str, str], tx: Transaction) -> None:
    what, subject = tx_note
    now = place.hands.now()
    audit.note(tx, what, subject, operator=place.operator, now=now)


def remove_operator(place: Workplace, places: Places, operator_id: str) -> None:
    """Let somebody go; the record of what they did stays."""
    require_supervisor(place)
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    with place.vault.write() as tx:
        active = [each for each in operators.all_of(tx) if each.active]
        leaving = next((e for e in active if e.operator_id == operator_id), None)
        if leaving is None:
            raise Problem(Code.OPERATOR_UNKNOWN)
        if not any(e.role == "supervisor" and e is not leaving for e in active):
            raise Problem(Code.LAST_SUPERVISOR)
        freed = f"{leaving.login}#{leaving.operator_id}"
        operators.retire(tx, operator_id, freed_login=freed)
        _note(place, tx_note=("operator_removed", leaving.login), tx=tx)
    slots.remove(leaving.slot_id)


def change_passphrase(place: Workplace, places: Places, *, old: str, new: str) -> None:
    """Change one's own passphrase; the database is not re-encrypted."""
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    with place.vault.read() as tx:
        me = next(e for e in operators.all_of(tx) if e.operator_id == place.operator)
    unlocked = slots.unlock(me.login, old)
    slots.change(unlocked.key, me.login, new)
    with place.vault.write() as tx:
        _note(place, tx_note=("passphrase_changed", me.login), tx=tx)


def reset_passphrase(
    place: Workplace, places: Places, *, operator_id: str, new: str, own: str
) -> None:
    """Give somebody a new passphrase who forgot theirs; `own` is the supervisor's."""
    require_supervisor(place)
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    with place.vault.read() as tx:
        active = {each.operator_id: each for each in operators.all_of(tx)}
    them, me = active.get(operator_id), active[place.operator]
    if them is None or not them.active:
        raise Problem(Code.OPERATOR_UNKNOWN)
    key = slots.unlock(me.login, own).key
    check_passphrase(new, login=them.login)
    # The trail first: a passphrase is never changed behind its owner's back.
    with place.vault.write() as tx:
        _note(place, tx_note=("passphrase_reset", them.login), tx=tx)
    slots.change(key, them.login, new)


def renew_recovery_key(place: Workplace, places: Places, *, own: str) -> str:
    """Replace the recovery key; returns the new one, to be printed now.

    The old paper opens the vault no more; backups made before still open by it.
    """
    require_supervisor(place)
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    with place.vault.read() as tx:
        me = next(e for e in operators.all_of(tx) if e.operator_id == place.operator)
    key = slots.unlock(me.login, own).key
    recovery = slots.renew_recovery(key)
    with place.vault.write() as tx:
        public = recovery_pair(read_recovery_key(recovery)).public
        settings.put(tx, "recovery_public", base64_text(public))
        _note(place, tx_note=("recovery_key_renewed", ""), tx=tx)
    return recovery


def require_supervisor(place: Workplace) -> None:
    """Refuse clerks: `Problem(NOT_ALLOWED)`."""
    if place.role != "supervisor":
        raise Problem(Code.NOT_ALLOWED, role="supervisor")


def trail(
    place: Workplace, *, limit: int, before: int | None = None
) -> tuple[audit.AuditLine, ...]:
    """Return the newest lines of the audit trail, or earlier; supervisors only."""
    require_supervisor(place)
    with place.vault.read() as tx:
        return audit.lines(tx, limit=limit, before=before)
