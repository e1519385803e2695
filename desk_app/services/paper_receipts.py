"""Take receipts from paper: the way for a desk with neither a line nor a stick.

Its batches came to the district on a stick that did not come back. A sheet is scanned
or typed, code by code in any order; each receipt on it releases exactly its own batch,
by its own signature.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from desk_app.services.hands import Workplace
from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from desk_app.store import audit
from schemas.problems import Code, Problem
from schemas.receipt_sheet import ReceiptSheet, SheetLine
from sync.client.keys import Keys
from sync.client.uploading import let_go
from sync.protocol.outcomes import Kept
from sync.protocol.sheets import join, read_sheet
from sync.seal import suite1
from sync.seal.sheets import names, whole_receipt


@dataclass(frozen=True, slots=True)
class PaperTaken:
    """What a sheet did: batches let go, lines that were known, and sheets to come."""

    released: int
    known: int
    further: int


def take_sheet(place: Workplace, texts: Iterable[str]) -> PaperTaken:
    """Let go of what a scanned sheet proves.

    `Problem(PAPER_NOT_FOR_THIS_DESK)`, `SIGNATURE_INVALID` where a line is not the
    district's (the others have had their effect), and those of `protocol.sheets`.
    """
    sheet = read_sheet(join(texts))
    keys = keys_of(place)
    if sheet.device != keys.device:
        raise Problem(Code.PAPER_NOT_FOR_THIS_DESK)
    key_id = _key_of(sheet, keys)
    port = StickVaultPort(place)
    released = known = 0
    forged: Problem | None = None
    for line in sheet.lines:
        try:
            done = _release(port, line, keys, key_id=key_id)
        except Problem as problem:
            forged = problem
            continue
        released += done
        known += not done
    now = place.hands.now()
    if released:
        port.contacted(now)
        with place.vault.write() as tx:
            who, subject = place.operator, str(released)
            audit.note(tx, "paper_receipts", subject, operator=who, now=now)
    if forged is not None:
        raise forged
    return PaperTaken(released, known, sheet.total - len(sheet.lines))


def _release(port: StickVaultPort, line: SheetLine, keys: Keys, *, key_id: str) -> bool:
    for batch in port.waiting_batches():
        if names(line, batch.digest):
            receipt = whole_receipt(line, batch.header, batch.digest, key_id=key_id)
            let_go(port, batch, Kept(receipt), keys)
            return True
    return False


def _key_of(sheet: ReceiptSheet, keys: Keys) -> str:
    for public in (keys.district_receipts, *keys.former_receipts):
        key_id = suite1.key_id(public)
        if bytes.fromhex(key_id).startswith(sheet.receipt_key):
            return key_id
    raise Problem(Code.SIGNATURE_INVALID)
