"""Resumable upload at intake: what was carried stays, strangers get little room."""

import base64
import hashlib
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from desk_app.services.syncing import VaultPort, keys_of
from schemas.problems import Code
from sync.client.http import trusting_only
from sync.district.boot.intake import intake_parts
from sync.district.intake.uploads import Uploads
from sync.protocol import paths, tus
from sync.seal.batches import Run, SealedBatch, close_batch
from sync.seal.keys import SigningKey
from sync.seal.requests import Announcement, sign_announcement
from tests.support.rigs import Island, an_island, serving, take_case

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as made:
        for seed in range(24):
            take_case(made.desk, "HY12-01", seed=seed)
        yield made


@dataclass
class Line:
    """A plain client of intake, and the batches of a desk."""

    island: Island
    http: httpx.Client
    next: int = 1

    def batch(self) -> SealedBatch:
        """The desk's next entry, sealed; never the same one twice."""
        run = VaultPort(self.island.desk.place).pending_run()
        assert run is not None
        one: Run = replace(
            run, first=self.next, entries=run.entries[self.next - 1 : self.next]
        )
        self.next += 1
        keys = keys_of(self.island.desk.place)
        return close_batch(
            one, recipient=keys.district_sealing, signing=keys.signing, now=NOW
        )

    def announced(
        self, batch: SealedBatch, *, by: SigningKey | None = None
    ) -> dict[str, str]:
        """The fields of a creation that the desk signs."""
        length = str(len(batch.raw))
        said = tus.metadata_of({"digest": batch.digest})
        signed = sign_announcement(
            Announcement(paths.UPLOADS, length, said),
            key=by or keys_of(self.island.desk.place).signing,
            now=NOW,
        )
        return {**TUS, **signed, "Upload-Length": length, "Upload-Metadata": said}

    def create(
        self, fields: Mapping[str, str], body: bytes | None = None
    ) -> httpx.Response:
        more = BODY if body is not None else {}
        return self.http.post(paths.UPLOADS, headers={**fields, **more}, content=body)

    def patch(
        self, where: str, offset: int, body: bytes, **more: str
    ) -> httpx.Response:
        fields = {**TUS, **BODY, "Upload-Offset": str(offset)}
        fields |= {name.replace("_", "-"): value for name, value in more.items()}
        return self.http.patch(where, headers=fields, content=body)

    def offset(self, where: str) -> int:
        answer = self.http.head(where, headers=TUS)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        return int(answer.headers["upload-offset"])


@pytest.fixture(scope="module")
def line(island: Island) -> Iterator[Line]:
    context = trusting_only(island.district.charter.ca_pem)
    with httpx.Client(base_url=island.url, verify=context, trust_env=False) as http:
        yield Line(island, http)


def _cut(island: Island, head: str, part: bytes) -> None:
    """Send a request's head and a part of its body, and cut the line."""
    context = trusting_only(island.district.charter.ca_pem)
    port = int(island.url.rsplit(":", 1)[1])
    with (
        socket.create_connection(("localhost", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        line.sendall(head.encode() + b"\r\n\r\n" + part)


def _head_of(method: str, path: str, fields: Mapping[str, str]) -> str:
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines])


def test_discovery_says_what_there_is(line: Line) -> None:
    answer = line.http.options(paths.UPLOADS)

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation", "creation-with-upload", "checksum", "expiration", "termination"
    }  # fmt: skip
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"
    assert int(answer.headers["tus-max-size"]) == 20 * 2**20


def test_p04_a_small_batch_is_one_request_and_again_the_same_receipt(
    line: Line,
) -> None:
    """One request carries it; repeated by either way it is the same receipt."""
    batch = line.batch()
    fields = line.announced(batch)

    first = line.create(fields, batch.raw)
    again = line.create(fields, batch.raw)
    old_way = line.http.post(paths.BATCHES, content=batch.raw)

    assert first.status_code == 201
    assert first.json()["receipt"]["batch_digest"] == batch.digest
    assert again.json() == first.json() == old_way.json()
    where = first.headers["location"]
    assert where == f"{paths.UPLOADS}/{batch.digest}"
    assert line.offset(where) == len(batch.raw)
    assert line.http.get(where).json() == first.json()


def test_p05_what_arrived_before_a_cut_stays(line: Line, island: Island) -> None:
    """Cut in the creation and in a PATCH: it goes on from where it was."""
    batch = line.batch()
    where = f"{paths.UPLOADS}/{batch.digest}"
    length = {"Content-Length": str(len(batch.raw))}
    head = _head_of("POST", paths.UPLOADS, line.announced(batch) | BODY | length)
    _cut(island, head, batch.raw[:700])
    while (offset := line.offset(where)) < 700:
        pass
    assert offset == 700

    rest = batch.raw[700:]
    fields = TUS | BODY | {"Upload-Offset": "700", "Content-Length": str(len(rest))}
    _cut(island, _head_of("PATCH", where, fields), rest[:300])
    while (offset := line.offset(where)) < 1000:
        pass
    assert offset == 1000

    end = line.patch(where, 1000, batch.raw[1000:], Prefer="return=representation")

    assert end.status_code == 200
    assert end.json()["receipt"]["batch_digest"] == batch.digest
    # The last answer was lost: an empty PATCH at the end brings it again.
    lost = line.patch(where, len(batch.raw), b"", Prefer="return=representation")
    assert lost.json() == end.json()


def test_p05_parts_survive_a_restart_of_intake(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY12-01", seed=1)
        context = trusting_only(island.district.charter.ca_pem)
        with httpx.Client(base_url=island.url, verify=context) as http:
            line = Line(island, http)
            batch = line.batch()
            where = line.create(line.announced(batch)).headers["location"]
            assert line.patch(where, 0, batch.raw[:900]).status_code == 204
        port = int(island.url.rsplit(":", 1)[1]) + 1
        with (
            serving(tmp_path / "district", port),
            httpx.Client(base_url=f"https://localhost:{port}", verify=context) as http,
        ):
            line = Line(island, http)
            assert line.offset(where) == 900
            assert line.patch(where, 900, batch.raw[900:]).status_code == 204
            assert "receipt" in http.get(where).json()


def test_p06_a_plain_client_gets_204_and_fetches_the_receipt(line: Line) -> None:
    """Without `Prefer` the standard's own answer; tuspy insists on it."""
    batch = line.batch()
    where = line.create({**TUS, "Upload-Length": str(len(batch.raw))}).headers[
        "location"
    ]

    end = line.patch(where, 0, batch.raw)

    assert end.status_code == 204
    assert end.content == b""
    assert line.http.get(where).json()["receipt"]["batch_digest"] == batch.digest


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_garbled_part_is_not_kept(line: Line, algorithm: str) -> None:
    batch = line.batch()
    where = line.create(line.announced(batch)).headers["location"]
    part = batch.raw[:500]
    right = base64.b64encode(hashlib.new(algorithm, part).digest()).decode()

    wrong = line.patch(
        where, 0, b"x" + part[1:], Upload_Checksum=f"{algorithm} {right}"
    )
    assert wrong.status_code == 460
    assert line.offset(where) == 0

    good = line.patch(where, 0, part, Upload_Checksum=f"{algorithm} {right}")
    assert good.status_code == 204
    assert line.offset(where) == 500


def test_statuses_are_the_standards(line: Line) -> None:
    batch = line.batch()
    announced = line.announced(batch)
    where = line.create(announced).headers["location"]
    http = line.http

    assert http.head(where).status_code == 412
    assert http.head(where).headers["tus-version"] == "1.0.0"
    assert line.patch(where, 5, b"x").status_code == 409
    plain = {**TUS, "Upload-Offset": "0"}
    assert http.patch(where, headers=plain, content=b"x").status_code == 415
    assert line.patch(where, 0, b"x", Upload_Checksum="md4 AAAA").status_code == 400
    assert line.patch(where, 0, b"x" * (len(batch.raw) + 1)).status_code == 413
    too_long = {**TUS, "Upload-Length": str(20 * 2**20 + 1)}
    assert http.post(paths.UPLOADS, headers=too_long).status_code == 413
    assert http.post(paths.UPLOADS, headers=TUS).status_code == 400
    bad = {**TUS, "Upload-Length": "9", "Upload-Metadata": "digest !"}
    assert http.post(paths.UPLOADS, headers=bad).status_code == 400
    assert http.put(where, headers=TUS).status_code == 405
    assert line.patch(f"{paths.UPLOADS}/nothing", 0, b"").status_code == 404


def test_an_upload_that_is_given_up_is_gone(line: Line) -> None:
    batch = line.batch()
    where = line.create(line.announced(batch)).headers["location"]
    line.patch(where, 0, batch.raw[:100])

    assert line.http.delete(where, headers=TUS).status_code == 204
    assert line.http.head(where, headers=TUS).status_code == 404
    override = {**TUS, "X-HTTP-Method-Override": "HEAD"}
    assert line.http.post(where, headers=override).status_code == 404


def test_a_newer_request_takes_over_from_a_half_open_one(
    line: Line, island: Island
) -> None:
    """A dead line that intake still believes in must not hold anything up."""
    batch = line.batch()
    where = line.create(line.announced(batch)).headers["location"]
    fields = {
        **TUS,
        **BODY,
        "Upload-Offset": "0",
        "Content-Length": str(len(batch.raw)),
    }
    context = trusting_only(island.district.charter.ca_pem)
    port = int(island.url.rsplit(":", 1)[1])
    with (
        socket.create_connection(("localhost", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as ghost,
    ):
        ghost.sendall(_head_of("PATCH", where, fields).encode() + b"\r\n\r\n")
        ghost.sendall(batch.raw[:400])
        # The ghost's bytes may come in between: then the client asks once more.
        for _ in range(2):
            at = line.offset(where)
            end = line.patch(where, at, batch.raw[at:])
            if end.status_code != 409:
                break
        assert at in {0, 400}
        assert end.status_code == 204
        ghost.sendall(b"garbage of a ghost")
        assert b"423" in ghost.recv(4096) or ghost.recv(4096) == b""
    assert "receipt" in line.http.get(where).json()


def test_strangers_have_little_room_and_none_for_what_is_not_ours(
    line: Line,
) -> None:
    fields = {**TUS, "Upload-Length": "5000"}
    where = line.create(fields).headers["location"]
    refused = line.patch(where, 0, b"GIF89a" + b"x" * 100)
    assert refused.json() == {"problem": int(Code.MESSAGE_MALFORMED)}
    assert line.http.head(where, headers=TUS).status_code == 404
    unknown = base64.b64encode(b"ab" * 16).decode()
    named = line.create({**fields, "Upload-Metadata": f"device {unknown}"})
    assert named.status_code == 401

    room = 32 * 2**20
    large = {**TUS, "Upload-Length": str(20 * 2**20)}
    assert line.create(large).status_code == 201
    answer = line.create(large)
    assert room < 2 * 20 * 2**20
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    # A desk that signs does not share that room.
    batch = line.batch()
    assert line.create(line.announced(batch), batch.raw).status_code == 201
    assert line.create(
        line.announced(line.batch(), by=SigningKey.generate())
    ).json() == {"problem": int(Code.DEVICE_UNKNOWN)}


def test_a_limit_of_the_district_is_obeyed(line: Line, island: Island) -> None:
    uploads = island.district.sealed.uploads
    uploads.set_limit("desk_bytes", 10)
    try:
        assert line.create(line.announced(line.batch())).status_code == 429
    finally:
        uploads.set_limit("desk_bytes", 256 * 2**20)


def test_expired_parts_are_swept(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY12-01", seed=1)
        take_case(island.desk, "HY12-01", seed=2)
        context = trusting_only(island.district.charter.ca_pem)
        with httpx.Client(base_url=island.url, verify=context) as http:
            line = Line(island, http)
            batch = line.batch()
            line.create(line.announced(batch), batch.raw[:100])
            folder = tmp_path / "district" / "intake" / "uploads"
            assert [each.stem for each in folder.iterdir()] == [batch.digest]
            (folder / "of-nobody.part").write_bytes(b"left by a crash")
            _, parts = intake_parts(tmp_path / "district")
            later = datetime.now(UTC) + timedelta(days=15)
            Uploads(replace(parts, now=lambda: later))
            assert [each.stem for each in folder.iterdir()] == [batch.digest]
            assert parts.ledger.uploads.sweep(now=later) == (batch.digest,)
            Uploads(replace(parts, now=lambda: later))
            assert list(folder.iterdir()) == []
            parts.ledger.close()


def test_a_refused_batch_may_be_announced_again(line: Line, island: Island) -> None:
    """What stood in its way may be gone: nothing is refused for ever."""
    batch = line.batch()
    garbled = bytearray(batch.raw)
    garbled[-1] ^= 1
    announced = line.announced(batch)

    refused = line.create(announced, bytes(garbled))
    assert refused.json() == {"problem": int(Code.SIGNATURE_INVALID)}
    assert line.create(announced, batch.raw).status_code == 201
    assert island.district.sealed.receipt_of(batch.digest) is not None
