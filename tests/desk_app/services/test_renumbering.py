"""A number on two papers: both stay valid, and a task says so until it was told."""

from desk_app.services import renumbering
from desk_app.store import returned
from schemas.problems import Code
from tests.support.counter import refused
from tests.support.put_back import PutBack, heal, told_of


def test_p08_a_number_on_two_papers_is_the_districts_and_a_task(
    put_back: PutBack,
) -> None:
    """Work done before the first contact got a number that the district knows."""
    counter = put_back.counter
    twice = counter.take(seed=4)
    assert twice == put_back.lost
    mine = counter.desk.case(twice).application
    heal(put_back)
    assert told_of(counter)["healed"] == {"back": "1", "offered": "1", "renamed": "1"}
    pair = told_of(counter)["number_on_two_papers"]
    assert pair["old"] == twice
    theirs = counter.desk.case(twice).application
    assert theirs != mine
    assert counter.desk.case(pair["new"]).application == mine
    offered = counter.entries(epoch=2)[-1]
    assert offered.again is not None
    assert (offered.again.epoch, offered.again.sequence) == (1, 2)
    with counter.place.vault.read() as tx:
        assert [each.new for each in returned.renumberings(tx, open_only=True)] == [
            pair["new"]
        ]
    renumbering.told(counter.place, pair["new"])
    refused(Code.CASE_UNKNOWN, renumbering.told, counter.place, pair["new"])
    assert counter.trail()[0] == "renumbering_told"
