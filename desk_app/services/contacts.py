"""Where the desk stands when it calls, and what the district said of it."""

import json
from datetime import datetime

from desk_app.services import freezing, fresh_keys, healing, lineage, pending, timing
from desk_app.services.catalogue import in_use_in
from desk_app.services.enrolling import PROGRAM
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.listing import list_what_was_there
from desk_app.store import (
    days,
    feed,
    journal,
    outbox,
    publications,
    scans,
    settings,
)
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.contact import Backlog, Contact, JournalHead, Uses, Verdict, Welcome
from schemas.enrolment import Charter
from schemas.journal import Clocks
from sync.protocol.chain import chain_start
from sync.protocol.habit import next_contact_by, with_gap
from sync.protocol.pacing import Pace
from sync.seal import suite1
from sync.seal.enrolment import charter_digest


def next_contact(place: Workplace) -> Contact:
    """Write down the next counter and nonce, and return where the desk stands."""
    nonce = place.new_id()
    list_what_was_there(place)
    with place.vault.write() as tx:
        counter = int(settings.get(tx, "contact_counter") or 0) + 1
        settings.put(tx, "contact_counter", str(counter))
        settings.put(tx, "contact_nonce", nonce)
        timing.sent(place, tx)
        healing.claim(tx, counter, int(require_setting(tx, "epoch")))
        return _contact(place, tx, counter, nonce)


def _contact(place: Workplace, tx: Transaction, counter: int, nonce: str) -> Contact:
    device = require_setting(tx, "device")
    epoch = int(require_setting(tx, "epoch"))
    waiting, _, oldest = pending.waiting(tx, epoch)
    return Contact(
        suite=suite1.SUITE,
        device=device,
        program=PROGRAM,
        counter=counter,
        nonce=nonce,
        head=_head(tx, device, epoch),
        receipted=outbox.receipted_through(tx, epoch),
        feed_cursor=feed.cursor(tx),
        feed_digest=lineage.last_digest(tx),
        answered=int(settings.get(tx, "contact_answered") or 0),
        incarnation=settings.get(tx, "district_incarnation"),
        clocks=Clocks(
            wall=place.hands.wall(),
            boot=place.hands.boot,
            monotonic_ms=place.hands.monotonic_ms(),
        ),
        backlog=Backlog(
            entries=waiting,
            attachment_bytes=scans.backlog(tx)[1],
            oldest_at=datetime.fromisoformat(oldest) if oldest else None,
            earliest_due=days.oldest_due(tx),
        ),
        feed_bytes=Pace.from_text(settings.get(tx, "line_pace")).feed_bytes,
        next_contact_by=_next_contact_by(place, tx),
        uses=Uses(
            edition=in_use_in(tx)[0].edition,
            holidays=publications.in_use_number(tx, "holidays"),
            closed_seasons=publications.in_use_number(tx, "closed_seasons"),
        ),
        machine=_machine(place, device),
        restored=bool(settings.get(tx, "restored_at")),
        charter=charter_digest(
            Charter.model_validate_json(require_setting(tx, "charter"))
        ),
    )


def _machine(place: Workplace, device: str) -> str | None:
    """Return a name of this machine, of no use to any other device."""
    if not place.hands.machine:
        return None
    said = f"island-desk/machine/1\n{device}\n{place.hands.machine}"
    return suite1.digest(said.encode())[:32]


def _next_contact_by(place: Workplace, tx: Transaction) -> datetime:
    """Learn from the gap since the last call, and promise the next one."""
    now = place.hands.now()
    last = settings.get(tx, "contact_called_at")
    gaps = json.loads(settings.get(tx, "contact_gaps") or "[]")
    if last is not None:
        gap = round((now - datetime.fromisoformat(last)).total_seconds())
        gaps = list(with_gap(gaps, gap))
        settings.put(tx, "contact_gaps", json.dumps(gaps))
    settings.put(tx, "contact_called_at", utc_text(now))
    _, calendar = in_use_in(tx)
    return next_contact_by(now, gaps, calendar)


def _head(tx: Transaction, device: str, epoch: int) -> JournalHead:
    head = journal.head(tx, epoch)
    if head is None:
        start = chain_start(suite1.digest, device, epoch)
        return JournalHead(epoch=epoch, sequence=0, chain=start)
    return JournalHead(epoch=epoch, sequence=head.sequence, chain=head.chain)


def keep_welcome(place: Workplace, welcome: Welcome, verdict: Verdict) -> None:
    """Keep the last welcome, its verdict and the district's incarnation."""
    with place.vault.write() as tx:
        settings.put(tx, "welcome", welcome.model_dump_json())
        settings.put(tx, "verdict", str(verdict))
        settings.put(tx, "contact_answered", str(welcome.counter))
        known = settings.get(tx, "district_incarnation")
        if known is not None and known != welcome.incarnation:
            # Restored or begun anew: which scans it has is asked again, not assumed.
            scans.again(tx)
        settings.put(tx, "district_incarnation", welcome.incarnation)
        fresh_keys.drop_in(tx)
        if timing.welcomed(place, tx, welcome):
            freezing.proved_in(tx, now=place.hands.now())
        healing.consider(place, tx, welcome, verdict)
