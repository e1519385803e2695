"""Greetings as kept: which were heard, what is held of a journal, what was noticed."""

from schemas.contact import Verdict
from sync.district.ledger.sealed import SealedLedger
from tests.support.ledgers import NOW, Writer, granted, keep

AGREED, CLONED = Verdict.AGREED, Verdict.CLONED
HERE, THERE = "e" * 32, "f" * 32


def test_a_ledger_is_born_once_and_reborn_by_name(sealed: SealedLedger) -> None:
    contacts = sealed.contacts
    contacts.be_born(HERE, now=NOW)
    contacts.be_born(THERE, now=NOW)
    assert contacts.incarnation() == HERE
    contacts.be_reborn(THERE, now=NOW)
    assert contacts.incarnation() == THERE


def test_p08_what_is_held_ends_at_the_first_gap(sealed: SealedLedger) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    keep(sealed, desk.batch(4, 6))
    assert contacts.held(desk.device, 1) is None, "what does not begin is not held"
    keep(sealed, desk.batch(1, 2))
    assert contacts.held(desk.device, 1) == desk.head(2)
    keep(sealed, desk.batch(3, 3))
    assert contacts.held(desk.device, 1) == desk.head(6)
    assert contacts.log_position() == 3


def test_epochs_before_one_are_told_with_their_ends(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    keep(sealed, desk.batch(1, 2))
    keep(sealed, desk.batch(5, 6, epoch=2))
    keep(sealed, desk.batch(1, 3, epoch=4))
    assert sealed.contacts.newest_epoch(desk.device) == 4
    assert sealed.contacts.held_before(desk.device, 4) == ((1, 2), (2, 0))


def test_p08_the_same_greeting_again_was_seen(sealed: SealedLedger) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    third = desk.contact(3, machine=HERE)
    assert not contacts.known(third).seen

    contacts.keep(third, AGREED, now=NOW)

    assert contacts.known(third).seen
    other = contacts.known(desk.contact(3, nonce="9" * 32))
    assert (other.seen, other.lineage, other.machine) == (False, 3, HERE)


def test_a_greeting_of_an_older_history_does_not_count_back(
    sealed: SealedLedger,
) -> None:
    """Its words are the newest, its counter is not."""
    desk, contacts = granted(sealed), sealed.contacts
    contacts.keep(desk.contact(7), AGREED, now=NOW)
    contacts.keep(desk.contact(4, nonce="9" * 32), CLONED, now=NOW)

    assert contacts.known(desk.contact(8)).lineage == 7
    last = contacts.last(desk.device)
    assert last is not None
    assert last.counter == 4
    assert [each.verdict for each in contacts.all()] == [CLONED]


def test_each_epoch_has_its_own_line_of_counters(sealed: SealedLedger) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    contacts.keep(desk.contact(40), AGREED, now=NOW)
    assert contacts.known(desk.contact(2, epoch=2)).lineage == 0
    contacts.keep(desk.contact(1, epoch=2), AGREED, now=NOW)
    known = contacts.known(desk.contact(2, epoch=2))
    assert (known.lineage, known.newest_epoch) == (1, 2)


def test_greetings_of_long_ago_are_forgotten_but_not_of_late(
    sealed: SealedLedger,
) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    first, late = desk.contact(1), desk.contact(300)
    for each in (first, late, desk.contact(700)):
        contacts.keep(each, AGREED, now=NOW)
    assert not contacts.known(first).seen
    assert contacts.known(late).seen


def test_p08_a_second_copy_is_remembered_by_its_machine(sealed: SealedLedger) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    copy = desk.contact(5, machine=THERE)
    contacts.alarm(copy, CLONED, now=NOW)
    contacts.alarm(copy, CLONED, now=NOW)

    assert len(contacts.alarms(limit=9)) == 1
    assert contacts.known(desk.contact(6, machine=THERE)).second_copy
    assert not contacts.known(desk.contact(6, machine=HERE)).second_copy
    assert not contacts.known(desk.contact(1, machine=THERE, epoch=2)).second_copy


def test_alarms_are_listed_the_newest_first(sealed: SealedLedger) -> None:
    desk: Writer = granted(sealed)
    for counter, verdict in ((1, Verdict.DESK_BEHIND), (2, Verdict.FORKED)):
        sealed.contacts.alarm(desk.contact(counter), verdict, now=NOW)
    assert [each.verdict for each in sealed.contacts.alarms(limit=1)] == ["forked"]


def test_what_a_desk_has_our_receipts_for_only_grows(sealed: SealedLedger) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    assert contacts.believed_to(desk.device, 1) == 0
    for sequence in (4, 9, 6):
        contacts.believe(desk.device, 1, sequence)
    assert contacts.believed_to(desk.device, 1) == 9
    assert contacts.believed_to(desk.device, 2) == 0


def test_the_cursor_that_counts_lies_within_the_feed(sealed: SealedLedger) -> None:
    desk, contacts = granted(sealed), sealed.contacts
    for counter, cursor in ((1, 2), (2, 5), (3, 8)):
        contacts.keep(desk.contact(counter, cursor=cursor), AGREED, now=NOW)
    assert contacts.cursor_within(desk.device, 6) == 5
    assert contacts.cursor_within(desk.device, 1) == 0
