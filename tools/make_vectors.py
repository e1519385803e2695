"""Wire-format test vectors with fixed, published keys: docs/vectors/wire-1.json.

A sealed batch is random by nature, so its bytes are made once and kept; from then on
only what follows from them (digests, chain, signature, opening) is computed again.
"""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.encoding import canonical
from schemas.statement import Place
from sync.protocol.chain import chain_next, chain_start
from sync.protocol.statement import Closing, DayRecord, statement_of
from sync.seal import suite1
from sync.seal.agreements import sign_agreement
from sync.seal.batches import Run, batch_is_genuine, close_batch, read_batch
from sync.seal.chunks import (
    chunk_names,
    close_chunk,
    read_chunk,
    sign_chunk_receipt,
)
from sync.seal.compressing import Context, EntryRange
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.opening import open_batch, open_chunk
from sync.seal.receipts import Filed, sign_receipt

if TYPE_CHECKING:
    from schemas.encoding import JsonObject

FILE = Path(__file__).parent.parent / "docs" / "vectors" / "wire-1.json"
MADE_AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DESK = SigningKey(bytes(range(32)))
DESK_SEAL = SealingKey(bytes(range(96)))
DISTRICT = SealingKey(bytes(range(100, 196)))
RECEIPTS = SigningKey(bytes(range(64, 96)))
ANSWERS = SigningKey(bytes(range(32, 64)))
ENTRIES = (b'{"sequence":1}', b'{"sequence":2}')
# A day's first and last millisecond; wall clocks that belong to other days.
NUMBER = "350305107-01-20261123-0001-9"
DAY_ENTRIES = tuple(
    canonical(
        {
            "sequence": sequence,
            "clocks": {"wall": wall, "boot": "b", "monotonic_ms": 1},
            "body": {"kind": kind, "number": NUMBER, "at": at},
        }
    )
    for sequence, kind, at, wall in (
        (1, "case_closed", "2026-11-22T16:00:00.000Z", "2003-01-01T00:00:00.000Z"),
        (2, "case_rated", "2026-11-23T15:59:59.999Z", "2026-11-23T16:00:00.000Z"),
    )
)
# A scan of two pieces (tiny ones), the second of which is sealed here.
SCAN = b"a scan of two pieces"
PIECE = 16
NAMING = bytes(range(200, 232))
# A second batch, compressed against the first one's entries and a shipped dictionary.
LEANING = (b'{"sequence":3}',)
CONTEXT = Context("cases-1", (EntryRange(1, 1, 2),), ENTRIES)


def _made(kept: str | None, name: str, run: Run) -> bytes:
    known = json.loads(kept) if kept else {}
    if name in known:
        return base64.b64decode(known[name])
    return close_batch(run, recipient=DISTRICT.public, signing=DESK, now=MADE_AT).raw


def vectors_text(kept: str | None) -> str:
    """Return the vectors; the sealed bytes are taken from what is kept."""
    device = suite1.device_id(DESK.public, DESK_SEAL.public)
    heads = [chain_start(suite1.digest, device, 1)]
    for entry in ENTRIES:
        heads.append(chain_next(suite1.digest, heads[-1], entry))
    raw = _made(kept, "batch", Run(device, 1, 1, ENTRIES, heads[0], heads[2]))
    batch = read_batch(raw)
    heads.append(chain_next(suite1.digest, heads[2], LEANING[0]))
    run = Run(device, 1, 3, LEANING, heads[2], heads[3], CONTEXT)
    leaning_raw = _made(kept, "leaning_batch", run)
    leaning = open_batch(read_batch(leaning_raw), DISTRICT, earlier=lambda _: ENTRIES)
    names = chunk_names(NAMING, suite1.digest(SCAN), size=len(SCAN), piece=PIECE)
    known = json.loads(kept) if kept else {}
    chunk_raw = (
        base64.b64decode(known["chunk"])
        if "chunk" in known
        else close_chunk(
            SCAN[PIECE:], names[1], device=device, recipient=DISTRICT.public,
            signing=DESK, now=MADE_AT,
        ).raw
    )  # fmt: skip
    chunk = read_chunk(chunk_raw)
    value: JsonObject = {
        "desk_signing_secret": DESK.to_bytes().hex(),
        "desk_signing_public": DESK.public.hex(),
        "desk_sealing_seed": DESK_SEAL.to_bytes().hex(),
        "district_sealing_seed": DISTRICT.to_bytes().hex(),
        "district_sealing_key_id": DISTRICT.key_id,
        "receipt_secret": RECEIPTS.to_bytes().hex(),
        "receipt_public": RECEIPTS.public.hex(),
        "device": device,
        "entries": [entry.decode() for entry in ENTRIES],
        "chain_heads": list(heads),
        "batch": base64.b64encode(raw).decode(),
        "batch_digest": batch.digest,
        "batch_is_genuine": batch_is_genuine(batch, DESK.public),
        "opened": [entry.decode() for entry in open_batch(batch, DISTRICT)],
        "leaning_batch": base64.b64encode(leaning_raw).decode(),
        "leaning_opened": [entry.decode() for entry in leaning],
        "naming_key": NAMING.hex(),
        "scan": {"digest": suite1.digest(SCAN), "size": len(SCAN), "piece": PIECE},
        "chunk_names": list(names),
        "chunk": base64.b64encode(chunk_raw).decode(),
        "chunk_digest": chunk.digest,
        "chunk_opened": open_chunk(chunk, DISTRICT).decode(),
        "chunk_receipt": sign_chunk_receipt(
            chunk.header, RECEIPTS, received_at=MADE_AT
        ),
        "receipt": sign_receipt(
            batch.header, Filed(batch.digest, 1, MADE_AT), RECEIPTS
        ),
    }
    value |= _day(device)
    return json.dumps(value, indent=1) + "\n"


def _day(device: str) -> "JsonObject":
    """Return a day's records, its statement, and the district's agreement to it."""
    records = [
        DayRecord(1, sequence, raw) for sequence, raw in enumerate(DAY_ENTRIES, start=1)
    ]
    closing = Closing(device, "2026-11-23", 1, Place(epoch=1, sequence=3))
    said = statement_of(
        records, closing, items={NUMBER: "HY01-02"}, digest=suite1.digest
    )
    agreement = sign_agreement(
        {
            "statement": said.model_dump(mode="json"),
            "closed": {"epoch": 1, "sequence": 3},
            "operator": "0" * 16,
            "operator_name": "example",
            "agreed_at": "2026-11-23T16:30:00.000Z",
        },
        ANSWERS,
    )
    return {
        "answers_public": ANSWERS.public.hex(),
        "day_entries": [raw.decode() for raw in DAY_ENTRIES],
        "day_root": said.root,
        "agreement": agreement,
    }


def main() -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    kept = FILE.read_text("utf-8") if FILE.exists() else None
    FILE.write_text(vectors_text(kept), "utf-8")


if __name__ == "__main__":
    main()
