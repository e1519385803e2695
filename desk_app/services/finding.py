"""What a case is found by: its words, and the registers of people, vessels, papers.

Rule 1: saving a case does not wait for it. All of it is read again from the journal and
        written afterwards, without a sync, in one transaction with the mark that says
        up to which case it is there.
Rule 2: whoever looks by words or in a register, or changes what stands there, catches
        up first; so does unlocking. A saved case is never missing, power cut or not.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from desk_app.services import registering
from desk_app.services.applications import revision_of
from desk_app.services.catalogue import edition_in
from desk_app.services.hands import Workplace
from desk_app.services.registering import vessel_of
from desk_app.store import cases, search
from desk_app.store.vault import Transaction
from desk_app.text.pinyin import initials, pinyin
from schemas.case import Application
from schemas.problems import Problem

# One transaction's worth: a search waits for a part of a second at most.
_AT_ONCE: Final = 200
# Longer answers are essays: nobody searches by a sentence of them.
_LONGEST: Final = 60


def words_of(application: Application) -> str:
    """Return the words that a case is searched by."""
    name = application.applicant.name
    texts = [value for value in application.form.values() if isinstance(value, str)]
    return search.words_of(
        [
            name,
            initials(name),
            pinyin(name),
            application.applicant.address,
            vessel_of(application),
            *(text for text in texts if len(text) < _LONGEST),
        ]
    )


def catch_up(place: Workplace) -> int:
    """Let every saved case be found; returns how many were not."""
    done = 0
    while True:
        with place.vault.read() as tx:
            if not _is_behind(tx):
                return done
        with place.vault.write_derived() as tx:
            done += _some(tx)


def catch_up_if_it_can_be(place: Workplace) -> None:
    """Catch up where nobody asked for it: what goes wrong is said to who looks next."""
    with suppress(Problem):
        catch_up(place)


@contextmanager
def looking(place: Workplace) -> Iterator[Transaction]:
    """One consistent look in which every case that was saved before is found."""
    catch_up(place)
    with place.vault.read() as tx:
        yield tx


def catch_up_in(tx: Transaction) -> None:
    """Catch up within a transaction that goes on to change what cases are found by."""
    while _is_behind(tx):
        _some(tx)


def _is_behind(tx: Transaction) -> bool:
    return search.found_to(tx) < cases.last_id(tx)


def _some(tx: Transaction) -> int:
    waiting = cases.after_id(tx, search.found_to(tx), limit=_AT_ONCE)
    for _, record in waiting:
        try:
            application = revision_of(tx, record.number, record.revision)
        except Problem:
            # Its entry is lost (which the health check says): the list's row is left.
            cases.words_changed(tx, record, _words_of_row(record))
        else:
            _remember(tx, record, application)
    if waiting:
        search.set_found_to(tx, waiting[-1][0])
    return len(waiting)


def _remember(
    tx: Transaction, record: cases.CaseRecord, application: Application
) -> None:
    cases.words_changed(tx, record, words_of(application))
    item = edition_in(tx, application.edition).item(application.item_code)
    if item is not None:
        number, at = record.number, record.received_at
        registering.remember(tx, application, item, number=number, at=at)


def _words_of_row(record: cases.CaseRecord) -> str:
    name = record.applicant_name
    return search.words_of([name, initials(name), pinyin(name), record.vessel])


def shown_again(
    tx: Transaction, record: cases.CaseRecord, application: Application
) -> None:
    """Show a case that was read again from its history, and let it be found."""
    catch_up_in(tx)
    cases.put(tx, record, words=words_of(application))
    # It may be a case that was not here: then it is the last one now.
    search.set_found_to(tx, cases.last_id(tx))


def search_again(tx: Transaction, record: cases.CaseRecord) -> None:
    """Index a case again: it has got another number."""
    application = revision_of(tx, record.number, record.revision)
    cases.words_changed(tx, record, words_of(application))
