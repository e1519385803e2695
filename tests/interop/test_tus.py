"""Public tus clients against our intake, and our carrier against a public server.

`.ci/run` installs the two npm packages (`npm ci` beside this file); nothing is skipped.
"""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient

from bench.badline import Line
from bench.faultproxy import a_bad_line_aside
from desk_app.services.syncing import VaultPort, keys_of
from schemas.problems import Code
from sync.client.http import Caller, HttpCarrier
from sync.client.tus import Carried, Parcel
from sync.district.config.tls import Certificates, make_certificates
from sync.protocol import paths
from sync.protocol.outcomes import NotOurs
from sync.protocol.pacing import Pace, Tries
from sync.seal.batches import SealedBatch, close_batch
from sync.seal.keys import SigningKey
from tests.support.rigs import Island, an_island, take_case

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path / "island") as made:
        for seed in range(3):
            take_case(made.desk, "HY01-01", seed=seed)
        yield made


def _batch(island: Island) -> SealedBatch:
    run = VaultPort(island.desk.place).pending_run()
    assert run is not None
    keys = keys_of(island.desk.place)
    return close_batch(
        run, recipient=keys.district_sealing, signing=keys.signing, now=NOW
    )


def _ca(island: Island, folder: Path) -> Path:
    path = folder / "ca.pem"
    path.write_text(island.district.charter.ca_pem)
    return path


def _node(*arguments: str, **more: str) -> dict[str, Any]:
    done = subprocess.run(
        ["node", *arguments], cwd=HERE, capture_output=True, text=True, timeout=60,
        env={**os.environ, **more}, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _said(island: Island, batch: SealedBatch) -> dict[str, str]:
    device = keys_of(island.desk.place).device
    return {"kind": "batch", "digest": batch.digest, "device": device}


@pytest.mark.parametrize("with_creation", ["0", "1"])
def test_tus_js_client_uploads_a_real_batch_and_resumes(
    island: Island, tmp_path: Path, with_creation: str
) -> None:
    """In pieces, given up in the middle, resumed by its URL: kept like any other."""
    batch = _batch(island)
    file = tmp_path / "batch.bin"
    file.write_bytes(batch.raw)
    trust = {
        "NODE_EXTRA_CA_CERTS": str(_ca(island, tmp_path)),
        "WITH_CREATION": with_creation,
    }
    endpoint = island.url + paths.UPLOADS
    said = json.dumps(_said(island, batch))

    begun = _node("upload.js", endpoint, str(file), said, "1000", "1000", **trust)
    assert begun["ended"] is False
    assert island.district.sealed.receipt_of(batch.digest) is None

    ended = _node("upload.js", endpoint, str(file), said, "1000", begun["url"], **trust)

    assert ended["ended"] is True
    assert island.district.sealed.receipt_of(batch.digest) is not None


def test_tus_js_client_is_told_why_a_batch_is_refused(
    island: Island, tmp_path: Path
) -> None:
    raw = bytearray(_batch(island).raw)
    raw[-1] ^= 1
    file = tmp_path / "batch.bin"
    file.write_bytes(raw)
    trust = {"NODE_EXTRA_CA_CERTS": str(_ca(island, tmp_path))}

    said = _node(
        "upload.js", island.url + paths.UPLOADS, str(file), "{}", "100000", **trust
    )

    assert said["status"] == 401
    assert json.loads(said["body"]) == {"problem": int(Code.SIGNATURE_INVALID)}


def test_tuspy_uploads_a_real_batch_and_resumes(
    island: Island, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With checksums, chunk by chunk; a second client goes on where it stopped."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(_ca(island, tmp_path)))
    batch = _batch(island)
    file = tmp_path / "batch.bin"
    file.write_bytes(batch.raw)
    client = TusClient(island.url + paths.UPLOADS)
    first = client.uploader(
        str(file), chunk_size=700, metadata=_said(island, batch), upload_checksum=True
    )
    first.upload_chunk()
    first.upload_chunk()
    assert first.offset == 1400

    second = client.uploader(str(file), chunk_size=700, url=first.url)
    assert second.offset == 1400
    second.upload()

    assert island.district.sealed.receipt_of(batch.digest) is not None


@contextmanager
def _public_server(folder: Path, made: Certificates) -> Iterator[int]:
    (folder / "c.pem").write_text(made.server)
    (folder / "k.pem").write_text(made.server_key)
    process = subprocess.Popen(
        ["node", "server.js", str(folder / "kept"), str(folder / "c.pem"),
         str(folder / "k.pem")],
        cwd=HERE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_p05_our_carrier_uploads_to_a_public_server_over_a_cut_line(
    tmp_path: Path,
) -> None:
    """Every byte arrives, resumed from where that server says; and nothing is let go.

    What is kept there is whole, but a receipt it does not give (P6).
    """
    made = make_certificates("Test", ("localhost",), now=datetime.now(UTC))
    raw = bytes(range(256)) * 400
    parcel = Parcel("cd" * 32, raw)
    caller = Caller(SigningKey.generate(), lambda: NOW, lambda: "nonce-nonce")

    async def run(port: int) -> list[Carried]:
        carrier = HttpCarrier(
            f"https://localhost:{port}", ca_pem=made.ca, caller=caller
        )
        tries, place, log = Tries(Pace(), 0), None, list[Carried]()
        try:
            while not log or log[-1].outcome.code == Code.LINE_DOWN:  # type: ignore[union-attr]
                carried = await carrier.push(
                    parcel, tries.pace, resume=place is not None, place=place
                )
                place = carried.place or place
                tries = tries.after(carried.told, carried.found, broke=True)
                log.append(carried)
        finally:
            await carrier.close()
        return log

    with (
        _public_server(tmp_path, made) as port,
        a_bad_line_aside(
            ("127.0.0.1", port), Line(cut_bytes=(20_000, 40_000))
        ) as proxy,
    ):
        log = asyncio.run(run(proxy.port))
        assert proxy.carried.cuts >= 2

    assert log[-1].outcome == NotOurs(Code.ANSWER_NOT_OURS)
    kept = [path for path in (tmp_path / "kept").iterdir() if path.suffix != ".json"]
    assert raw in [path.read_bytes() for path in kept]
    assert any(carried.found for carried in log)
