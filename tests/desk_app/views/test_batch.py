"""One visit, many vessels: a number each, and one that fails stops none."""

import dataclasses

from desk_app.services.desk import Desk
from desk_app.views.batch import batch
from schemas.applicant import Organisation, Person
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import finished

ITEM = "HY12-01"


def an_applicant(desk: Desk, seed: int) -> tuple[str, Person | Organisation]:
    """Return a finished draft, and who it is of: known from a case of theirs."""
    number = desk.receive_case(finished(desk, ITEM, seed=seed)).number
    applicant = desk.case(number).application.applicant
    return finished(desk, ITEM, seed=seed), applicant


async def show(seen: Seen, person: Person | Organisation) -> None:
    await seen.shell.go("people")
    await batch(seen.shell, person)
    await seen.until_shown("多船同办", person.name)


async def test_every_vessel_gets_its_own_number_and_its_own_answer(desk: Desk) -> None:
    _, person = an_applicant(desk, 61)
    item = desk.edition().item(ITEM)
    assert item is not None
    label = next(f.label for f in item.fields if f.type == "text" and f.required)
    name = next(f.name for f in item.fields if f.label == label)
    before = desk.cases().total
    async with a_headless_window(desk) as seen:
        await show(seen, person)
        await seen.type("船名", f"闽秀渔99801；{label}=只这艘\n\n闽秀渔99802")
        await seen.key("F8")
        await seen.until(lambda: desk.cases().total == before + 2)
        newest = {row.vessel: row for row in desk.cases().rows[:2]}
        for vessel in ("闽秀渔99801", "闽秀渔99802"):
            await seen.until_shown(f"{vessel}  {newest[vessel].number}")
        own = desk.case(newest["闽秀渔99801"].number).application.form
        other = desk.case(newest["闽秀渔99802"].number).application.form
        if name != "vessel_name_no":
            assert own[name] == "只这艘" != other[name]


async def test_a_vessel_that_fails_says_why_and_stays_a_draft(desk: Desk) -> None:
    draft_id, person = an_applicant(desk, 62)
    draft = desk.draft(draft_id)
    desk.save_draft(dataclasses.replace(draft, materials=()))
    before, drafts = desk.cases().total, len(desk.drafts())
    async with a_headless_window(desk) as seen:
        await show(seen, person)
        await seen.type("船名", "闽秀渔99803")
        await seen.key("F8")
        await seen.until_shown("闽秀渔99803  [", "已存为草稿")
        assert desk.cases().total == before
        assert len(desk.drafts()) == drafts + 1


async def test_without_a_vessel_nothing_is_taken(desk: Desk) -> None:
    _, person = an_applicant(desk, 63)
    async with a_headless_window(desk) as seen:
        await show(seen, person)
        await seen.type("船名", " \n")
        await seen.key("F8")
        await seen.until_shown("[1015]")
