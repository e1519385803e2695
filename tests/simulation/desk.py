"""One window PC of a simulated world: real services over a real vault."""

import copy
import dataclasses
import functools
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from unittest import mock

from PIL import Image

from desk_app.config.places import Places, places
from desk_app.services import (
    attaching,
    backing,
    close_day,
    receiving,
    restoring,
    standing,
    timing,
)
from desk_app.services.desk import Desk
from desk_app.services.hands import Hands, Workplace
from desk_app.store import keyslots, returned
from desk_app.store.keyslots import Keyslots
from schemas.case import MaterialTaken
from schemas.enrolment import EnrolmentRequest
from schemas.problems import Code, Problem
from sync.client.engine import StepReport
from sync.district.intake.app import accept_request
from sync.district.reconcile.approving import approve, invite
from tests.simulation.clocks import DeskClock
from tests.simulation.disk import FragileVault, keep_copy, power_cut_files, put_back
from tests.simulation.district import SimDistrict
from tests.simulation.faults import Fuse, PowerCut, Tally
from tests.simulation.line import Line
from tests.support.rigs import NANRI, PASSPHRASE
from tools.sample_cases import sample_applicant, sample_form, sample_materials

LOGIN = "lin"


@contextmanager
def light_stretching() -> Iterator[None]:
    """Stretch passphrases little: proved elsewhere, it would cost a week of days."""
    light = functools.partial(keyslots.Argon, iterations=1, lanes=1, memory_kib=8)
    with mock.patch.object(keyslots, "Argon", light):
        yield


class SimDesk:
    """A desk with an operator at it, who starts it again after each power cut."""

    def __init__(
        self, home: Path, clock: DeskClock, line: Line, dice: Random, tally: Tally
    ) -> None:
        self.clock, self.dice, self.tally = clock, dice, tally
        self.places: Places = places(home)
        self.machine = home.name
        self.fuse = Fuse()
        self.line = line
        self.backup: Path | None = None
        self._seed = 0
        with light_stretching():
            self._set_up()
        self.start()

    def _set_up(self) -> None:
        first = Desk(self.places, self._hands())
        self.recovery = first.set_up(
            desk_name=self.machine, town=NANRI, login=LOGIN, name="林窗口",
            passphrase=PASSPHRASE,
        )  # fmt: skip
        first.unlock(LOGIN, PASSPHRASE)
        who = first.place
        self._who = (who.operator, who.operator_name, who.role)
        slots = Keyslots(self.places.keyslots, dice=self.dice.randbytes)
        self._key = slots.unlock(LOGIN, PASSPHRASE).key
        first.lock()

    def _hands(self) -> Hands:
        return Hands(
            now=self.clock.now,
            random_bytes=self.dice.randbytes,
            dice=self.dice.random,
            monotonic_ms=self.clock.monotonic_ms,
            boot=self.clock.boot,
            machine=self.machine,
            transport=self.line,
        )

    def start(self) -> None:
        """Switch the PC on; the passphrase's stretching is left out, its key is not."""
        hands = self._hands()
        vault = FragileVault(self.places.vault, self._key, self.fuse)
        self.desk = Desk(self.places, hands)
        self.place = timing.steadied(Workplace(vault, hands, *self._who))
        self.desk._place = self.place

    def cut_power(self, *, torn: bool = False) -> bool:
        """Lose power now and start again; says whether a lying disk lost a tail."""
        self.fuse.put_out()
        lost = power_cut_files(self.places.vault, self.dice, torn=torn)
        self._replace(self.places.vault.with_name("frozen"))
        self.tally.add("power cut" if not lost else "torn tail")
        return lost

    def _replace(self, files: Path) -> None:
        self.place.vault.close()
        put_back(self.places.vault, files)
        self.clock.reboot()
        self.start()

    def keep_copy(self, folder: Path) -> None:
        """Copy the vault's files aside."""
        keep_copy(self.places.vault, folder)

    def put_back(self, folder: Path) -> None:
        """Put an old copy of the vault's files back: the desk does not know."""
        self._replace(folder)

    def back_up(self) -> None:
        """Write a backup as the desk does by itself; only the newest is kept."""
        made = backing.back_up(self.place, self.places, remember=False)
        if self.backup is not None:
            self.backup.unlink(missing_ok=True)
        kept = self.places.home.with_name(f"{self.machine}.backup")
        self.backup = shutil.copy(made.file, kept)

    def move_to(self, home: Path) -> None:
        """Make a new machine this desk, by its last backup and the paper key."""
        self.place.vault.close()
        shutil.rmtree(self.places.home)
        self.places, self.machine = places(home), home.name
        with light_stretching():
            restoring.restore(
                self.places, self._hands(), self.backup, recovery_key=self.recovery
            )
        self.clock.reboot()
        self.start()

    def enrol(self, district: SimDistrict, terminal: str) -> None:
        """Join the district by files, as people do without a line."""
        place = district.open
        now = district.now()
        _, invitation = invite(
            place.sealed, place.charter, secret=self.dice.randbytes(10), town=NANRI,
            expires_at=now + timedelta(days=9),
        )  # fmt: skip
        text = self.desk.enrolment_request(invitation.model_dump_json())
        request = EnrolmentRequest.model_validate_json(text)
        accept_request(place.sealed, request, now=now)
        package = approve(
            place.sealed, place.charter, place.keys, device=request.device,
            terminal=terminal, now=now,
        )  # fmt: skip
        self.desk.apply_grant(package.model_dump_json())
        self.device = request.device
        # Enrolled long ago: no disk is so late that it lies about that.
        self.place.vault.flush()

    def take_case(self) -> str | None:
        """Take one application of any item; its number, or None on a full disk."""
        self._seed += 1
        edition = self.desk.edition()
        item = self.dice.choice(edition.items)
        materials = tuple(map(MaterialTaken.model_validate, sample_materials(item)))
        try:
            draft = dataclasses.replace(
                self.desk.new_draft(item.code),
                applicant=sample_applicant(item, seed=self._seed),
                form=sample_form(item, edition, seed=self._seed),
                materials=materials,
            )
            self.desk.save_draft(draft)
            return receiving.receive_case(self.place, draft.draft_id, receiving.When())
        except Problem as problem:
            if problem.code not in {Code.DISK_FULL, Code.NUMBERING_FROZEN}:
                raise
            self.tally.add(f"refused: {problem.code.name}")
            return None

    def sync(self) -> StepReport | None:
        """Speak to the district now; None where the power went."""
        try:
            return self.line.speak(self.desk.sync(impatient=True))
        except PowerCut:
            self.cut_power()
            return None

    def cases(self) -> dict[str, str]:
        """Return T0 → number of every case in the vault."""
        with self.place.vault.read() as tx:
            rows = tx.rows("SELECT received_at, number FROM cases")
        return {str(row[0]): str(row[1]) for row in rows}

    def states(self) -> dict[str, str]:
        """Return number → state of every case in the vault."""
        with self.place.vault.read() as tx:
            rows = tx.rows("SELECT number, state FROM cases")
        return {str(row[0]): str(row[1]) for row in rows}

    def was_renamed(self, old: str, new: str) -> bool:
        """Say whether a number was on two papers, so that one got another."""
        with self.place.vault.read() as tx:
            known = returned.renumberings(tx, open_only=False)
        return any((each.old, each.new) == (old, new) for each in known)

    def scan_something(self, number: str) -> None:
        """Put a small scan at a case."""
        page = Image.new("L", (60, 80), self.dice.randrange(256))
        raw = io.BytesIO()
        page.save(raw, "JPEG")
        try:
            attaching.attach(
                self.place, number, "scan", name="page.jpg", raw=raw.getvalue()
            )
        except Problem as problem:
            if problem.code is not Code.DISK_FULL:
                raise

    def close_day(self) -> None:
        """Close the day, unless there is nothing new to say of it."""
        today = standing.local_day(self.place.hands.now()).isoformat()
        try:
            close_day.close_day(self.place, today)
        except Problem as problem:
            if problem.code not in {Code.DAY_ALREADY_CLOSED, Code.DISK_FULL}:
                raise

    def clone(self, home: Path) -> "SimDesk":
        """Return a second machine with a copy of this one's folder."""
        other = copy.copy(self)
        other.places, other.machine, other.fuse = places(home), home.name, Fuse()
        keep_copy(self.places.vault, home)
        shutil.copy2(self.places.keyslots, home)
        other.start()
        return other

    def forget(self) -> None:
        """Close the vault and remove the machine."""
        self.place.vault.close()
        shutil.rmtree(self.places.home)
