"""The stick as a carrier: what waits goes out as files, the answers come in as files.

Rule 1: the same bytes as over the line, verified by the same functions; a batch that
        went both ways has one receipt (P4, P6).
Rule 2: nothing of the desk's own is let go by what the stick looks like: only by what
        is signed. A file that is off is named and left; the others are used.
Rule 3: a file of the desk leaves the stick only after its receipt is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.contact import Contact, Verdict, Welcome
from schemas.encoding import JsonObject, base64_text, canonical
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches, tell
from schemas.stick import Letter, Refusal, StickFeed, StickWelcome
from sync.client.contacting import ContactPort, apply_page
from sync.client.keys import Keys
from sync.client.scans import PlainPiece, StoredPiece
from sync.client.uploading import ABOUT_THE_DESK, OutboxPort, StoredBatch, let_go
from sync.protocol import paths
from sync.protocol.greeting import compare_held
from sync.protocol.outcomes import Kept, parse_object
from sync.seal.batches import SealedBatch, close_batch, read_batch
from sync.seal.chunks import (
    SealedChunk,
    chunk_receipt_for,
    close_chunk,
    read_chunk,
)
from sync.seal.refusals import refusal_is_genuine
from sync.seal.requests import Target, sign_request
from sync.seal.welcomes import welcome_is_genuine
from sync.stick.layout import Kind, Name
from sync.stick.stick import Stick, Trouble

# New keys come with the welcome and the feed; receipts may be signed by them.
_ORDER: Final = (Kind.WELCOME, Kind.FEED, Kind.RECEIPT, Kind.REFUSAL)


class StickPort(ContactPort, OutboxPort, Protocol):
    """What a stick asks of the desk beside the verbs of the line."""

    def add_batch(self, batch: SealedBatch) -> None:
        """Write one more batch down, though others wait before it."""

    def waiting_batches(self) -> tuple[StoredBatch, ...]:
        """Return every batch that waits for its receipt, in order."""

    def is_released(self, batch_digest: str) -> bool:
        """Say whether a batch has its receipt already."""

    def keep_letter(self, contact: Contact) -> None:
        """Remember which greeting lies on a stick, so that its answer is known."""

    def letter(self) -> tuple[int, str] | None:
        """Return the counter and nonce of the last greeting on a stick."""

    def waiting_pieces(self) -> Iterator[PlainPiece | StoredPiece]:
        """Yield every piece of a scan that waits, the most urgent first."""

    def save_piece(self, piece: PlainPiece, sealed: SealedChunk) -> StoredPiece:
        """Write a sealed piece down before it is sent."""

    def piece_receipted(self, chunk: str, receipt: JsonObject) -> None:
        """Let go of a piece, keeping its receipt."""

    def piece_waits(self, chunk: str) -> bool:
        """Say whether a piece still waits for its receipt."""


@dataclass(frozen=True)
class Pen:
    """What signing a letter needs from outside."""

    now: Callable[[], datetime]
    nonce: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Exported:
    """What lies on the stick now for the district: batches, and their bytes."""

    batches: int
    pieces: int
    size: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What a stick brought: batches let go, messages applied, files not used."""

    released: int = 0
    refused: int = 0
    answers: int = 0
    verdict: Verdict | None = None
    troubles: tuple[Trouble, ...] = ()
    cleaned: bool = True


def export_to(
    port: StickPort, stick: Stick, keys: Keys, *, pen: Pen,
    progress: Progress = nobody_watches,
) -> Exported:  # fmt: skip
    """Put all that waits on the stick; again changes nothing that is there.

    `Problem(STOPPED)` by `progress` (files): what is there by then is whole.
    """
    while (run := port.pending_run()) is not None:
        port.add_batch(
            close_batch(
                run,
                recipient=keys.district_sealing,
                signing=keys.signing,
                now=pen.now(),
            )
        )
    device = keys.device
    size = 0
    batches = port.waiting_batches()
    for done, batch in enumerate(batches):
        tell(progress, done)
        stick.put(device, "out", Kind.BATCH, batch.raw)
        size += len(batch.raw)
    pieces = 0
    for piece in port.waiting_pieces():
        tell(progress, len(batches) + pieces)
        raw = _sealed(port, piece, keys, pen)
        stick.put(device, "out", Kind.CHUNK, raw)
        size += len(raw)
        pieces += 1
    contact = port.next_contact().model_copy(update={"by": "stick"})
    port.keep_letter(contact)
    letter = _letter(contact, keys, pen)
    name = stick.put(device, "out", Kind.CONTACT, canonical(letter))
    lying, _ = stick.listed(device, "out")
    older = [each for each in lying if each.kind is Kind.CONTACT and each != name]
    stick.drop(device, "out", tuple(older))
    return Exported(len(batches), pieces, size)


def _sealed(
    port: StickPort, piece: PlainPiece | StoredPiece, keys: Keys, pen: Pen
) -> bytes:
    if isinstance(piece, StoredPiece):
        return piece.raw
    sealed = close_chunk(
        piece.plain,
        piece.chunk,
        device=keys.device,
        recipient=keys.district_sealing,
        signing=keys.signing,
        now=pen.now(),
    )
    return port.save_piece(piece, sealed).raw


def _letter(contact: Contact, keys: Keys, pen: Pen) -> Letter:
    body = canonical(contact)
    target = Target("POST", paths.CONTACT)
    fields = sign_request(
        target, body, key=keys.signing, nonce=pen.nonce(), now=pen.now()
    )
    return Letter(
        method="POST",
        path=target.path,
        query=target.query,
        fields={name.lower(): value for name, value in fields.items()},
        body=base64_text(body),
    )


class _Reading:
    """One reading of one stick by one desk."""

    def __init__(
        self, port: StickPort, stick: Stick, device: str, now: Callable[[], datetime]
    ) -> None:
        self.port, self.stick, self.device, self.now = port, stick, device, now
        self.released = self.refused = self.answers = 0
        self.verdict: Verdict | None = None

    def take(self, name: Name) -> None:
        content = self.stick.read(self.device, "in", name)
        match name.kind:
            case Kind.RECEIPT:
                self._receipt(content)
            case Kind.REFUSAL:
                self._refusal(content)
            case Kind.WELCOME:
                self._welcome(content)
            case Kind.FEED:
                page = _read(StickFeed, content)
                self.answers += apply_page(
                    self.port, page.messages, self.port.keys(), now=self.now
                )
            case _:
                raise Problem(Code.STICK_FILE_UNKNOWN, file=str(name))

    def _receipt(self, content: bytes) -> None:
        receipt = _object(content)
        if "chunk" in receipt:
            self._piece(receipt)
            return
        digest = str(receipt.get("batch_digest"))
        if self.port.is_released(digest):
            return
        batch = self._waiting(digest)
        let_go(self.port, batch, Kept(receipt), self.port.keys())
        self.port.contacted(self.now())
        self.released += 1

    def _piece(self, receipt: JsonObject) -> None:
        chunk, key_id = str(receipt["chunk"]), str(receipt.get("receipt_key"))
        public = self.port.keys().receipts_public(key_id)
        if chunk_receipt_for(receipt, chunk, receipt_public=public) is None:
            raise Problem(Code.SIGNATURE_INVALID)
        self.port.piece_receipted(chunk, receipt)
        self.port.contacted(self.now())

    def _refusal(self, content: bytes) -> None:
        document = _object(content)
        refusal = _read(Refusal, content)
        public = self.port.keys().receipts_public(refusal.receipt_key)
        if not refusal_is_genuine(document, public):
            raise Problem(Code.SIGNATURE_INVALID)
        if self.port.is_released(refusal.batch_digest):
            return
        if refusal.device != self.device:
            raise Problem(Code.ANSWER_NOT_OURS)
        code = _code(refusal.problem)
        if code in ABOUT_THE_DESK:
            # No fault of the batch: it keeps waiting while people act.
            raise Problem(code)
        if any(
            each.digest == refusal.batch_digest for each in self.port.waiting_batches()
        ):
            self.port.refused(refusal.batch_digest, code)
            self.refused += 1

    def _welcome(self, content: bytes) -> None:
        answer = _read(StickWelcome, content)
        for succession in answer.successions:
            self.port.follow(succession)
        welcome = answer.welcome
        public = self.port.keys().receipts_public(welcome.receipt_key)
        if not welcome_is_genuine(welcome, public):
            raise Problem(Code.SIGNATURE_INVALID)
        if welcome.device != self.device:
            raise Problem(Code.ANSWER_NOT_OURS)
        if (welcome.counter, welcome.nonce) != self.port.letter():
            # The answer to an earlier greeting: newer words are on their way.
            return
        self.verdict = self._verdict(welcome)
        self.port.keep_welcome(welcome, self.verdict)
        self.port.contacted(self.now())

    def _verdict(self, welcome: Welcome) -> Verdict:
        held = welcome.held
        if welcome.verdict is not Verdict.AGREED or held is None:
            return welcome.verdict
        own = self.port.chain_at(held.epoch, held.sequence)
        head = held.sequence if own is not None else 0
        return compare_held(held, own_chain=own, own_head=head)

    def _waiting(self, digest: str) -> StoredBatch:
        for batch in self.port.waiting_batches():
            if batch.digest == digest:
                return batch
        raise Problem(Code.ANSWER_NOT_OURS)


def import_from(
    port: StickPort, stick: Stick, keys: Keys, *, now: Callable[[], datetime],
    progress: Progress = nobody_watches,
) -> Imported:  # fmt: skip
    """Take all that the district says; what is off is named and harms nothing else.

    `Problem(STICK_FOREIGN)`, `STICK_NOT_FOR_THIS_DESK`, or `STICK_NOT_ANSWERED` where
    the district has not had the stick yet; `STOPPED` by `progress` (files).
    """
    device = keys.device
    if device not in stick.devices():
        raise Problem(Code.STICK_NOT_FOR_THIS_DESK)
    names, unknown = stick.listed(device, "in")
    if not names and not unknown:
        raise Problem(Code.STICK_NOT_ANSWERED)
    reading = _Reading(port, stick, device, now)
    troubles = list(unknown)
    done = []
    for number, name in enumerate(_in_order(names, reading, troubles)):
        tell(progress, number)
        try:
            reading.take(name)
        except Problem as problem:
            if problem.code is Code.STICK_PULLED_OUT:
                raise
            troubles.append(Trouble(str(name), problem.code))
        else:
            done.append(name)
    cleaned = _clean(port, stick, device, tuple(done))
    return Imported(
        reading.released,
        reading.refused,
        reading.answers,
        reading.verdict,
        tuple(troubles),
        cleaned,
    )


def _in_order(
    names: tuple[Name, ...], reading: _Reading, troubles: list[Trouble]
) -> list[Name]:
    """Return receipts first, then the feed by its positions."""
    keyed = []
    for name in names:
        first = 0
        if name.kind is Kind.FEED:
            try:
                content = reading.stick.read(reading.device, "in", name)
                page = _read(StickFeed, content)
            except Problem as problem:
                if problem.code is Code.STICK_PULLED_OUT:
                    raise
                troubles.append(Trouble(str(name), problem.code))
                continue
            first = min((m.header.position for m in page.messages), default=0)
        place = _ORDER.index(name.kind) if name.kind in _ORDER else len(_ORDER)
        keyed.append((place, first, name))
    return [name for _, _, name in sorted(keyed, key=lambda each: each[:2])]


def _clean(port: StickPort, stick: Stick, device: str, done: tuple[Name, ...]) -> bool:
    """Take off the stick what is kept at the desk; on a protected one it stays."""
    lying, _ = stick.listed(device, "out")
    over = []
    for name in lying:
        if name.kind not in {Kind.BATCH, Kind.CHUNK}:
            continue
        try:
            if not _still_waits(port, name.kind, stick.read(device, "out", name)):
                over.append(name)
        except Problem as problem:
            # Damaged: what it was is in the vault, and is exported again.
            if problem.code is Code.STICK_FILE_DAMAGED:
                over.append(name)
    try:
        stick.drop(device, "in", done)
        stick.drop(device, "out", tuple(over))
    except Problem as problem:
        if problem.code is Code.STICK_READ_ONLY:
            return False
        raise
    return True


def _still_waits(port: StickPort, kind: Kind, content: bytes) -> bool:
    if kind is Kind.CHUNK:
        return port.piece_waits(read_chunk(content).header.chunk)
    return not port.is_released(read_batch(content).digest)


def _object(content: bytes) -> JsonObject:
    document = parse_object(content)
    if document is None:
        raise Problem(Code.MESSAGE_MALFORMED, detail="json")
    return document


def _code(number: int) -> Code:
    try:
        return Code(number)
    except ValueError:
        # A newer district's reason: set aside all the same, and people look.
        return Code.UNEXPECTED


_Model = TypeVar("_Model", bound=BaseModel)


def _read(model: type[_Model], content: bytes) -> _Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail=model.__name__) from error
