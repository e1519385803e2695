"""What was applied for in a case: each revision, as the journal has it."""

from pydantic import TypeAdapter

from desk_app.store import journal
from desk_app.store.vault import Transaction
from schemas.base import Kept
from schemas.case import Application
from schemas.problems import Code, Problem


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
