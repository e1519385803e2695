"""The resident's slip: genuine by two signatures, silent about who it is for."""

import pytest

from schemas.encoding import base64_text
from schemas.problems import Code, Problem
from sync.seal.keys import SigningKey
from sync.seal.slips import (
    DEVICE_KEY,
    SlipFields,
    certificate_body,
    certify_device,
    check_slip,
    commitment,
    slip_text,
)
from sync.seal.slips import (
    SLIP as SLIP_LABEL,
)

DESK, ANSWERS = SigningKey(bytes(range(32))), SigningKey(bytes(range(32, 64)))
SALT = b"s" * 16
PERSON = commitment(SALT, name="林海生", identity="11010519491231002X")
SLIP = SlipFields("350305107-01-20261123-0001-7", "2026-11-23", "HY01-02", PERSON)
CERTIFICATE = certify_device(
    DESK.public, town="350305107", terminal="01", answers=ANSWERS
)
TEXT = slip_text(SLIP, key=DESK, certificate=CERTIFICATE)


def refused(text: str, public: bytes = ANSWERS.public) -> None:
    with pytest.raises(Problem) as found:
        check_slip(text, answers_public=public)
    assert found.value.code is Code.SLIP_NOT_GENUINE


def test_who_has_the_districts_public_key_needs_no_more() -> None:
    assert check_slip(TEXT, answers_public=ANSWERS.public) == SLIP
    # A scanner sends its own end of line.
    assert check_slip(f"  {TEXT}\r\n", answers_public=ANSWERS.public) == SLIP
    refused(TEXT, DESK.public)


def test_every_letter_of_a_slip_matters() -> None:
    for place, letter in enumerate(TEXT):
        other = "B" if letter != "B" else "C"
        refused(TEXT[:place] + other + TEXT[place + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "IDS1", "IDS1|||||||", TEXT + "|x", TEXT.replace("IDS1", "IDS2", 1),
     TEXT.replace("HY01", "海", 1), "\ud800" + TEXT],
)  # fmt: skip
def test_what_is_no_slip_is_a_number_and_no_traceback(text: str) -> None:
    refused(text)


def test_a_desk_cannot_sign_for_another_terminal_or_town() -> None:
    """The certificate is of one window: its numbers begin with that window's."""
    for town, terminal in (("350305108", "01"), ("350305107", "02")):
        other = certify_device(
            DESK.public, town=town, terminal=terminal, answers=ANSWERS
        )
        refused(slip_text(SLIP, key=DESK, certificate=other))


def test_p10_a_slip_of_a_later_kind_is_not_read_as_this_one() -> None:
    """Signed by the same desk: only the first word says that its fields are others."""
    said = TEXT.rpartition("|")[0].replace("IDS1", "IDS2", 1)
    refused(f"{said}|{base64_text(DESK.sign(SLIP_LABEL, said.encode()))}")
    own = TEXT.rpartition("|")[0]
    again = f"{own}|{base64_text(DESK.sign(SLIP_LABEL, own.encode()))}"
    assert check_slip(again, answers_public=ANSWERS.public) == SLIP


def test_a_key_without_the_districts_certificate_signs_nothing() -> None:
    own = certify_device(
        DESK.public, town="350305107", terminal="01", answers=DESK
    )  # fmt: skip
    refused(slip_text(SLIP, key=DESK, certificate=own))
    refused(slip_text(SLIP, key=SigningKey(bytes(32)), certificate=CERTIFICATE))


def test_p02_a_slip_does_not_say_who_it_is_for() -> None:
    assert "林海生" not in TEXT
    assert "11010519491231002X" not in TEXT
    other = commitment(b"t" * 16, name="林海生", identity="11010519491231002X")
    assert other != PERSON, "without the salt nobody can try names"
    again = commitment(SALT, name="林海生", identity="11010519491231002X")
    assert (again, len(again)) == (PERSON, 32)


def test_what_the_district_certifies_is_canonical() -> None:
    body = certificate_body(DESK.public, "350305107", "01")
    assert body.startswith(b'{"signing_key":"')
    assert body.endswith(b'","terminal":"01","town":"350305107"}')
    assert DEVICE_KEY == "island-desk/device-key/1"
