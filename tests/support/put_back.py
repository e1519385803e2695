"""A desk whose folder was put back, and the district's side of its healing by hand."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from desk_app.services import contacts, taking_back
from desk_app.store import incidents, journal, outbox
from desk_app.store.journal import KeptEntry
from desk_app.store.outbox import BatchRecord
from schemas.contact import Contact, JournalHead, Verdict
from sync.protocol.returning import pack
from tests.support.counter import Counter, heard


def journal_of(counter: Counter, epoch: int = 1) -> tuple[KeptEntry, ...]:
    """What the desk's own journal holds of an epoch."""
    with counter.place.vault.read() as tx:
        return journal.after(tx, epoch=epoch, sequence=0, limit=99)


def receipted(counter: Counter, first: int, last: int) -> None:
    """Let the district have signed for some entries."""
    with counter.place.vault.write() as tx:
        outbox.add(tx, BatchRecord(f"batch {first}", 1, first, last, "{}", b""))
        outbox.receipted(tx, f"batch {first}", "{}")


def called(counter: Counter, verdict: Verdict, **said: object) -> Contact:
    """Greet, and keep a welcome that answers it."""
    contact = contacts.next_contact(counter.place)
    plain = {"counter": contact.counter, "nonce": contact.nonce, "newest_epoch": 1}
    welcome = counter.town.welcome(**{**plain, "verdict": verdict, **said})
    contacts.keep_welcome(counter.place, welcome, verdict)
    return contact


def head(kept: KeptEntry) -> JournalHead:
    """Say up to an entry what is held."""
    return JournalHead(epoch=kept.epoch, sequence=kept.sequence, chain=kept.chain)


def sent_back(counter: Counter, held: tuple[KeptEntry, ...], *, since: int = 2) -> None:
    """Let what the district held come back by the feed."""
    for body in pack((each.entry for each in held), since=since):
        with counter.place.vault.write() as tx:
            position = heard(tx, body.kind)
            taking_back.take(counter.place, tx, body, position)


def told_of(counter: Counter) -> dict[str, dict[str, str]]:
    """What befell the desk and nobody has seen yet."""
    with counter.place.vault.read() as tx:
        found = incidents.listed(tx, unseen_only=True, limit=99)
    return {each.what: each.detail for each in found}


def numbers_of(counter: Counter) -> set[str]:
    """The numbers of its cases."""
    return {row.number for row in counter.desk.cases(page_size=99).rows}


@dataclass
class PutBack:
    """A desk whose folder was put back; the district holds all that it lost."""

    counter: Counter
    held: tuple[KeptEntry, ...]
    kept: str
    lost: str


def a_desk_put_back(own: Counter, tmp_path: Path) -> PutBack:
    """Take two cases, and put the folder back to before the second."""
    kept = own.take(seed=1)
    receipted(own, 1, 1)
    own.desk.lock()
    shutil.copytree(own.places.home, tmp_path / "copy")
    own.as_("lin")
    lost = own.take(seed=2)
    held = journal_of(own)
    own.desk.lock()
    shutil.rmtree(own.places.home)
    (tmp_path / "copy").rename(own.places.home)
    own.as_("lin")
    assert numbers_of(own) == {kept}
    return PutBack(own, held, kept, lost)


def heal(put: PutBack) -> None:
    """The greeting that shows it, and all that comes back."""
    called(put.counter, Verdict.DESK_BEHIND, held=head(put.held[-1]))
    sent_back(put.counter, put.held[1:])
