"""One visit, many vessels: one applicant, shared answers, exceptions per vessel.

Each vessel becomes a draft and then a case of its own, with its own number and receipt;
one that fails stays a draft with its reason, and stops none of the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from desk_app.services import attaching, drafting, receiving
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.services.standing import local_day
from desk_app.store import settings
from schemas.problems import Problem
from schemas.progress import Progress, nobody_watches


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What became of one vessel: a number, or the problem and the draft that stays."""

    vessel: str
    draft_id: str
    number: str | None
    problem: Problem | None


def take_batch(
    place: Workplace,
    shared: Draft,
    exceptions: Mapping[str, Mapping[str, JsonValue]],
    *,
    when: receiving.When | None = None,
    progress: Progress = nobody_watches,
) -> tuple[BatchLine, ...]:
    """Take one application a vessel; `exceptions` maps vessel → its own answers.

    Scans of the shared draft go to each: their content is kept once. `progress` is told
    how many are done; when it returns False the rest is not taken.
    """
    batch = _batch_number(place)
    lines: list[BatchLine] = []
    for vessel, own in exceptions.items():
        if not progress(len(lines)):
            break
        form = {**shared.form, "vessel_name_no": vessel, **own}
        draft = replace(shared, draft_id=place.new_id(), form=form)
        drafting.save(place, draft)
        attaching.share(place, shared.draft_id, draft.draft_id)
        given = replace(when or receiving.When(), batch=batch)
        try:
            number = receiving.receive_case(place, draft.draft_id, given)
        except Problem as problem:
            lines.append(BatchLine(vessel, draft.draft_id, None, problem))
        else:
            lines.append(BatchLine(vessel, draft.draft_id, number, None))
    return tuple(lines)


def _batch_number(place: Workplace) -> str:
    """The visit's number: terminal, day, and chance enough for a day's visits."""
    with place.vault.read() as tx:
        terminal = settings.get(tx, "terminal") or "00"
    day = local_day(place.hands.now())
    return f"P{terminal}-{day:%Y%m%d}-{place.new_id(3).upper()}"
