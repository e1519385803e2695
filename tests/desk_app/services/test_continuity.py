"""How safe a desk is from losing its machine: said as it stands, and by whom seen."""

from datetime import timedelta

from desk_app.services import backing, continuity, freezing, healing, renumbering
from desk_app.store import backups, incidents, returned, settings
from desk_app.store.backups import DrillRecord
from schemas.base import utc_text
from tests.support.counter import MONDAY, Counter
from tests.support.rows import a_number


def _now(counter: Counter) -> continuity.Continuity:
    return continuity.continuity(counter.place, counter.places)


def test_a_desk_without_a_backup_says_so(counter: Counter) -> None:
    stands = _now(counter)
    assert stands.folder == str(counter.places.backups)
    assert stands.prepared
    assert (stands.last_backup_at, stands.last_drill_at) == (None, None)
    assert (stands.frozen, stands.cloned, stands.unseen) == (None, False, ())


def test_the_last_backup_and_the_last_good_drill_are_told(counter: Counter) -> None:
    made = backing.back_up(counter.place, counter.places)
    with counter.place.vault.write() as tx:
        for hours, good in ((1, True), (2, False)):
            at = utc_text(MONDAY + timedelta(hours=hours))
            backups.drilled(tx, DrillRecord(
                at, "d" * 64, 1500, good, False, 0, 0, None if good else 305
            ))  # fmt: skip
    stands = _now(counter)
    assert stands.last_backup_at == made.made_at
    assert stands.last_drill_at == MONDAY + timedelta(hours=1)
    assert stands.last_drill_s == 1.5


def test_why_no_number_is_given_and_until_when(counter: Counter) -> None:
    with counter.place.vault.write() as tx:
        freezing.freeze_in(tx, "restored", until_after="2026-06-01")
        settings.put(tx, "cloned_at", utc_text(MONDAY))
    stands = _now(counter)
    assert (stands.frozen, stands.frozen_until) == ("restored", "2026-06-01")
    assert stands.cloned
    counter.watch.later(days=1)
    assert _now(counter).frozen is None
    counter.put("cloned_at", "")
    assert not _now(counter).cloned


def test_a_healing_is_under_way_until_it_ended(counter: Counter) -> None:
    assert not continuity.healing_under_way(counter.place)
    state = healing.Healing(since=2, from_epoch=1, agreed=0, position=0)
    counter.put("healing", state.model_dump_json())
    assert continuity.healing_under_way(counter.place)
    counter.put("healing", "")
    assert not continuity.healing_under_way(counter.place)


def test_what_happened_is_shown_until_somebody_has_read_it(counter: Counter) -> None:
    with counter.place.vault.write() as tx:
        incidents.add(tx, "restored", {}, now=MONDAY)
    (happened,) = _now(counter).unseen
    continuity.incident_seen(counter.place, happened.id)
    assert _now(counter).unseen == ()
    assert counter.trail()[0] == "incident_seen"
    continuity.incident_seen(counter.place, happened.id)
    assert counter.trail().count("incident_seen") == 1


def test_numbers_on_two_papers_are_told_until_the_applicant_knows(
    counter: Counter,
) -> None:
    with counter.place.vault.write() as tx:
        returned.renumber(tx, old=a_number(1), new=a_number(2), at=utc_text(MONDAY))
    assert [each.new for each in _now(counter).shared_numbers] == [a_number(2)]
    renumbering.told(counter.place, a_number(2))
    assert _now(counter).shared_numbers == ()
