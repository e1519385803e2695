"""Who may send: an invitation and a terminal are one desk's; what is shown waits."""

from datetime import timedelta

import pytest

from schemas.problems import Code, Problem
from sync.district.ledger.sealed import SealedLedger
from sync.seal.keys import SigningKey
from tests.support.ledgers import NOW, Writer, granted, invited, package_for

DAY = timedelta(days=1)
ANSWERS = SigningKey(b"\x21" * 32)


def _refusal(verb: object) -> Code:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    return refused.value.code


def test_an_invitation_lets_one_desk_in_and_ends(sealed: SealedLedger) -> None:
    one, other = Writer(), Writer()
    secret = b"s" * 10
    digest = invited(sealed, secret, until=NOW + DAY)

    def use(who: Writer, *, after: timedelta = timedelta()) -> bytes:
        return sealed.secret_of(digest, device=who.device, now=NOW + after)

    assert use(one) == secret
    assert _refusal(lambda: use(one, after=2 * DAY)) is Code.ENROL_CODE_EXPIRED
    sealed.ask(one.request(secret), now=NOW)
    assert _refusal(lambda: use(other)) is Code.ENROL_CODE_REFUSED
    # The desk that used it may ask again, however late its line comes back.
    assert use(one, after=2 * DAY) == secret
    unknown = lambda: sealed.secret_of("0" * 64, device=one.device, now=NOW)  # noqa: E731
    assert _refusal(unknown) is Code.ENROL_CODE_REFUSED


def test_a_terminal_and_a_number_are_given_once(sealed: SealedLedger) -> None:
    first = granted(sealed, "01")
    sealed.set_state(first.device, "revoked", reason="遗失")
    second = Writer()
    sealed.ask(second.request(), now=NOW)

    def grant(terminal: str) -> int:
        package = sealed.grant(
            second.device, terminal, lambda n: package_for(second, n, terminal)
        )
        return package.grant.device_number

    # The lost desk's numbers exist on paper.
    assert _refusal(lambda: grant("01")) is Code.TERMINAL_TAKEN
    assert grant("02") == 2
    assert _refusal(lambda: grant("03")) is Code.DEVICE_NOT_FOUND
    package = sealed.package(second.device)
    assert package is not None
    assert package.grant.terminal == "02"
    assert {each.device for each in sealed.devices()} == {first.device, second.device}


def test_nobodys_state_cannot_be_set(sealed: SealedLedger) -> None:
    nobody = lambda: sealed.set_state("0" * 32, "refused", reason="x")  # noqa: E731
    assert _refusal(nobody) is Code.DEVICE_NOT_FOUND


def test_a_request_says_the_program_and_a_forgotten_desk_its_terminal(
    sealed: SealedLedger,
) -> None:
    new, known = Writer(), Writer()
    sealed.ask(new.request(), now=NOW)
    shown = known.shown(ANSWERS, terminal="07")
    assert shown.standing is not None
    sealed.ask_again(shown, shown.standing, now=NOW)
    for desk, terminal in ((new, None), (known, "07"), (Writer(), None)):
        assert sealed.had_terminal(desk.device) == terminal
    assert sealed.program_of(new.device) == sealed.program_of(known.device) == "test"
    assert sealed.program_of("0" * 32) == ""
    kept = sealed.device(known.device)
    assert kept is not None
    assert (kept.state, kept.terminal, kept.desk_name) == ("pending", None, "一号窗口")


def test_a_forgotten_desk_cannot_come_by_another_desks_key(
    sealed: SealedLedger,
) -> None:
    other = granted(sealed)
    shown = Writer().shown(ANSWERS, key=other.signing)
    standing = shown.standing
    assert standing is not None
    asks = lambda: sealed.ask_again(shown, standing, now=NOW)  # noqa: E731
    assert _refusal(asks) is Code.SIGNATURE_INVALID
    assert len(sealed.devices()) == 1
