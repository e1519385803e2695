"""The window's verbs on a case after its receipt; each is one step, each says its law.

All raise `Problem`: CASE_UNKNOWN, STEP_NOT_ADMITTED and the machine's other numbers,
NOT_ALLOWED, SAME_PERSON, and what each verb names itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desk_app.services import finding, receiving
from desk_app.services.applications import revision_of
from desk_app.services.catalogue import current_edition
from desk_app.services.drafting import application_of
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.services.standing import local_day
from desk_app.services.stepping import Before, known, take_step
from desk_app.store import cases, drafts, powers
from desk_app.store.vault import Transaction
from schemas import steps as s
from schemas.base import utc_text
from schemas.case import Application, CaseState, MaterialForm
from schemas.catalogue import Item
from schemas.forms.check import materials_due
from schemas.problems import Code, Problem

_HANDED_OVER = {MaterialForm.ORIGINAL, MaterialForm.COPY, MaterialForm.ELECTRONIC}


def correct_on_spot(place: Workplace, draft: Draft, *, what: str) -> CaseState:
    """Put small errors right at the counter: a new revision, T0 untouched."""
    number = draft.answers_case or ""
    now = place.hands.now()
    edition = current_edition(place)
    application = application_of(edition, draft, now=now)

    def build(before: Before) -> s.CaseStep:
        return s.CorrectedOnSpot(
            number=number, at=before.at, revision=before.record.revision + 1,
            what=_said(what), application=application,
        )  # fmt: skip

    def also(tx: Transaction, record: cases.CaseRecord) -> cases.CaseRecord:
        drafts.remove(tx, draft.draft_id)
        return receiving.revised(
            tx, record, application, edition=edition, at=utc_text(now)
        )

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

    `Problem(MATERIALS_OWED)` when something required is missing and not deferred, or
    may not be replaced by a commitment; `NOT_DEFERRABLE`, `DUE_DAY_PAST`,
    `COMMITMENT_NOT_PERMITTED`. What the law has accepted already, since nobody told
    what is missing in time, is accepted from T0 and with whatever was handed over.
    """
    promised = dict(due or {})
    item, owed = _owed_of(place, number)
    if mode is s.Acceptance.COMMITMENT:
        if item is None or not item.commitment_permitted:
            raise Problem(Code.COMMITMENT_NOT_PERMITTED)
        _said(commitment)
    elif mode is s.Acceptance.DEFERRED:
        _check_deferral(place, item, promised)
    stands_in = {each.key for each in item.materials if each.deferrable} if item else {}
    replaced = stands_in if mode is s.Acceptance.COMMITMENT else promised
    left = [key for key in owed if key not in replaced]

    def build(before: Before) -> s.CaseStep:
        if left and not before.now.deemed:
            raise Problem(Code.MATERIALS_OWED, count=len(left))
        return s.CaseAccepted(
            number=number, at=before.at, mode=mode, commitment=commitment.strip(),
            owed=tuple(
                s.Owed(material=key, due=day.isoformat())
                for key, day in sorted(promised.items())
            ),
            deemed=before.now.deemed,
        )  # fmt: skip

    return take_step(place, number, build)


def _owed_of(place: Workplace, number: str) -> tuple[Item | None, tuple[str, ...]]:
    with place.vault.read() as tx:
        record = known(tx, number)
        application = latest_application(tx, record)
    item = current_edition(place).item(record.item_code)
    return item, owed_materials(place, application)


def _check_deferral(
    place: Workplace, item: Item | None, promised: Mapping[str, date]
) -> None:
    """Only what the item's list permits, each with a day ahead."""
    if not promised:
        raise Problem(Code.REASON_MISSING)
    for key, day in promised.items():
        material = item.material(key) if item else None
        if material is None or not material.deferrable:
            name = material.name if material else key
            raise Problem(Code.NOT_DEFERRABLE, material=name)
        _ahead(place, day)


def latest_application(tx: Transaction, record: cases.CaseRecord) -> Application:
    """Return what is applied for now, after all corrections."""
    return revision_of(tx, record.number, record.revision)


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
    """Note that deferred materials came in; `Problem(MATERIAL_NOT_OWED)`."""
    return take_step(
        place, number,
        lambda b: s.DeferredSupplied(
            number=number, at=b.at, materials=materials,
            still_owed=tuple(sorted(b.now.owed - set(materials))),
        ),
    )  # fmt: skip


def extend_deferral(
    place: Workplace, number: str, *, due: Mapping[str, date], reason: str
) -> CaseState:
    """Give deferred materials later days, once; `Problem(MATERIAL_NOT_OWED)`."""
    for day in due.values():
        _ahead(place, day)

    def build(before: Before) -> s.CaseStep:
        if not due or not set(due) <= before.now.owed:
            raise Problem(Code.MATERIAL_NOT_OWED)
        return s.DeferralExtended(
            number=number, at=before.at, reason=_said(reason),
            owed=tuple(
                s.Owed(material=key, due=day.isoformat())
                for key, day in sorted(due.items())
            ),
        )  # fmt: skip

    return take_step(place, number, build)


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
    """To whom something was delivered, and how.

    Refused needs a witness, mail a number, somebody else's signature an id, and an
    agent a power of attorney.
    """

    way: s.DeliveryWay
    what: str
    signer: str
    signer_id_tail: str = ""
    tracking: str = ""
    witness: str = ""
    refused: bool = False


_OTHERS_SIGN = {s.DeliveryWay.AGENT, s.DeliveryWay.VILLAGE}


def deliver_result(place: Workplace, number: str, given: Handover) -> CaseState:
    """Hand the result over; `Problem(WITNESS_MISSING)`, `Problem(POWER_MISSING)`."""
    if given.refused and not given.witness.strip():
        raise Problem(Code.WITNESS_MISSING)
    if given.way is s.DeliveryWay.MAIL:
        _said(given.tracking)
    if given.way in _OTHERS_SIGN and not given.refused:
        _said(given.signer_id_tail)
    if given.way is s.DeliveryWay.AGENT:
        _empowered(place, number, given.signer.strip())
    return take_step(
        place, number,
        lambda b: s.ResultDelivered(
            number=number, at=b.at, way=given.way, what=_said(given.what),
            signer=_said(given.signer), witness=given.witness.strip(),
            signer_id_tail=given.signer_id_tail.strip().upper(),
            tracking=given.tracking.strip(), refused=given.refused,
        ),
    )  # fmt: skip


def _empowered(place: Workplace, number: str, agent: str) -> None:
    """Only whom the applicant empowered, and for as long (domain notes 3.1)."""
    today = local_day(place.hands.now()).isoformat()
    with finding.looking(place) as tx:
        owner = known(tx, number).identity
        found = powers.of_owner(tx, owner)
    if not any(p.agent_name == agent and p.holds_on(today) for p in found):
        raise Problem(Code.POWER_MISSING)


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
