"""The states of a case and what may happen in each: one explicit machine, pure.

Both sides use it: the window before it writes a step, the district before it files
one. What the machine does not list cannot happen, whatever a screen shows. A draft has
no number and no state: it is no case until `case_received` makes it one.
"""

from dataclasses import dataclass, replace
from typing import Final

from schemas.case import Answer, CaseState
from schemas.problems import Code
from schemas.steps import (
    Acceptance,
    CaseAccepted,
    CaseStep,
    DeferredSupplied,
    PapersAt,
    PapersMoved,
)

S = CaseState
_FIRST: Final = frozenset({S.RECEIVED, S.RESUBMITTED, S.AT_DISTRICT})
_ACCEPTED: Final = frozenset(
    {S.ACCEPTED, S.ACCEPTED_DEFERRED, S.ACCEPTED_COMMITTED, S.FORWARDED}
)
_WAITING: Final = frozenset({S.CORRECTION_REQUESTED, S.RETURNED})
OPEN: Final = _FIRST | _ACCEPTED | _WAITING
"""States in which somebody still owes the applicant a decision."""
DECIDED: Final = frozenset({S.GRANTED, S.REFUSED, S.TO_DELIVER})
ENDED: Final = frozenset({S.DELIVERED, S.NOT_ACCEPTED, S.WITHDRAWN, S.SENT_BACK})
FINAL: Final = frozenset({S.CLOSED, S.ARCHIVED})

BEGINS: Final = S.RECEIVED
"""What a draft becomes when its papers are taken in: T0 runs from there."""

MOVES: Final[dict[str, tuple[frozenset[CaseState], CaseState | None]]] = {
    "corrected_on_spot": (frozenset({S.RECEIVED, S.AT_DISTRICT}), None),
    "correction_requested": (_FIRST, S.CORRECTION_REQUESTED),
    "case_resubmitted": (_WAITING, S.RESUBMITTED),
    "case_accepted": (_FIRST, S.ACCEPTED),
    "deferred_supplied": (frozenset({S.ACCEPTED_DEFERRED}), None),
    "case_not_accepted": (_FIRST, S.NOT_ACCEPTED),
    "case_forwarded": (_FIRST | {S.ACCEPTED, S.ACCEPTED_DEFERRED}, S.FORWARDED),
    "deferral_extended": (frozenset({S.ACCEPTED_DEFERRED}), None),
    "case_sent_back": (_WAITING | {S.ACCEPTED_DEFERRED}, S.SENT_BACK),
    "case_withdrawn": (OPEN, S.WITHDRAWN),
    "clock_stopped": (_ACCEPTED, None),
    "clock_resumed": (_ACCEPTED, None),
    "period_extended": (_ACCEPTED, None),
    "result_arrived": (frozenset({S.GRANTED, S.REFUSED}), S.TO_DELIVER),
    "applicant_called": (OPEN | DECIDED | ENDED, None),
    "result_delivered": (DECIDED | {S.NOT_ACCEPTED, S.SENT_BACK}, S.DELIVERED),
    "case_closed": (frozenset({S.DELIVERED, S.WITHDRAWN}), S.CLOSED),
    "case_rated": (ENDED | FINAL | DECIDED, None),
    "case_archived": (frozenset({S.CLOSED}), S.ARCHIVED),
    "papers_moved": (frozenset(CaseState), None),
}
"""Step → the states it may be taken in, and the state after it (None: the same)."""

PAPERS: Final[dict[PapersAt, frozenset[PapersAt]]] = {
    PapersAt.TOWN: frozenset({PapersAt.BAG, PapersAt.RETURNED}),
    PapersAt.BAG: frozenset({PapersAt.TOWN, PapersAt.DISTRICT}),
    PapersAt.DISTRICT: frozenset({PapersAt.BAG, PapersAt.TOWN, PapersAt.RETURNED}),
    PapersAt.RETURNED: frozenset({PapersAt.TOWN}),
}
"""Where papers are → where they can go next: only a bag goes to the district."""

_AFTER_ACCEPTANCE: Final = {
    Acceptance.FULL: S.ACCEPTED,
    Acceptance.DEFERRED: S.ACCEPTED_DEFERRED,
    Acceptance.COMMITMENT: S.ACCEPTED_COMMITTED,
}
_DECISIONS: Final = {"granted": S.GRANTED, "refused": S.REFUSED}

# Refusals and what changes a legal period are not for whoever took the papers in.
FOR_SUPERVISORS: Final = frozenset(
    {"case_not_accepted", "case_sent_back", "period_extended", "case_archived"}
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the machine knows of a case.

    `deemed`: five days passed without a notice, so that the law itself accepted it.
    `owed_overdue`: a deferred material did not come by its day. `papers` is None where
    nobody follows the papers (at the district).
    """

    state: CaseState
    forwarded_only: bool = False
    told_once: bool = False
    clock_stopped: bool = False
    extended: bool = False
    rated: bool = False
    deemed: bool = False
    deferral_extended: bool = False
    owed_overdue: bool = False
    papers: PapersAt | None = None
    owed: frozenset[str] = frozenset()


def allowed(standing: Standing) -> tuple[str, ...]:
    """Return the steps that may be taken now, in the machine's order."""
    return tuple(kind for kind in MOVES if refusal(standing, kind) is None)


def refusal(standing: Standing, kind: str) -> Code | None:
    """Return why a step may not be taken, or None where it may."""
    if kind not in MOVES or standing.state not in MOVES[kind][0]:
        return Code.STEP_NOT_ADMITTED
    # Accepted by law from T0: to ask for more, or to refuse to accept, is too late.
    if standing.deemed and kind in {"correction_requested", "case_not_accepted"}:
        return Code.NOTICE_LAPSED
    in_time = standing.state is S.ACCEPTED_DEFERRED and not standing.owed_overdue
    once = {
        "correction_requested": (standing.told_once, Code.ALREADY_TOLD),
        "clock_stopped": (standing.clock_stopped, Code.CLOCK_ALREADY_STOPPED),
        "clock_resumed": (not standing.clock_stopped, Code.CLOCK_NOT_STOPPED),
        "period_extended": (standing.extended, Code.ALREADY_EXTENDED),
        "deferral_extended": (
            standing.deferral_extended, Code.DEFERRAL_ALREADY_EXTENDED
        ),
        "case_sent_back": (in_time, Code.NOT_OVERDUE_YET),
        "case_rated": (standing.rated, Code.ALREADY_RATED),
        "case_forwarded": (not standing.forwarded_only, Code.NOT_FORWARDABLE),
    }  # fmt: skip
    twice, code = once.get(kind, (False, Code.STEP_NOT_ADMITTED))
    return code if twice else None


def after_step(standing: Standing, step: CaseStep) -> Standing | Code:
    """Return the standing after a step, or the number that says why not."""
    code = refusal(standing, step.kind)
    if code is not None:
        return code
    state = MOVES[step.kind][1] or standing.state
    after = replace(standing, state=state)
    if isinstance(step, CaseAccepted):
        owed = frozenset(each.material for each in step.owed)
        return replace(after, state=_AFTER_ACCEPTANCE[step.mode], owed=owed)
    if isinstance(step, DeferredSupplied):
        if not set(step.materials) <= standing.owed:
            return Code.MATERIAL_NOT_OWED
        owed = standing.owed - set(step.materials)
        return replace(
            after, owed=owed, state=S.ACCEPTED_DEFERRED if owed else S.ACCEPTED
        )
    if isinstance(step, PapersMoved):
        here = standing.papers
        if here is not None and step.to not in PAPERS[here]:
            return Code.PAPERS_NOT_THERE
        return replace(after, papers=step.to if here else None)
    return replace(
        after,
        told_once=standing.told_once or step.kind == "correction_requested",
        clock_stopped=step.kind == "clock_stopped"
        or (standing.clock_stopped and step.kind != "clock_resumed"),
        extended=standing.extended or step.kind == "period_extended",
        deferral_extended=standing.deferral_extended
        or step.kind == "deferral_extended",
        rated=standing.rated or step.kind == "case_rated",
    )


def after_answer(state: CaseState, answer: Answer) -> CaseState | None:
    """Return the state after a district's answer; None where it changes nothing.

    An answer that comes after the applicant withdrew is kept and shown, and moves
    nothing: the window's own, earlier act stands until people have talked.
    """
    if answer.kind == "received":
        taken_over = state in {S.RECEIVED, S.RESUBMITTED}
        return S.AT_DISTRICT if taken_over else None
    if state not in OPEN:
        return None
    if answer.kind == "returned":
        return S.RETURNED
    return _DECISIONS[answer.kind]
