"""Commands about keys: rotated, retired, revoked; backups found and given back."""

import json
from pathlib import Path
from typing import Any

from schemas.backup import BackupSecret, PartHeader, Release
from schemas.encoding import base64_text, canonical
from schemas.enrolment import Succession
from schemas.problems import Code
from sync.district.boot.district import District
from sync.district.intake.backups import keep_part
from sync.district.ledger.device_keys import Place
from sync.district.ledger.healing import EpochLeft, keep_epoch
from sync.seal import suite1
from sync.seal.backup_parts import ReadPart
from sync.seal.enrolment import fingerprint
from sync.seal.keys import SealingKey
from sync.seal.recovery import (
    Snapshot,
    ask_release,
    close_backup,
    open_release,
    read_backup,
    recovery_pair,
)
from tests.support.commands import Run
from tests.support.ledgers import NOW, Writer, granted, keep


def _json(run: Run, *words: str) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def _problem(run: Run, *words: str) -> str:
    done = run(*words)
    assert done.exit_code == 1, done.output
    return done.output


def test_keys_are_rotated_listed_and_retired(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "succession.json"
    done = run("keys", "rotate", "receipts", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert Succession.model_validate_json(out.read_text()).edition == 2
    keys = _json(run, "keys", "list")["keys"]
    (former,) = (each["key"] for each in keys if not each["in_force"])
    assert run("keys", "retire", former).exit_code == 0
    assert f"[{int(Code.KEY_UNKNOWN)}]" in _problem(run, "keys", "retire", "0" * 32)
    assert former in run("keys", "list").output


def test_what_is_no_key_is_wrong_usage_and_changes_nothing(run: Run) -> None:
    assert run("keys", "rotate", "receipts", "every").exit_code == 2
    assert len(_json(run, "keys", "list")["keys"]) == 3


def test_a_document_that_cannot_be_written_is_said_so(run: Run, tmp_path: Path) -> None:
    said = _problem(run, "keys", "rotate", "--out", str(tmp_path))
    assert f"[{int(Code.FILE_NOT_WRITABLE)}]" in said


def test_a_lost_desk_is_believed_up_to_the_entry_before(
    run: Run, district: District
) -> None:
    desk = granted(district.sealed)
    keep(district.sealed, desk.batch(1, 2, epoch=3))
    words = ("revoke", desk.device, "--reason", "遗失", "--from-sequence", "7")
    assert run(*words).exit_code == 0
    assert district.sealed.keys.cut_off(desk.device) == Place(3, 6)
    assert run(*words, "--epoch", "1").exit_code == 0
    assert district.sealed.keys.cut_off(desk.device) == Place(1, 6)
    unknown = _problem(run, "revoke", "0" * 32, "--reason", "x")
    assert f"[{int(Code.DEVICE_NOT_FOUND)}]" in unknown


def test_backups_are_listed_and_written_to_a_file(
    run: Run, home: Path, tmp_path: Path
) -> None:
    desk, content, out = Writer(), b"sealed to the desk", tmp_path / "desk.vault"
    header = PartHeader(
        suite=1, device=desk.device, signing_key=desk.signing.key_id, backup="b" * 64,
        index=0, count=1, digest=suite1.digest(content),
    )  # fmt: skip
    keep_part(home / "intake" / "backups", ReadPart(header, b"", b"", content))
    assert _json(run, "backups") == [{"device": desk.device, "backup": "b" * 64}]
    words = ("backups", "--device", desk.device, "--out")
    assert run(*words, str(out)).exit_code == 0
    assert out.read_bytes() == content
    assert f"[{int(Code.FILE_NOT_WRITABLE)}]" in _problem(run, *words, str(tmp_path))
    none = _problem(run, "backups", "--device", "0" * 32, "--out", str(out))
    assert f"[{int(Code.DEVICE_NOT_FOUND)}]" in none


def test_an_escrow_is_opened_for_the_machine_whose_mark_was_compared(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk, asking = granted(district.sealed), SealingKey.generate()
    secret = BackupSecret(key=base64_text(b"k" * 32), keyslots=base64_text(b"{}"))
    begin, _ = close_backup(
        Snapshot(desk.device, "一号窗口", 1, 3, 9, "c" * 64), secret,
        recovery_public=recovery_pair("A" * 32).public, signing=desk.signing, now=NOW,
        district_public=district.keys.opening.public,
    )  # fmt: skip
    backup = read_backup(begin)
    file, out = tmp_path / "request.json", tmp_path / "answer.json"
    request = ask_release(backup, answer_to=asking, now=NOW)
    # As Windows' own editor would save it.
    file.write_bytes(b"\xef\xbb\xbf" + canonical(request))
    words = ("release-backup", str(file), "--out", str(out), "--fingerprint")

    wrong = _problem(run, *words, "0000")
    assert f"[{int(Code.DISTRICT_NOT_TRUSTED)}]" in wrong
    assert not out.exists()
    assert run(*words, fingerprint(asking.public)).exit_code == 0

    answer = Release.model_validate_json(out.read_text())
    assert open_release(backup, answer, asking) == secret
    file.write_text("{}")
    assert f"[{int(Code.MESSAGE_MALFORMED)}]" in _problem(run, *words, "0000")


def test_a_district_that_was_put_back_gets_another_name(
    run: Run, district: District
) -> None:
    before = district.sealed.contacts.incarnation()
    assert run("restored").exit_code == 0
    assert district.sealed.contacts.incarnation() != before


def test_what_was_noticed_and_what_was_begun_is_listed(
    run: Run, district: District
) -> None:
    assert run("rollbacks").output.strip() == "-"
    desk = granted(district.sealed)
    district.sealed.contacts.alarm(desk.contact(1), "cloned", now=NOW)
    left = EpochLeft(desk.device, 2, 1, 4, "restored", "2026-11-23T04:00:00.000Z")
    district.record.keep(lambda c: keep_epoch(c, left), device="", feedback=None)
    said = _json(run, "rollbacks")
    assert [each["verdict"] for each in said["noticed"]] == ["cloned"]
    assert [(each["epoch"], each["agreed"]) for each in said["epochs"]] == [(2, 4)]
    assert len(run("rollbacks").output.splitlines()) == 2


def test_a_lost_desks_cases_go_to_another_once_it_is_revoked(
    run: Run, district: District
) -> None:
    old, new = granted(district.sealed, "01"), granted(district.sealed, "02")
    assert run("succeed", old.device, new.device).exit_code == 1
    assert run("revoke", old.device, "--reason", "遗失").exit_code == 0
    assert run("succeed", old.device, new.device).exit_code == 0
