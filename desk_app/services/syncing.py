"""The engine's port over the vault: each verb one transaction (sync.client.engine)."""

from dataclasses import replace
from datetime import datetime, timedelta

from desk_app.services import (
    budgeting,
    comparing,
    contacts,
    finding,
    leaning,
    lineage,
    pending,
    publishing,
    quarantining,
    refiling,
    registering,
    renewing,
    reporting,
    scanning,
    standing,
    taking_back,
    timing,
)
from desk_app.services.answers import show_answer
from desk_app.services.catalogue import in_use_in
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.own_keys import sealing_key, signing_key
from desk_app.services.scanning import ScanPort
from desk_app.services.shown import RefusedBatch, SyncStatus
from desk_app.store import (
    audit,
    cases,
    feed,
    former_keys,
    journal,
    outbox,
    quarantine,
    scans,
    settings,
)
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.batch import BatchHeader
from schemas.case import Granted
from schemas.contact import Contact, Verdict, Welcome
from schemas.encoding import JsonObject, base64_bytes, canonical
from schemas.enrolment import Charter, Succession
from schemas.feed import CaseAnswered, FeedBody, FeedMessage
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.client.keys import Keys
from sync.client.uploading import StoredBatch
from sync.protocol.chain import chain_start
from sync.protocol.outbox import Patience
from sync.protocol.pacing import RUN_ENTRIES, Pace
from sync.seal import suite1
from sync.seal.batches import Run, SealedBatch
from sync.seal.keys import SealingKey


def keys_of(place: Workplace) -> Keys:
    """Return the desk's keys and its district's; `Problem(NOT_ENROLLED)`."""
    with place.vault.read() as tx:
        charter = Charter.model_validate_json(require_setting(tx, "charter"))
        require_setting(tx, "terminal")
        return Keys(
            device=require_setting(tx, "device"),
            signing=signing_key(tx),
            sealing=sealing_key(tx),
            district_sealing=base64_bytes(charter.sealing_key),
            district_receipts=base64_bytes(charter.receipt_key),
            district_answers=base64_bytes(charter.answers_key),
            former_sealing=tuple(map(SealingKey, former_keys.of(tx, "own_sealing"))),
            former_receipts=former_keys.of(tx, "receipts"),
            former_answers=former_keys.of(tx, "answers"),
        )


class VaultPort(ScanPort):
    """The desk's side of the conversation, kept in the vault."""

    def open_batch(self) -> StoredBatch | None:
        """Return the oldest batch that waits for its receipt."""
        with self._vault.read() as tx:
            batch = outbox.oldest_waiting(tx)
        if batch is None:
            return None
        header = BatchHeader.model_validate_json(batch.header)
        return StoredBatch(batch.raw, header, batch.batch_digest)

    def pending_run(self) -> Run | None:
        """Return the next run of entries that are in no batch."""
        with self._vault.read() as tx:
            device = require_setting(tx, "device")
            epoch = int(require_setting(tx, "epoch"))
            present = epoch
            epoch, begin, until = pending.next_gap(tx, present)
            cut = quarantine.cut_at(tx, epoch, begin)
            following = quarantine.next_cut(tx, epoch, begin)
            ends = [begin + RUN_ENTRIES - 1, *([until] if until else [])]
            ends += [cut.last] if cut else []
            # What is to go alone is not carried along by what goes before it.
            ends += [following - 1] if following else []
            most = min(ends) - begin + 1
            last = begin - 1
            if epoch == present:
                kept = journal.after(tx, epoch=epoch, sequence=last, limit=most)
                before = journal.chain_at(tx, epoch=epoch, sequence=last)
            else:
                # Of an epoch that was left: the history as both sides had it.
                kept = journal.history_after(tx, epoch=epoch, sequence=last, limit=most)
                before = journal.history_chain_at(tx, epoch=epoch, sequence=last)
            largest = Pace.from_text(settings.get(tx, "line_pace")).run_bytes
            if not kept:
                return None
            size = 0
            run: list[journal.KeptEntry] = []
            for entry in kept:
                size += len(entry.entry)
                # What was cut goes as it was cut: it went so before.
                if run and size > largest and cut is None:
                    break
                run.append(entry)
            context = None
            withheld = cut is not None and cut.withheld
            if withheld:
                stub = replace(run[0], entry=quarantining.stub_of(tx, run[0]))
                run = [stub]
            elif epoch == present:
                context = leaning.context_for(tx, epoch=epoch, run=run)
        return Run(
            device=device,
            epoch=epoch,
            first=run[0].sequence,
            entries=tuple(entry.entry for entry in run),
            chain_before=before or chain_start(suite1.digest, device, epoch),
            chain_after=run[-1].chain,
            context=context,
            withheld=withheld,
        )

    def save_batch(self, batch: SealedBatch) -> StoredBatch:
        """Write a batch down; if another process was first, return its batch."""
        header = batch.header
        with self._vault.write() as tx:
            other = outbox.oldest_waiting(tx)
            if other is None:
                outbox.add(
                    tx,
                    outbox.BatchRecord(
                        batch.digest,
                        header.epoch,
                        header.first,
                        header.last,
                        header.model_dump_json(),
                        batch.raw,
                    ),
                )
        if other is None:
            return StoredBatch(batch.raw, header, batch.digest)
        kept = BatchHeader.model_validate_json(other.header)
        return StoredBatch(other.raw, kept, other.batch_digest)

    def release(self, batch_digest: str, receipt: JsonObject) -> None:
        """Let go of a batch, keeping the receipt."""
        with self._vault.write() as tx:
            outbox.receipted(tx, batch_digest, canonical(receipt).decode())
            at = Receipt.model_validate(receipt).received_at
            timing.receipted(self._place, tx, at)
            batch = outbox.get(tx, batch_digest)
            if batch is not None:
                header = BatchHeader.model_validate_json(batch.header)
                quarantining.released(self._place, tx, header)
                pending.receipted(tx, batch.epoch, first=batch.first, last=batch.last)
            self._note(tx, "batch_receipted", batch_digest)

    def refused(self, batch_digest: str, code: Code) -> bool:
        """Cut a refused batch apart or set it aside; returns whether to go on."""
        with self._vault.write() as tx:
            return quarantining.refused(self._place, tx, batch_digest, code)

    def next_contact(self) -> Contact:
        """Write down the next counter and nonce, and return where the desk stands."""
        return contacts.next_contact(self._place)

    def keep_welcome(self, welcome: Welcome, verdict: Verdict) -> None:
        """Keep what the district said of itself and of this desk."""
        contacts.keep_welcome(self._place, welcome, verdict)

    def chain_at(self, epoch: int, sequence: int) -> str | None:
        """Return the own chain after an entry, or None where there is none."""
        with self._vault.read() as tx:
            return journal.chain_at(tx, epoch=epoch, sequence=sequence)

    def follow(self, succession: Succession) -> None:
        """Know the district by its next charter, if the known one vouches for it."""
        with self._vault.write() as tx:
            renewing.follow(self._place, tx, succession)

    def keys(self) -> Keys:
        """Return the keys as they are now."""
        return keys_of(self._place)

    def feed_cursor(self) -> int:
        """Return the position of the last applied feed message."""
        with self._vault.read() as tx:
            return feed.cursor(tx)

    def apply_feed(self, message: FeedMessage, body: FeedBody) -> None:
        """Apply one message together with the cursor; a repeat changes nothing."""
        position = message.header.position
        now = utc_text(self._place.hands.now())
        number = body.number if isinstance(body, CaseAnswered) else None
        with self._vault.write() as tx:
            if position != feed.cursor(tx) + 1:
                if position <= feed.cursor(tx):
                    return
                raise Problem(Code.FEED_GAP)
            record = feed.FeedRecord(
                position,
                body.kind,
                number,
                body.model_dump_json(),
                message.model_dump_json(),
                now,
            )
            lineage.check(tx, message, now=self._place.hands.now())
            told = isinstance(body, CaseAnswered) and reporting.was_told(tx, body)
            feed.add(tx, record)
            if isinstance(body, CaseAnswered) and not told:
                _show_answer(self._place, tx, body)
            quarantining.take(self._place, tx, body)
            comparing.take(self._place, tx, body, position)
            publishing.take(self._place, tx, body, position)
            renewing.take(self._place, tx, body, sealed_to=message.header.sealing_key)
            scanning.take(tx, body)
            taking_back.take(self._place, tx, body, position)
            self._note(tx, "answer_applied", number or str(position))

    def patience(self) -> Patience:
        """Return how the last tries went."""
        with self._vault.read() as tx:
            failures = settings.get(tx, "sync_failures")
            problem = settings.get(tx, "sync_problem")
            not_before = settings.get(tx, "sync_not_before")
        return Patience(
            int(failures or 0),
            Code(int(problem)) if problem else None,
            datetime.fromisoformat(not_before) if not_before else None,
        )

    def keep_patience(self, patience: Patience) -> None:
        """Keep how the tries go, over restarts."""
        until = patience.not_before
        problem = patience.last_problem
        with self._vault.write() as tx:
            settings.put(tx, "sync_failures", str(patience.failures))
            settings.put(tx, "sync_problem", str(int(problem)) if problem else "")
            settings.put(tx, "sync_not_before", utc_text(until) if until else "")

    def pace(self) -> Pace:
        """Return what the line is trusted with, over restarts."""
        with self._vault.read() as tx:
            return Pace.from_text(settings.get(tx, "line_pace"))

    def keep_pace(self, pace: Pace, *, moved: int) -> None:
        """Keep what the line has taught, and count what it has carried."""
        with self._vault.write() as tx:
            settings.put(tx, "line_pace", pace.to_text())
            budgeting.spend(tx, moved, now=self._place.hands.now())

    def may_send_scans(self) -> bool:
        """Say whether the hour's budget allows one more piece."""
        with self._vault.read() as tx:
            return budgeting.allows_scans(tx, now=self._place.hands.now())

    def entries_wait(self) -> bool:
        """Say whether a journal entry waits, which always goes first."""
        with self._vault.read() as tx:
            epoch = int(require_setting(tx, "epoch"))
            # What the district lost of a left epoch goes before any scan, too.
            where, begin, _ = pending.next_gap(tx, epoch)
            head = journal.head(tx, epoch)
            unsealed = where != epoch or (head is not None and head.sequence >= begin)
            return unsealed or outbox.oldest_waiting(tx) is not None

    def contacted(self, at: datetime) -> None:
        """Note that the district's own words were verified."""
        with self._vault.write() as tx:
            settings.put(tx, "last_contact_at", utc_text(at))

    def _note(self, tx: Transaction, what: str, subject: str) -> None:
        now = self._place.hands.now()
        audit.note(tx, what, subject, operator=None, now=now)


def _show_answer(place: Workplace, tx: Transaction, said: CaseAnswered) -> None:
    record = cases.get(tx, said.number)
    if record is None:
        # A case of before a restore: the message is kept, the case will come back.
        return
    answer = said.answer
    if (record.answered_at or "") > utc_text(said.answered_at):
        # Lost there and given before what was said since: in that order it counts.
        refiling.rebuild(place, tx, said.number)
        record = cases.get(tx, said.number) or record
        moved: cases.CaseRecord | None = record
    else:
        moved = show_answer(record, said)
    if moved is None:
        return
    if moved.official_number != record.official_number:
        # People come with either number: both find the case from now on.
        finding.search_again(tx, moved)
    edition, calendar = in_use_in(tx)
    today = standing.local_day(place.hands.now())
    item = edition.item(record.item_code)
    if isinstance(answer, Granted):
        finding.catch_up_in(tx)
        registering.granted(tx, record, item, answer)
    cases.stepped(tx, standing.with_due(moved, item, calendar, today=today))


# An empty greeting costs 3 KB; every half minute that would be 8 MB a day.
_REST = timedelta(minutes=5)


def may_rest(place: Workplace) -> bool:
    """Say whether the line can be left alone: nothing waits, nothing can be new."""
    port = VaultPort(place)
    with place.vault.read() as tx:
        heard = settings.get(tx, "last_contact_at")
        if heard is None or settings.get(tx, "terminal") is None:
            return False
    since = place.hands.now() - datetime.fromisoformat(heard)
    # A clock that was set back is no reason to rest for years (P9).
    recent = timedelta(0) <= since < _REST
    scans_go = bool(port.awaited_pieces()) and port.may_send_scans()
    return recent and not scans_go and not port.entries_wait()


def status(place: Workplace) -> SyncStatus:
    """Return where the conversation stands, honestly."""
    patience = VaultPort(place).patience()
    with place.vault.read() as tx:
        epoch = int(settings.get(tx, "epoch") or 1)
        waiting, in_flight, oldest = pending.waiting(tx, epoch)
        contact = settings.get(tx, "last_contact_at")
        enrolled = settings.get(tx, "terminal") is not None
        scans_waiting, scan_bytes = scans.backlog(tx)
        refused = tuple(
            RefusedBatch(digest, first, last, Code(problem))
            for digest, first, last, problem in outbox.refusals(tx)
        )
    return SyncStatus(
        enrolled=enrolled,
        waiting=waiting,
        in_flight=in_flight,
        oldest_waiting_at=datetime.fromisoformat(oldest) if oldest else None,
        last_contact_at=datetime.fromisoformat(contact) if contact else None,
        last_problem=patience.last_problem,
        next_try_at=patience.not_before,
        refused=refused,
        quarantined=len(quarantining.tasks(place)),
        clock_off=timing.clock_off(place),
        scans_waiting=scans_waiting,
        scan_bytes_waiting=scan_bytes,
    )
