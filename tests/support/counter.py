"""A counter without a line: a desk enrolled by files, whose clock the test sets.

No server and no certificates: the district is three keys, so that its words can be
said (and forged) by the test. What needs a district that files is a journey.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import Places, places
from desk_app.services import receiving
from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.store import feed, journal, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.contact import Welcome
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter, GrantPackage, Invitation, NamedDocument
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.statement import DayClosed, Place, StatementAgreed
from sync.seal import suite1
from sync.seal.agreements import sign_agreement
from sync.seal.enrolment import (
    charter_digest,
    document_digest,
    make_charter,
    make_grant,
)
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.slips import certify_device
from tests.support.rigs import NANRI, PASSPHRASE, finished

MONDAY = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
"""Ten o'clock at the window, and no holiday near."""
ITEM = "HY01-02"
SECRET = b"ten bytes!"


@dataclass
class Watch:
    """The desk's clocks: time passes for both, the wall alone can be set."""

    now: datetime = MONDAY
    ticks_ms: int = 0

    def later(self, **span: float) -> None:
        passed = timedelta(**span)
        self.now += passed
        self.ticks_ms += round(passed / timedelta(milliseconds=1))


@dataclass(frozen=True)
class Town:
    """The district as a desk knows it: its keys, and what it signs with them."""

    answers: SigningKey = field(default_factory=lambda: SigningKey(b"\x0a" * 32))
    receipts: SigningKey = field(default_factory=lambda: SigningKey(b"\x0b" * 32))
    opening: SealingKey = field(default_factory=lambda: SealingKey(b"\x0c" * 96))

    def charter(self, *, name: str = "秀屿区（示例）") -> Charter:
        return make_charter(
            {
                "suite": suite1.SUITE, "district": "350305", "name": name,
                "urls": ["https://localhost:1"], "ca_pem": "none",
                "sealing_key": base64_text(self.opening.public),
                "receipt_key": base64_text(self.receipts.public),
                "answers_key": base64_text(self.answers.public),
                "made_at": utc_text(MONDAY),
            },
            self.answers,
        )  # fmt: skip

    def invitation(self) -> str:
        file = Invitation(
            charter=self.charter(), secret=base64_text(SECRET), town=NANRI,
            expires_at=MONDAY + timedelta(days=9),
        )  # fmt: skip
        return file.model_dump_json()

    def agrees(
        self, said: DayClosed, closed: Place, key: SigningKey | None = None
    ) -> StatementAgreed:
        """Return the countersigned statement of a closing."""
        document = sign_agreement(
            {
                "statement": said.statement.model_dump(mode="json"),
                "closed": closed.model_dump(mode="json"), "operator": "0" * 16,
                "operator_name": said.operator_name, "agreed_at": utc_text(MONDAY),
            },
            key or self.answers,
        )  # fmt: skip
        day, version = said.statement.day, said.statement.version
        return StatementAgreed(day=day, version=version, document=document)

    def welcome(self, **said: object) -> Welcome:
        """Return what the district would say to a greeting; not signed."""
        plain = {
            "suite": suite1.SUITE, "receipt_key": self.receipts.key_id,
            "device": "d" * 32, "counter": 1, "nonce": "0" * 32,
            "incarnation": "1" * 32, "log_position": 0, "feed_head": 0, "at": MONDAY,
            "verdict": "agreed", "signature": "AA",
        }  # fmt: skip
        return Welcome.model_validate({**plain, **said})

    def package(
        self,
        device: str,
        signing_public: bytes,
        *,
        terminal: str = "01",
        **other: str,
    ) -> GrantPackage:
        """The district's yes, with what was shipped, or another text of a kind."""
        documents = []
        for kind, name in (("edition", "edition-1"), ("holidays", "holidays"),
                           ("closed_seasons", "closed_seasons")):  # fmt: skip
            text = files("assets").joinpath("catalogue", f"{name}.json")
            said = other.get(kind) or text.read_text("utf-8")
            documents.append(NamedDocument.model_validate(
                {"kind": kind, "digest": document_digest(said), "text": said}
            ))  # fmt: skip
        grant = make_grant(
            {
                "suite": suite1.SUITE, "device": device, "device_number": 1,
                "town": NANRI, "terminal": terminal,
                "charter_digest": charter_digest(self.charter()),
                "documents": {each.kind: each.digest for each in documents},
                "granted_at": utc_text(MONDAY),
                "device_certificate": certify_device(
                    signing_public, town=NANRI, terminal=terminal, answers=self.answers
                ),
            },
            self.answers,
        )  # fmt: skip
        return GrantPackage(
            charter=self.charter(), grant=grant, documents=tuple(documents)
        )


@dataclass
class Counter:
    """A desk at which somebody stands, its clock, and its district's keys."""

    desk: Desk
    watch: Watch
    town: Town
    recovery: str

    @property
    def place(self) -> Workplace:
        return self.desk.place

    @property
    def places(self) -> Places:
        return self.desk.places

    def as_(self, login: str) -> Workplace:
        """Let somebody else work here: `lin` and `chen` lead, `wu` is a clerk."""
        self.desk.unlock(login, PASSPHRASE)
        return self.desk.place

    def draft(self, code: str = ITEM, *, seed: int = 1) -> Draft:
        """Return an invented application that can be accepted."""
        return self.desk.draft(finished(self.desk, code, seed=seed))

    def take(self, code: str = ITEM, *, seed: int = 1) -> str:
        """Take one invented application, without printing; returns its number."""
        draft = finished(self.desk, code, seed=seed)
        return receiving.receive_case(self.place, draft, receiving.When())

    def entries(self, *, epoch: int = 1) -> list[JournalEntry]:
        """Return what the journal of an epoch says."""
        with self.place.vault.read() as tx:
            kept = journal.after(tx, epoch=epoch, sequence=0, limit=9999)
        return [JournalEntry.model_validate_json(each.entry) for each in kept]

    def trail(self) -> list[str]:
        """Return what was done, the newest first, as the audit names it."""
        with self.place.vault.read() as tx:
            rows = tx.rows("SELECT what FROM audit ORDER BY position DESC LIMIT 20")
        return [str(what) for (what,) in rows]

    def put(self, name: str, value: str) -> None:
        """Set a setting behind the verbs' back."""
        with self.place.vault.write() as tx:
            settings.put(tx, name, value)


def a_bare_counter(folder: Path) -> Counter:
    """Set up a desk that no district knows; `lin` leads it and stands at it."""
    watch = Watch()
    hands = dataclasses.replace(
        real_hands(),
        now=lambda: watch.now,
        monotonic_ms=lambda: watch.ticks_ms,
        dice=lambda: 0.5,
    )
    desk = Desk(places(folder), hands)
    recovery = desk.set_up(
        desk_name="南日镇一号窗口", town=NANRI, login="lin", name="林窗口",
        passphrase=PASSPHRASE,
    )  # fmt: skip
    desk.unlock("lin", PASSPHRASE)
    return Counter(desk, watch, Town(), recovery)


@contextmanager
def a_counter(folder: Path, *, terminal: str = "01") -> Iterator[Counter]:
    """Enrol a desk of three operators by files; `lin` stands at it."""
    made = a_bare_counter(folder)
    for login, name in (("chen", "陈窗口"), ("wu", "吴窗口")):
        made.desk.add_operator(
            login=login, name=name, role="supervisor" if login == "chen" else "clerk",
            passphrase=PASSPHRASE, own=PASSPHRASE,
        )  # fmt: skip
    made.desk.enrolment_request(made.town.invitation())
    with made.place.vault.read() as tx:
        device = settings.get(tx, "device") or ""
    signing = signing_public(made.place)
    package = made.town.package(device, signing, terminal=terminal)
    made.desk.apply_grant(package.model_dump_json())
    try:
        yield made
    finally:
        made.desk.lock()


def signing_public(place: Workplace) -> bytes:
    """Return the public half of the key that a desk signs with."""
    with place.vault.read() as tx:
        own = settings.get(tx, "signing_key") or ""
    return SigningKey(base64_bytes(own)).public


def heard(tx: Transaction, kind: str, position: int | None = None) -> int:
    """Note a message of the district's, as its feed is applied; returns its place."""
    at = position or feed.cursor(tx) + 1
    feed.add(tx, feed.FeedRecord(at, kind, None, "{}", "{}", utc_text(MONDAY)))
    return at


def refused(
    code: Code, verb: Callable[..., object], *args: object, **named: object
) -> Problem:
    """Assert that a verb refuses by this number; returns the problem."""
    with pytest.raises(Problem) as caught:
        verb(*args, **named)
    assert caught.value.code is code, caught.value
    return caught.value
