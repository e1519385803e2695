"""Backups: who opens one, how each part proves itself, and how paper is replaced."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest

from schemas.backup import BackupSecret
from schemas.encoding import base64_text, canonical
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.documents import BACKUP
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.recovery import (
    LARGEST_BEGIN,
    MAGIC,
    ReadBackup,
    Snapshot,
    ask_release,
    close_backup,
    open_release,
    open_secret,
    read_backup,
    recovery_pair,
    release,
    release_is_genuine,
)

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PAPER = recovery_pair("A7KD-9QXM-0000-1111")
DISTRICT, MACHINE = SealingKey(bytes(range(100, 196))), SealingKey(bytes(96))
DESK, ANSWERS = SigningKey(bytes(range(32))), SigningKey(bytes(range(32, 64)))
SECRET = BackupSecret(key=base64_text(b"k" * 32), keyslots=base64_text(b"{}"))
SNAPSHOT = Snapshot("d" * 32, "示例窗口", 2, 31, 4096, "ab" * 32)


def closed(district: bytes | None = DISTRICT.public) -> bytes:
    return close_backup(
        SNAPSHOT, SECRET, recovery_public=PAPER.public, district_public=district,
        signing=DESK, now=NOON,
    )[0]  # fmt: skip


RAW = closed()


def refused(raw: bytes) -> tuple[Code, object]:
    with pytest.raises(Problem) as found:
        read_backup(raw)
    return found.value.code, found.value.params.get("part")


def with_header(backup: ReadBackup, **changes: object) -> bytes:
    """The same backup with another header, signed anew by the same desk."""
    head = canonical({**backup.header.model_dump(mode="json"), **changes})
    begin = MAGIC + len(head).to_bytes(4, "big") + head + DESK.sign(BACKUP, head)
    return begin + backup.secret + backup.escrow


def test_a_backup_opens_by_the_paper_and_says_whose_it_is() -> None:
    backup = read_backup(RAW + b"the snapshot")
    assert backup.snapshot_at == len(RAW)
    assert (backup.header.device, backup.header.sequence) == ("d" * 32, 31)
    assert open_secret(backup, PAPER) == SECRET


def test_p02_nothing_of_the_secret_is_readable_in_a_backup() -> None:
    assert SECRET.key.encode() not in RAW
    assert SECRET.keyslots.encode() not in RAW


def test_the_same_paper_gives_the_same_pair_and_another_none_of_it() -> None:
    assert recovery_pair("A7KD-9QXM-0000-1111") == PAPER
    with pytest.raises(Problem) as wrong:
        open_secret(read_backup(RAW), recovery_pair("A7KD-9QXM-0000-1112"))
    assert wrong.value.code is Code.RECOVERY_KEY_WRONG


def test_every_single_byte_before_the_snapshot_matters() -> None:
    for place in range(len(RAW)):
        bent = bytearray(RAW)
        bent[place] ^= 1
        code, _ = refused(bytes(bent))
        assert code in {Code.BACKUP_UNREADABLE, Code.SUITE_UNKNOWN}, place


def test_what_is_off_is_named() -> None:
    backup = read_backup(RAW)
    for raw, part in (
        (b"", "magic"), (b"IDV2" + RAW[4:], "magic"), (RAW[:100], "length"),
        (MAGIC + b"\xff" * 4 + RAW[8:], "length"), (RAW[:-1], "secret"),
        (with_header(backup, secret_size=1), "secret"),
        (with_header(backup, epoch=0), "header"),
        (with_header(backup, signing_key="A"), "header"),
        (with_header(backup, signing_key=base64_text(bytes(32))), "signature"),
    ):  # fmt: skip
        assert refused(raw) == (Code.BACKUP_UNREADABLE, part)
    assert refused(with_header(backup, suite=2))[0] is Code.SUITE_UNKNOWN
    assert len(RAW) <= LARGEST_BEGIN


def test_p10_a_header_field_of_a_newer_desk_is_kept() -> None:
    newer = read_backup(with_header(read_backup(RAW), later=1))
    assert newer.header.model_dump()["later"] == 1
    assert open_secret(newer, PAPER) == SECRET


def test_the_secret_is_bound_to_its_device_and_snapshot() -> None:
    """A secret moved to another backup's header opens nothing, whoever signs it."""
    for change in ({"device": "e" * 32}, {"snapshot_digest": "cd" * 32}):
        moved = read_backup(with_header(read_backup(RAW), **change))
        with pytest.raises(Problem) as broken:
            open_secret(moved, PAPER)
        assert broken.value.code is Code.SEAL_BROKEN


def test_who_lost_the_paper_asks_the_district_and_gets_it_alone() -> None:
    backup = read_backup(RAW)
    request = ask_release(backup, answer_to=MACHINE, now=NOON)
    answer = release(request, DISTRICT, answers=ANSWERS, now=NOON)
    assert release_is_genuine(answer, ANSWERS.public)
    assert not release_is_genuine(answer, DESK.public)
    assert open_release(backup, answer, MACHINE) == SECRET
    assert SECRET.key not in json.dumps(answer.model_dump(mode="json"))
    other = dataclasses.replace(
        backup, header=backup.header.model_copy(update={"snapshot_digest": "cd" * 32})
    )
    for whose, key in ((backup, SealingKey.generate()), (other, MACHINE)):
        with pytest.raises(Problem) as strange:
            open_release(whose, answer, key)
        assert strange.value.code is Code.RELEASE_NOT_FOR_THIS


def test_no_field_of_a_release_can_be_bent() -> None:
    request = ask_release(read_backup(RAW), answer_to=MACHINE, now=NOON)
    answer = release(request, DISTRICT, answers=ANSWERS, now=NOON)
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        other = value + 1 if isinstance(value, int) else f"{value}A"
        bent = answer.model_copy(
            update={name: NOON.replace(hour=5) if name == "released_at" else other}
        )
        assert not release_is_genuine(bent, ANSWERS.public), name


def test_without_an_escrow_there_is_nothing_to_release() -> None:
    backup = read_backup(closed(None))
    assert backup.header.escrow_key is None
    with pytest.raises(Problem) as none:
        ask_release(backup, answer_to=MACHINE, now=NOON)
    assert none.value.code is Code.BACKUP_WITHOUT_ESCROW


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"escrow": "A"}, Code.BACKUP_UNREADABLE),
        ({"escrow": base64_text(bytes(1200))}, Code.SEAL_BROKEN),
        ({"sealing_key": "A"}, Code.BACKUP_UNREADABLE),
        ({"sealing_key": base64_text(bytes(32))}, Code.KEY_MISSING),
        ({"sealing_key": base64_text(b"\xff" * 1216)}, Code.KEY_MISSING),
    ],
)
def test_a_request_that_is_damaged_gets_a_number(
    change: dict[str, str], code: Code
) -> None:
    """It comes as a file from anywhere: the district's command must not break."""
    request = ask_release(read_backup(RAW), answer_to=MACHINE, now=NOON)
    with pytest.raises(Problem) as found:
        release(request.model_copy(update=change), DISTRICT, answers=ANSWERS, now=NOON)
    assert found.value.code is code


def test_an_answer_that_is_damaged_gets_a_number() -> None:
    backup = read_backup(RAW)
    request = ask_release(backup, answer_to=MACHINE, now=NOON)
    answer = release(request, DISTRICT, answers=ANSWERS, now=NOON)
    with pytest.raises(Problem) as found:
        open_release(backup, answer.model_copy(update={"sealed": "A"}), MACHINE)
    assert found.value.code is Code.BACKUP_UNREADABLE


def test_an_escrow_that_holds_no_secret_is_not_handed_on() -> None:
    request = ask_release(read_backup(RAW), answer_to=MACHINE, now=NOON)
    context = canonical(
        {"kind": "backup", "device": "d" * 32, "snapshot": SNAPSHOT.digest}
    )
    nothing = suite1.seal(b"{}", public=DISTRICT.public, context=context)
    bent = request.model_copy(update={"escrow": base64_text(nothing)})
    with pytest.raises(Problem) as found:
        release(bent, DISTRICT, answers=ANSWERS, now=NOON)
    assert (found.value.code, found.value.params) == (
        Code.BACKUP_UNREADABLE,
        {"part": "secret"},
    )
