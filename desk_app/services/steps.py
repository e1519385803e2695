"""The window's verbs on a case after its receipt; each is one step, each says its law.

All raise `Problem`: CASE_UNKNOWN, STEP_NOT_ADMITTED and the machine's other numbers,
NOT_ALLOWED, SAME_PERSON, and what each verb names itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desk_app.services import receiving
from desk_app.services.catalogue import current_edition
from desk_app.services.drafting import application_of
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.services.standing import local_day
from desk_app.services.stepping import Before, known, take_step
from desk_app.store import cases, drafts
from desk_app.store.vault import Transaction
from schemas import steps as s
from schemas.case import Application, CaseState, MaterialForm
from schemas.forms.check import materials_due
from schemas.problems import Code, Problem

_HANDED_OVER = {MaterialForm.ORIGINAL, MaterialForm.COPY, MaterialForm.ELECTRONIC}
# Where a false commitment would endanger people at sea (domain notes 3.1).
_NO_COMMITMENT = ("HY03-", "HY04-", "HY08-05", "HY12-")


def correct_on_spot(place: Workplace, draft: Draft, *, what: str) -> CaseState:
    """Put small errors right at the counter: a new revision, T0 untouched."""
    number = draft.answers_case or ""
    now = place.hands.now()
    application = application_of(current_edition(place), draft, now=now)

    def build(before: Before) -> s.CaseStep:
        return s.CorrectedOnSpot(
            number=number, at=before.at, revision=before.record.revision + 1,
            what=_said(what), application=application,
        )  # fmt: skip

    def also(tx: Transaction, record: cases.CaseRecord) -> cases.CaseRecord:
        drafts.remove(tx, draft.draft_id)
        return receiving.revised(tx, record, application)

    return take_step(place, number, build, also=also)


def request_correction(
    place: Workplace, number: str, *, missing: tuple[str, ...], due: date,
    reason: str = "",
) -> CaseState:  # fmt: skip
    """Tell all that is missing, once; `Problem(DUE_DAY_PAST)` for a day not ahead."""
    _ahead(place, due)
    listed = tuple(each.strip() for each in missing if each.strip())
    if not listed:
        raise Problem(Code.REASON_MISSING)

    def build(before: Before) -> s.CaseStep:
        return s.CorrectionRequested(
            number=number, at=before.at, missing=listed, due=due.isoformat(),
            reason=reason.strip(),
        )  # fmt: skip

    return take_step(place, number, build)


def accept_case(
    place: Workplace, number: str, mode: s.Acceptance, *,
    due: Mapping[str, date] | None = None, commitment: str = "",
) -> CaseState:  # fmt: skip
    """Accept: in full, with deferred materials (`due`: key → day), or on commitment.

    `Problem(MATERIALS_OWED)` when something required is missing and not deferred or
    committed to; `NOT_DEFERRABLE`, `DUE_DAY_PAST`, `COMMITMENT_NOT_PERMITTED`.
    """
    promised = dict(due or {})
    with place.vault.read() as tx:
        record = known(tx, number)
        application = latest_application(tx, record)
    owed = owed_materials(place, application)
    item = current_edition(place).item(record.item_code)
    if mode is s.Acceptance.COMMITMENT:
        if record.item_code.startswith(_NO_COMMITMENT):
            raise Problem(Code.COMMITMENT_NOT_PERMITTED)
        _said(commitment)
    elif mode is s.Acceptance.DEFERRED:
        for key, day in promised.items():
            material = item.material(key) if item else None
            if material is None or not material.deferrable:
                raise Problem(
                    Code.NOT_DEFERRABLE, material=material.name if material else key
                )
            _ahead(place, day)
        if not promised:
            raise Problem(Code.REASON_MISSING)
    left = [key for key in owed if key not in promised]
    if left and mode is not s.Acceptance.COMMITMENT:
        raise Problem(Code.MATERIALS_OWED, count=len(left))

    def build(before: Before) -> s.CaseStep:
        return s.CaseAccepted(
            number=number, at=before.at, mode=mode, commitment=commitment.strip(),
            owed=tuple(
                s.Owed(material=key, due=day.isoformat())
                for key, day in sorted(promised.items())
            ),
        )  # fmt: skip

    return take_step(place, number, build)


def latest_application(tx: Transaction, record: cases.CaseRecord) -> Application:
    """Return what is applied for now, after all corrections."""
    return receiving.revision_of(tx, record.number, record.revision)


def owed_materials(place: Workplace, application: Application) -> tuple[str, ...]:
    """Return the keys of required materials that were not handed over."""
    item = current_edition(place).item(application.item_code)
    if item is None:
        return ()
    given = {each.key: each.form for each in application.materials}
    due = materials_due(
        item, applicant=application.applicant.kind, form=application.form
    )
    return tuple(
        line.material.key
        for line in due
        if line.material.required
        and line.verdict != "does_not"
        and given.get(line.material.key) not in _HANDED_OVER
        and given.get(line.material.key) is not MaterialForm.NOT_APPLICABLE
    )


def supply_deferred(
    place: Workplace, number: str, *, materials: tuple[str, ...]
) -> CaseState:
    """Note that deferred materials came in."""
    return take_step(
        place, number,
        lambda b: s.DeferredSupplied(number=number, at=b.at, materials=materials),
    )  # fmt: skip


def refuse_to_accept(
    place: Workplace, number: str, because: s.NotAcceptedBecause, *, reason: str,
    apply_to: str, remedies: str,
) -> CaseState:  # fmt: skip
    """Refuse in writing; for a wrong authority the right one must be named."""
    if because is s.NotAcceptedBecause.NOT_COMPETENT:
        _said(apply_to)
    return take_step(
        place, number,
        lambda b: s.CaseNotAccepted(
            number=number, at=b.at, because=because, reason=_said(reason),
            apply_to=apply_to.strip(), remedies=_said(remedies),
        ),
    )  # fmt: skip


def forward_case(
    place: Workplace, number: str, *, to: str, opinion: str = ""
) -> CaseState:
    """Send a case upward with all materials."""
    return take_step(
        place, number,
        lambda b: s.CaseForwarded(
            number=number, at=b.at, to=_said(to), opinion=opinion.strip()
        ),
    )  # fmt: skip


def send_back(place: Workplace, number: str, *, reason: str) -> CaseState:
    """Give the papers back: what was asked for did not come."""
    return take_step(
        place, number,
        lambda b: s.CaseSentBack(number=number, at=b.at, reason=_said(reason)),
    )  # fmt: skip


def withdraw(place: Workplace, number: str, *, reason: str) -> CaseState:
    """Note that the applicant takes the application back."""
    return take_step(
        place, number,
        lambda b: s.CaseWithdrawn(number=number, at=b.at, reason=_said(reason)),
    )  # fmt: skip


def stop_clock(
    place: Workplace, number: str, procedure: s.StopReason, *, days: int,
    reason: str = "",
) -> CaseState:  # fmt: skip
    """Begin a special procedure that the law lists; nothing else stops the clock."""
    return take_step(
        place, number,
        lambda b: s.ClockStopped(
            number=number, at=b.at, procedure=procedure, days=days,
            reason=reason.strip(),
        ),
    )  # fmt: skip


def resume_clock(place: Workplace, number: str, *, result: str = "") -> CaseState:
    """End the special procedure."""
    return take_step(
        place, number,
        lambda b: s.ClockResumed(number=number, at=b.at, result=result.strip()),
    )  # fmt: skip


def extend_period(
    place: Workplace, number: str, *, reason: str, approved_by: str
) -> CaseState:
    """Ten working days more, once, approved by the authority's head."""
    return take_step(
        place, number,
        lambda b: s.PeriodExtended(
            number=number, at=b.at, reason=_said(reason),
            approved_by=_said(approved_by),
        ),
    )  # fmt: skip


def result_arrived(place: Workplace, number: str, *, what: str) -> CaseState:
    """Note that the licence or decision is at the window."""
    return take_step(
        place, number,
        lambda b: s.ResultArrived(number=number, at=b.at, what=_said(what)),
    )  # fmt: skip


def call_applicant(
    place: Workplace, number: str, outcome: str, *, note: str = ""
) -> CaseState:
    """Note a telephone call: reached, not_reached or wrong_number."""
    return take_step(
        place, number,
        lambda b: s.ApplicantCalled.model_validate(
            {"number": number, "at": b.at, "outcome": outcome, "note": note.strip()}
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handover:
    """To whom something was delivered, and how; refused needs a witness."""

    way: s.DeliveryWay
    what: str
    signer: str
    signer_id_tail: str = ""
    tracking: str = ""
    witness: str = ""
    refused: bool = False


def deliver_result(place: Workplace, number: str, given: Handover) -> CaseState:
    """Hand the result over; `Problem(WITNESS_MISSING)` where one is needed."""
    if given.refused and not given.witness.strip():
        raise Problem(Code.WITNESS_MISSING)
    if given.way is s.DeliveryWay.MAIL:
        _said(given.tracking)
    return take_step(
        place, number,
        lambda b: s.ResultDelivered(
            number=number, at=b.at, way=given.way, what=_said(given.what),
            signer=_said(given.signer), witness=given.witness.strip(),
            signer_id_tail=given.signer_id_tail.strip().upper(),
            tracking=given.tracking.strip(),
        ),
    )  # fmt: skip


def close_case(place: Workplace, number: str) -> CaseState:
    """Close a case in which nothing more is to be done."""
    return take_step(place, number, lambda b: s.CaseClosed(number=number, at=b.at))


def rate_case(
    place: Workplace, number: str, *, stars: int, words: str = "", paper: bool = False
) -> CaseState:
    """Keep the applicant's own rating, one a case."""
    return take_step(
        place, number,
        lambda b: s.CaseRated(
            number=number, at=b.at, stars=stars, words=words.strip(),
            by="paper" if paper else "screen",
        ),
    )  # fmt: skip


def archive_case(place: Workplace, number: str, *, where: str) -> CaseState:
    """File a closed case away."""
    return take_step(
        place, number,
        lambda b: s.CaseArchived(number=number, at=b.at, place=_said(where)),
    )  # fmt: skip


def move_papers(
    place: Workplace, number: str, to: s.PapersAt, *, bag: str = ""
) -> CaseState:
    """Note where the case's papers went; a bag needs its number."""
    if to is s.PapersAt.BAG:
        _said(bag)
    return take_step(
        place, number,
        lambda b: s.PapersMoved(number=number, at=b.at, to=to, bag=bag.strip()),
    )  # fmt: skip


def _said(text: str) -> str:
    if len(text.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.REASON_MISSING)
    return text.strip()


def _ahead(place: Workplace, day: date) -> None:
    if day <= local_day(place.hands.now()):
        raise Problem(Code.DUE_DAY_PAST, day=day.isoformat())
