"""A district's own keys, and desks that write to its ledger without a program around.

For unit tests of the ledger, intake and reconcile: real keys, real seals, no sockets.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from schemas.base import utc_text
from schemas.clocks import Clocks
from schemas.contact import Contact, JournalHead
from schemas.encoding import JsonObject, base64_text, canonical
from schemas.enrolment import Charter, EnrolmentRequest, GrantPackage
from schemas.ids import NumberParts, case_number
from schemas.problems import Code
from schemas.renewal import KeysRequest, Standing
from sync.district.ledger.record import Record
from sync.district.ledger.rows import CaseFiled, EntryFiled
from sync.district.ledger.sealed import SealedLedger
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.batches import ReadBatch, Run, SealedBatch, close_batch, read_batch
from sync.seal.enrolment import (
    DeskIdentity,
    charter_digest,
    invitation_digest,
    make_charter,
    make_grant,
    make_request,
)
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.receipts import Filed, sign_receipt
from sync.seal.renewal import make_keys_request
from sync.seal.slips import certify_device

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TOWN = "350305107"


@dataclass(frozen=True)
class DistrictKeys:
    """All the keys of a district, in one hand as no program holds them."""

    receipts: SigningKey = field(default_factory=SigningKey.generate)
    answers: SigningKey = field(default_factory=SigningKey.generate)
    opening: SealingKey = field(default_factory=SealingKey.generate)

    def charter(self, name: str = "示例区") -> Charter:
        return make_charter(
            {
                "suite": suite1.SUITE,
                "district": "350305",
                "name": name,
                "urls": ["https://localhost:1"],
                "ca_pem": "",
                "sealing_key": base64_text(self.opening.public),
                "receipt_key": base64_text(self.receipts.public),
                "answers_key": base64_text(self.answers.public),
                "made_at": utc_text(NOW),
            },
            self.answers,
        )


@functools.cache
def the_keys() -> DistrictKeys:
    """Return one district's keys, the same ones for a whole run of tests."""
    return DistrictKeys()


@dataclass(frozen=True)
class Writer:
    """A desk as the wire knows it: its keys, and a journal of as many lines as asked.

    `told` makes its journal another history than that of a writer with other words.
    """

    signing: SigningKey = field(default_factory=SigningKey.generate)
    sealing: SealingKey = field(default_factory=SealingKey.generate)
    told: str = "as it was"

    @functools.cached_property
    def device(self) -> str:
        return suite1.device_id(self.signing.public, self.sealing.public)

    def request(
        self, secret: bytes = bytes(10), *, town: str = TOWN
    ) -> EnrolmentRequest:
        who = DeskIdentity(self.device, self.sealing.public, town, "一号窗口", "test")
        return make_request(who, secret=secret, signing=self.signing, now=NOW)

    def shown(
        self, answers: SigningKey, *, terminal: str = "01",
        key: SigningKey | None = None, certified: SigningKey | None = None,
    ) -> KeysRequest:  # fmt: skip
        """What it shows a district that has forgotten it: who it was, by `answers`.

        `key` is the one it works by now; `certified` another that was certified.
        """
        own = key or self.signing
        certificate = certify_device(
            (certified or own).public, town=TOWN, terminal=terminal, answers=answers
        )
        standing = Standing(
            town=TOWN, terminal=terminal, desk_name="一号窗口", program="test",
            certificate=certificate,
        )  # fmt: skip
        return make_keys_request(
            self.device, own, own, self.sealing, feed_cursor=3, now=NOW,
            standing=standing,
        )  # fmt: skip

    def line(
        self, sequence: int, *, epoch: int = 1,
        body_of: Mapping[str, object] | None = None, **body: object,
    ) -> bytes:  # fmt: skip
        """One entry's bytes; without a body, one that says nothing to anybody."""
        said = body_of or body or {"kind": "said", "words": self.told}
        return canonical(
            {
                "version": 1,
                "entry_id": f"{epoch:04x}{sequence:028x}",
                "device": self.device,
                "epoch": epoch,
                "sequence": sequence,
                "operator": "0" * 16,
                "clocks": {"wall": utc_text(NOW), "boot": "b", "monotonic_ms": 1},
                "body": json.loads(json.dumps(said)),
            }
        )

    def head(self, sequence: int, *, epoch: int = 1) -> JournalHead:
        """The chain head after so many plain lines."""
        lines = [self.line(n, epoch=epoch) for n in range(1, sequence + 1)]
        start = chain_start(suite1.digest, self.device, epoch)
        chain = chain_over(suite1.digest, start, lines)
        return JournalHead(epoch=epoch, sequence=sequence, chain=chain)

    def batch(
        self, first: int, last: int, *, epoch: int = 1, to: bytes | None = None
    ) -> SealedBatch:
        """Seal plain lines from one place to another."""
        lines = tuple(self.line(n, epoch=epoch) for n in range(first, last + 1))
        return self.close(lines, first=first, epoch=epoch, to=to)

    def close(
        self, lines: Sequence[bytes], *, first: int = 1, epoch: int = 1,
        to: bytes | None = None,
    ) -> SealedBatch:  # fmt: skip
        """Seal these lines; what came before them were plain ones.

        `to` is another district's opening key than that of `the_keys`.
        """
        before = self.head(first - 1, epoch=epoch).chain
        run = Run(
            self.device, epoch, first, tuple(lines), before,
            chain_over(suite1.digest, before, lines),
        )  # fmt: skip
        recipient = to or the_keys().opening.public
        return close_batch(run, recipient=recipient, signing=self.signing, now=NOW)

    def contact(
        self, counter: int, *, nonce: str | None = None, head: int = 0, epoch: int = 1,
        cursor: int = 0, **more: object,
    ) -> Contact:  # fmt: skip
        """Greet; a nonce that is not given follows from the counter."""
        at = self.head(head, epoch=epoch)
        return Contact(
            suite=suite1.SUITE, device=self.device, program="test", counter=counter,
            nonce=nonce or f"{counter:032x}", head=at, receipted=head,
            feed_cursor=cursor,
            clocks=Clocks(wall=NOW, boot="b", monotonic_ms=1),
            **more,  # type: ignore[arg-type]
        )  # fmt: skip


def receipt_text(batch: ReadBatch | SealedBatch, position: int) -> str:
    """Return a receipt as intake would sign it."""
    filed = Filed(batch.digest, position, NOW)
    return canonical(sign_receipt(batch.header, filed, the_keys().receipts)).decode()


def keep(ledger: SealedLedger, batch: SealedBatch) -> str:
    """Keep a batch as intake does, once it has verified it; returns its receipt."""
    return ledger.keep_batch(
        read_batch(batch.raw), batch.raw, now=NOW,
        receipt_for=lambda position: receipt_text(batch, position),
    )  # fmt: skip


def package_for(writer: Writer, number: int, terminal: str) -> GrantPackage:
    """Return the district's yes to a desk, with no documents in it."""
    keys = the_keys()
    charter = keys.charter()
    said: JsonObject = {
        "suite": suite1.SUITE, "device": writer.device, "device_number": number,
        "town": TOWN, "terminal": terminal, "charter_digest": charter_digest(charter),
        "documents": {}, "granted_at": utc_text(NOW),
    }  # fmt: skip
    return GrantPackage(
        charter=charter, grant=make_grant(said, keys.answers), documents=()
    )


def granted(ledger: SealedLedger, terminal: str = "01") -> Writer:
    """Let a new desk into a ledger, as people would."""
    writer = Writer()
    ledger.ask(writer.request(), now=NOW)
    ledger.grant(
        writer.device, terminal, lambda number: package_for(writer, number, terminal)
    )
    return writer


def invited(ledger: SealedLedger, secret: bytes, *, until: datetime) -> str:
    """Keep an invitation; returns its digest."""
    digest = invitation_digest(secret)
    ledger.invite(
        digest, secret=base64_text(secret), town=TOWN, expires_at=until
    )  # fmt: skip
    return digest


def a_number(serial: int, *, terminal: str = "01", day: date | None = None) -> str:
    """Return a case number of the town."""
    return case_number(NumberParts(TOWN, terminal, day or NOW.date(), serial))


def a_case(serial: int, device: str, **changes: object) -> CaseFiled:
    """Return a case as the record shows it once it was received."""
    case = CaseFiled(
        number=a_number(serial), device=device, item_code="HY01-01",
        applicant_name="林海生", identity="110105195001150011",
        received_at=utc_text(NOW), filed_at=utc_text(NOW), state="received",
        revision=0, official_number=None, application="{}",
    )  # fmt: skip
    return replace(case, **changes)  # type: ignore[arg-type]


def file_line(
    record: Record, writer: Writer, sequence: int, *, epoch: int = 1,
    case: CaseFiled | None = None, feedback: str | None = None,
    problem: Code | None = None, reason: str = "", **body: object,
) -> bytes:  # fmt: skip
    """File one line of a desk's journal as reconcile does; returns its bytes."""
    raw = writer.line(sequence, epoch=epoch, **body)
    number = case.number if case else None
    code = int(problem) if problem else None
    record.file(
        EntryFiled(writer.device, epoch, sequence, raw, number, code, reason),
        writer.head(sequence, epoch=epoch).chain, case=case, feedback=feedback, now=NOW,
    )  # fmt: skip
    return raw
