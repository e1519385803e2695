"""One visit, many vessels: one applicant, shared answers, exceptions per vessel.

Each vessel becomes a draft and then a case of its own, with its own number and receipt;
one that fails stays a draft with its reason, and stops none of the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from desk_app.services import drafting, receiving
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from schemas.problems import Problem


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
    progress: Callable[[int], bool] = lambda _: True,
) -> tuple[BatchLine, ...]:
    """Take one application a vessel; `exceptions` maps vessel → its own answers.

    `progress` is told how many are done; when it returns False the rest is not taken.
    """
    batch = place.new_id(6)
    lines: list[BatchLine] = []
    for vessel, own in exceptions.items():
        if not progress(len(lines)):
            break
        form = {**shared.form, "vessel_name_no": vessel, **own}
        draft = replace(shared, draft_id=place.new_id(), form=form)
        drafting.save(place, draft)
        given = replace(when or receiving.When(), batch=batch)
        try:
            number = receiving.receive_case(place, draft.draft_id, given)
        except Problem as problem:
            lines.append(BatchLine(vessel, draft.draft_id, None, problem))
        else:
            lines.append(BatchLine(vessel, draft.draft_id, number, None))
    return tuple(lines)
