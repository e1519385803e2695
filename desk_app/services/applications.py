"""What was applied for in a case: each revision, and the row that the lists show of it.

A row is the same whether a case is saved now or read again from its history.
"""

from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter

from desk_app.services import standing
from desk_app.services.registering import vessel_of
from desk_app.store import journal
from desk_app.store.cases import CaseRecord
from desk_app.store.vault import Transaction
from schemas.applicant import identity_of
from schemas.base import Kept, utc_text
from schemas.case import Application, Visit
from schemas.casework import BEGINS
from schemas.catalogue import Item
from schemas.problems import Code, Problem
from schemas.steps import PapersAt


class _Body(Kept):
    application: Application


class _Revision(Kept):
    """An entry that holds an application: a receipt, a correction."""

    body: _Body


_REVISION: TypeAdapter[_Revision] = TypeAdapter(_Revision)
_HOLD_APPLICATIONS = ("case_received", "corrected_on_spot", "case_resubmitted")


def revision_of(tx: Transaction, number: str, revision: int) -> Application:
    """Return one revision (0 is what was received); `Problem(VAULT_DAMAGED)`."""
    entry = journal.entry_of(tx, number, _HOLD_APPLICATIONS, revision)
    if entry is None:
        raise Problem(Code.VAULT_DAMAGED)
    return _REVISION.validate_json(entry).body.application


def row_of(
    application: Application,
    item: Item | None,
    *,
    received_at: datetime,
    by: str,
    visit: Visit | None,
    batch: str | None,
) -> CaseRecord:
    """Return the row of a case that begins; its number and place are still to come."""
    first = standing.KeptStanding()
    if item is not None:
        first = standing.first_standing(item, application)
    bag = visit.bag.strip() if visit else ""
    return CaseRecord(
        number="",
        item_code=application.item_code,
        applicant_name=application.applicant.name,
        identity=identity_of(application.applicant),
        phone=application.applicant.phone,
        received_at=utc_text(received_at),
        received_day=standing.local_day(received_at).isoformat(),
        state=BEGINS,
        revision=0,
        last_epoch=0,
        last_sequence=0,
        vessel=vessel_of(application),
        received_by=by,
        standing=first.model_dump_json(),
        papers=PapersAt.BAG if bag else PapersAt.TOWN,
        bag=bag,
        batch=batch or "",
    )


def revised(
    record: CaseRecord, application: Application, *, revision: int
) -> CaseRecord:
    """Return the row of a case as a later revision says it."""
    return replace(
        record,
        revision=revision,
        applicant_name=application.applicant.name,
        identity=identity_of(application.applicant),
        phone=application.applicant.phone,
        vessel=vessel_of(application),
    )
