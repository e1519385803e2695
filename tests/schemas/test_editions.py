"""Which edition may follow another: nothing that an old case names goes missing."""

from importlib.resources import files
from typing import Any

from schemas.catalogue import Edition
from schemas.editions import EditionRuleFault, rule_faults

CURRENT = Edition.model_validate_json(
    files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
)


def edition(**changes: Any) -> Edition:
    return CURRENT.model_copy(update={"edition": 2, **changes})


def test_the_shipped_edition_has_no_fault_by_itself_and_may_follow_itself() -> None:
    assert rule_faults(CURRENT, current=None) == ()
    assert rule_faults(edition(), current=CURRENT) == ()


def test_an_item_is_retired_and_never_dropped() -> None:
    """Old cases name it: their papers and limits are looked up there."""
    gone = CURRENT.items[-1]
    less = edition(items=CURRENT.items[:-1])
    assert rule_faults(less, current=CURRENT) == (
        EditionRuleFault(f"items/{gone.code}", "dropped"),
    )
    assert rule_faults(less, current=None) == (), "a first edition drops nothing"
    retired = (*CURRENT.items[:-1], gone.model_copy(update={"retired": True}))
    assert rule_faults(edition(items=retired), current=CURRENT) == ()


def test_a_code_twice_is_told_once() -> None:
    code = CURRENT.items[0].code
    twice = edition(items=(*CURRENT.items, CURRENT.items[0], CURRENT.items[0]))
    assert rule_faults(twice, current=CURRENT) == (
        EditionRuleFault(f"items/{code}", "duplicate"),
    )


def test_a_question_whose_choices_are_not_there_is_named() -> None:
    item = CURRENT.items[0]
    asked = item.fields[0].model_copy(update={"options": "dict:harbours"})
    bent = item.model_copy(update={"fields": (asked,)})
    found = rule_faults(edition(items=(bent, *CURRENT.items[1:])), current=CURRENT)
    place = f"items/{item.code}/fields/{asked.name}"
    assert found == (EditionRuleFault(place, "unknown_dictionary", "dict:harbours"),)
    there = CURRENT.dictionaries | {"harbours": ()}
    twice = edition(items=(bent, bent, *CURRENT.items[1:]))
    told = [each.kind for each in rule_faults(twice, current=CURRENT)]
    assert told == ["duplicate", "unknown_dictionary"], "each fault once"
    mended = edition(items=(bent, *CURRENT.items[1:]), dictionaries=there)
    assert rule_faults(mended, current=CURRENT) == (), "an empty list is a list"
