"""Fresh keys by command: listed with fingerprints, approved by comparing, refused."""

import json
from pathlib import Path

from schemas.enrolment import GrantPackage
from schemas.problems import Code
from schemas.renewal import KeysRequest
from sync.district.boot.district import District
from sync.district.reconcile.approving import device_fingerprint
from sync.district.reconcile.fresh_keys import asked_fingerprint
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_keys_request
from tests.support.commands import Run
from tests.support.ledgers import NOW, Writer, granted


def _request(desk: Writer) -> str:
    return make_keys_request(
        desk.device, desk.signing, SigningKey.generate(), SealingKey.generate(),
        feed_cursor=0, now=NOW,
    ).model_dump_json()  # fmt: skip


def test_a_request_file_is_approved_by_its_fingerprint_alone(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk = granted(district.sealed)
    file, out = tmp_path / "request.json", tmp_path / "grant.json"
    file.write_text(_request(desk))
    wrong = run("approve", str(file), "--fingerprint", "0000")
    assert f"[{int(Code.FINGERPRINTS_DIFFER)}]" in wrong.output
    (asked,) = district.sealed.keys_requests.pending()
    (listed,) = json.loads(run("keys", "asked", "--json").output)
    mark = asked_fingerprint(asked)
    assert (listed["device"], listed["fingerprint"]) == (desk.device, mark)

    done = run("approve", desk.device, "--fingerprint", mark, "--out", str(out))

    assert done.exit_code == 0, done.output
    package = GrantPackage.model_validate_json(out.read_text())
    assert package.grant.device == desk.device
    known = district.sealed.keys.signer(asked.key_id)
    assert known is not None
    assert known.device == desk.device
    assert run("keys", "asked").output.strip() == "-"
    nothing = run("approve", desk.device, "--fingerprint", mark)
    assert f"[{int(Code.FRESH_KEYS_NOT_ASKED)}]" in nothing.output


def test_a_desk_that_asks_for_nothing_is_told_apart(
    run: Run, district: District
) -> None:
    """One to be taken in needs a terminal; one in place must have asked."""
    new = Writer()
    district.sealed.ask(new.request(), now=NOW)
    forgotten = run("approve", new.device)
    assert f"[{int(Code.TERMINAL_MALFORMED)}]" in forgotten.output
    in_place = run("approve", granted(district.sealed, terminal="02").device)
    assert f"[{int(Code.FRESH_KEYS_NOT_ASKED)}]" in in_place.output
    unknown = run("approve", "0" * 32)
    assert f"[{int(Code.DEVICE_NOT_FOUND)}]" in unknown.output


def test_a_request_is_refused_with_its_reason(run: Run, district: District) -> None:
    desk = granted(district.sealed)
    request = KeysRequest.model_validate_json(_request(desk))
    key = district.sealed.keys_requests.ask(request, now=NOW).key_id
    assert run("keys", "refuse", key, "--reason", "示例").exit_code == 0
    assert district.sealed.keys_requests.pending() == ()
    again = run("keys", "refuse", key, "--reason", "示例")
    assert f"[{int(Code.FRESH_KEYS_NOT_ASKED)}]" in again.output


def test_p08_a_desk_that_was_forgotten_comes_in_to_the_terminal_that_it_had(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk = Writer()
    file, out = tmp_path / "request.json", tmp_path / "grant.json"
    file.write_text("{}")
    other = run("approve", str(file))
    assert f"[{int(Code.FILE_NOT_THIS_KIND)}]" in other.output
    shown = desk.shown(district.keys.answers, terminal="07")
    file.write_text(shown.model_dump_json())
    wrong = run("approve", str(file), "--fingerprint", "0000")
    assert f"[{int(Code.FINGERPRINTS_DIFFER)}]" in wrong.output
    (known,) = district.sealed.devices()
    mark = device_fingerprint(known)
    elsewhere = run(
        "approve", desk.device, "--terminal", "08", "--fingerprint", mark
    )  # fmt: skip
    assert f"[{int(Code.TERMINAL_NOT_ITS_OWN)}]" in elsewhere.output

    done = run("approve", desk.device, "--fingerprint", mark, "--out", str(out))

    assert done.exit_code == 0, done.output
    grant = GrantPackage.model_validate_json(out.read_text()).grant
    assert (grant.device, grant.terminal) == (desk.device, "07")
