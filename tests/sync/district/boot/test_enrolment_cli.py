"""`enrol-code`, `devices` and `approve`: fingerprints first, then a grant."""

import json
from pathlib import Path

import pytest

from schemas.enrolment import GrantPackage
from sync.district.boot.district import District
from sync.district.reconcile.approving import device_fingerprint
from tests.support.commands import Run
from tests.support.ledgers import NOW, Writer


@pytest.fixture
def asking(district: District) -> Writer:
    """A desk that asked to be taken in."""
    writer = Writer()
    district.sealed.ask(writer.request(), now=NOW)
    return writer


def _state(run: Run, device: str) -> str:
    (found,) = [d for d in json.loads(run("devices", "--json").output)
                if d["device"] == device]  # fmt: skip
    return str(found["state"])


def test_a_desk_is_taken_in_once_its_fingerprint_was_compared(
    run: Run, district: District, asking: Writer, tmp_path: Path
) -> None:
    known, grant = district.sealed.device(asking.device), tmp_path / "grant.json"
    assert known is not None
    mark = device_fingerprint(known)
    words = ("approve", asking.device, "--terminal", "07", "--out", str(grant))

    wrong = run(*words, "--fingerprint", mark[::-1])
    assert wrong.exit_code == 1
    assert "[375]" in wrong.output
    assert not grant.exists()
    assert _state(run, asking.device) == "pending"

    done = run(*words, "--fingerprint", mark)
    assert done.exit_code == 0, done.output
    assert mark in done.output, "both sides are shown what to compare"
    assert _state(run, asking.device) == "granted"
    GrantPackage.model_validate_json(grant.read_text())


def test_the_file_form_of_a_code_is_written_beside_it(run: Run, tmp_path: Path) -> None:
    first, second = (run("enrol-code").output.strip() for _ in range(2))
    assert first != second
    file = tmp_path / "invitation.json"
    done = run("enrol-code", "--out", str(file))
    assert done.exit_code == 0
    assert done.output.strip().replace("-", "") not in {"", first, second}
    assert json.loads(file.read_text())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("enrol-code", "--town", "abc"), "[378]"),
        (("enrol-code", "--out", "/nonexistent/folder/file"), "[177]"),
        (("approve", "nobody", "--terminal", "01"), "[356]"),
        (("approve", __file__, "--terminal", "01"), "[1001]"),
    ],
)
def test_a_mistake_is_a_numbered_problem(
    run: Run, words: tuple[str, ...], code: str
) -> None:
    done = run(*words)
    assert done.exit_code == 1, done.output
    assert code in done.output
