"""The desk as screens and the command line use it: one facade over the verbs.

Blocking: screens call it through `asyncio.to_thread`. Raises `Problem` only.
"""

from datetime import date, datetime
from pathlib import Path

from pydantic import TypeAdapter

from desk_app.config.places import Places
from desk_app.printing.recovery import recovery_pdf
from desk_app.services import (
    access,
    catalogue,
    commands,
    drafting,
    enrolling,
    finding,
    fresh_keys,
    papers,
    publishing,
    reading,
    syncing,
)
from desk_app.services.drafting import CheckReport
from desk_app.services.hands import Hands, Workplace
from desk_app.services.receiving import When, receive_case, resubmit
from desk_app.services.shown import (
    Board,
    CasePage,
    CaseReceipt,
    CaseView,
    Draft,
    DraftRow,
    OperatorRow,
    Role,
    Session,
    SyncStatus,
)
from desk_app.services.standing import local_day
from desk_app.store import applicants, cases, drafts, operators
from desk_app.store.attempts import Attempts
from desk_app.store.keyslots import Keyslots
from desk_app.text.words import CHINA, local_time
from schemas.applicant import Applicant, Organisation, Person
from schemas.catalogue import Edition, Item, search_items
from schemas.problems import Code, Problem
from sync.client.engine import StepReport, step

_applicant: TypeAdapter[Person | Organisation] = TypeAdapter(Applicant)
RECEIPT = "receipt"


class Desk:
    """One desk: locked or with somebody at it."""

    def __init__(self, places: Places, hands: Hands) -> None:
        self._places = places
        self._hands = hands
        self._place: Workplace | None = None
        self._session: Session | None = None

    @property
    def is_set_up(self) -> bool:
        """Say whether this desk has a vault."""
        return access.is_set_up(self._places)

    @property
    def places(self) -> Places:
        """Where this desk keeps its files."""
        return self._places

    @property
    def exports(self) -> Path:
        """Where PDFs go that the clerk asked to save."""
        return self._places.exports

    @property
    def session(self) -> Session | None:
        """Who is at the desk, or None while it is locked."""
        return self._session

    @property
    def place(self) -> Workplace:
        """The unlocked workplace; `Problem(DESK_LOCKED)` while locked."""
        if self._place is None:
            raise Problem(Code.DESK_LOCKED)
        return self._place

    def _now(self) -> datetime:
        """Return the time: by what was proved, once the desk is unlocked."""
        hands = self._hands if self._place is None else self._place.hands
        return hands.now()

    def today(self) -> date:
        """Return today's local date."""
        return local_day(self._now())

    def working_day(self, days: int) -> date:
        """Return the last of so many working days from today."""
        calendar = catalogue.current_calendar(self.place)
        return calendar.after(self.today(), days).day

    def stamp(self) -> str:
        """Return the local time, for a file's name."""
        return f"{self._now().astimezone(CHINA):%Y%m%d-%H%M%S}"

    def set_up(
        self, *, desk_name: str, town: str, login: str, name: str, passphrase: str
    ) -> str:
        """Make the vault and its first supervisor; returns the recovery key."""
        operator_id = self._hands.random_bytes(8).hex()
        first = OperatorRow(operator_id, login, name, "supervisor", active=True)
        return access.set_up(
            self._places, self._hands, desk_name=desk_name, town=town, first=first,
            passphrase=passphrase,
        )  # fmt: skip

    def recovery_page(self, recovery_key: str, desk_name: str) -> bytes:
        """Return the page with a fresh recovery key; it is kept nowhere."""
        made_at = local_time(self._hands.now())
        return recovery_pdf(recovery_key, desk_name=desk_name, made_at=made_at)

    def unlock(self, login: str, passphrase: str) -> Session:
        """Let an operator in; the former one's vault is closed."""
        place = access.unlock(
            self._places, self._hands, login=login, passphrase=passphrase
        )
        self.lock()
        self._place = place
        publishing.catch_up(place)
        finding.catch_up_if_it_can_be(place)
        role: Role = "supervisor" if place.role == "supervisor" else "clerk"
        self._session = Session(place.operator, login, place.operator_name, role)
        return self._session

    def recover(self, recovery_key: str, login: str, passphrase: str) -> None:
        """Give an operator a new passphrase by the recovery key."""
        access.recover(
            self._places, self._hands, recovery_key=recovery_key, login=login,
            passphrase=passphrase,
        )  # fmt: skip

    def lock(self) -> None:
        """Close the vault and forget its key; drafts are on disk already."""
        # Locked from this moment on; the file closes when nobody writes to it any more.
        place, self._place, self._session = self._place, None, None
        if place is not None:
            place.vault.close()

    def unlock_delay_s(self) -> int:
        """Return how many seconds must pass before the next try."""
        return Attempts(self._places.attempts).delay_s(now=self._hands.now())

    def operators(self) -> tuple[OperatorRow, ...]:
        """Return everybody who works or worked here."""
        return access.list_operators(self.place)

    def add_operator(
        self, *, login: str, name: str, role: Role, passphrase: str, own: str
    ) -> OperatorRow:
        """Let one more person work here; `own` is the supervisor's passphrase."""
        access.require_supervisor(self.place)
        slots = Keyslots(self._places.keyslots, dice=self._hands.random_bytes)
        session = self._session
        if session is None:
            raise Problem(Code.DESK_LOCKED)
        key = slots.unlock(session.login, own).key
        return access.add_operator(
            self.place, self._places, key, login=login, name=name, role=role,
            passphrase=passphrase,
        )  # fmt: skip

    def remove_operator(self, operator_id: str) -> None:
        """Let somebody go; supervisors only, never the last of them."""
        access.remove_operator(self.place, self._places, operator_id)

    def change_passphrase(self, old: str, new: str) -> None:
        """Change one's own passphrase."""
        access.change_passphrase(self.place, self._places, old=old, new=new)

    def reset_passphrase(self, operator_id: str, new: str, own: str) -> None:
        """Give somebody a new passphrase; supervisors only."""
        access.reset_passphrase(
            self.place, self._places, operator_id=operator_id, new=new, own=own
        )

    def renew_recovery_key(self, own: str) -> str:
        """Replace the recovery key; supervisors only. Returns the new one."""
        return access.renew_recovery_key(self.place, self._places, own=own)

    def edition(self) -> Edition:
        """Return the catalogue in use."""
        return catalogue.current_edition(self.place)

    def edition_of(self, number: int) -> Edition:
        """Return the catalogue that a case was taken under."""
        return catalogue.edition_of(self.place, number)

    def find_items(self, text: str, *, limit: int = 20) -> tuple[Item, ...]:
        """Find items by Chinese words, pinyin, initials or code."""
        return search_items(self.edition(), text)[:limit]

    def load_edition(self, text: str) -> tuple[catalogue.EditionFault, ...]:
        """Put a newer edition into use, or return its faults."""
        return catalogue.load_edition(self.place, text)

    def new_draft(self, item_code: str) -> Draft:
        """Begin an application; it is on disk from now on."""
        drafting.require_item(self.edition(), item_code)
        form = {"agent_used": False}
        draft = Draft(self.place.new_id(), item_code, form=form)
        return drafting.save(self.place, draft)

    def save_draft(self, draft: Draft) -> Draft:
        """Write a draft down as it stands."""
        return drafting.save(self.place, draft)

    def draft(self, draft_id: str) -> Draft:
        """Return one draft."""
        return drafting.get(self.place, draft_id)

    def discard_draft(self, draft_id: str, reason: str) -> None:
        """Throw a draft away, with a reason."""
        drafting.discard(self.place, draft_id, reason=reason)

    def drafts(self) -> tuple[DraftRow, ...]:
        """Return every draft, the one last touched first."""
        with self.place.vault.read() as tx:
            records = drafts.all_of(tx)
            names = {each.operator_id: each.name for each in operators.all_of(tx)}
        rows = []
        for record in records:
            draft = drafting.load(record)
            item = self.edition().item(draft.item_code)
            name = item.name if item else draft.item_code
            applicant = draft.applicant.get("name", "")
            at = draft.updated_at or self._now()
            by = names.get(record.operator, "")
            rows.append(
                DraftRow(draft.draft_id, draft.item_code, name, applicant, at, by)
            )
        return tuple(rows)

    def check(self, draft: Draft) -> CheckReport:
        """Return all that is wrong with a draft, and which materials are due."""
        return drafting.check(self.edition(), draft, now=self._now())

    def receive_case(self, draft_id: str, when: When | None = None) -> CaseReceipt:
        """Accept a draft: the number, T0, and the receipt to hand over."""
        number = receive_case(self.place, draft_id, when or When())
        pdf = self.receipt_pdf(number)
        view = self.case(number)
        notice = next(each for each in view.deadlines if each.what == "notice")
        finding.catch_up_if_it_can_be(self.place)
        return CaseReceipt(number, view.row.received_at, notice, pdf)

    def resubmit(self, draft: Draft, reason: str) -> None:
        """Hand in again what the district returned."""
        resubmit(self.place, draft, reason=reason)

    def correction_draft(self, number: str) -> Draft:
        """Begin a correction of a returned case from what was handed in."""
        view = self.case(number)
        application = view.application
        applicant = application.applicant.model_dump(mode="json")
        draft = Draft(
            draft_id=self.place.new_id(),
            item_code=application.item_code,
            applicant={k: str(v) for k, v in applicant.items()},
            form=application.form,
            materials=application.materials,
            answers_case=number,
        )
        return drafting.save(self.place, draft)

    def receipt_pdf(self, number: str) -> bytes:
        """Make, number and keep one more copy of a case's receipt."""
        return papers.document(self.place, RECEIPT, number)

    def cases(
        self, text: str = "", *, state: str | None = None, page: int = 0,
        page_size: int = 40,
    ) -> CasePage:  # fmt: skip
        """Return a page of cases that match what was typed."""
        wanted = cases.CaseFilter(text=text, state=state)
        return reading.list_cases(self.place, wanted, page=page, page_size=page_size)

    def case(self, number: str) -> CaseView:
        """Return all of one case."""
        return reading.view_case(self.place, number)

    def recall_applicants(
        self, text: str, *, limit: int = 8
    ) -> tuple[Person | Organisation, ...]:
        """Return known applicants by name, pinyin, id tail or phone tail."""
        if not text.strip():
            return ()
        with finding.looking(self.place) as tx:
            bodies = applicants.recall(tx, text.strip(), limit=limit)
        return tuple(_applicant.validate_json(body) for body in bodies)

    def board(self) -> Board:
        """Return the first screen of the day."""
        return reading.board(self.place, self.sync_status())

    def sync_status(self) -> SyncStatus:
        """Return where the conversation with the district stands."""
        return syncing.status(self.place)

    def may_rest(self) -> bool:
        """Say whether nothing waits and the district was heard a moment ago."""
        return syncing.may_rest(self.place)

    async def sync(self, *, impatient: bool = False) -> StepReport:
        """Send what waits and take what the district says."""
        place = self.place
        await self._ask_for_keys(impatient=impatient)
        keys = syncing.keys_of(place)
        carrier = enrolling.carrier_of(place)
        publishing.catch_up(place)
        try:
            return await step(
                syncing.VaultPort(place), carrier, keys, now=place.hands.now,
                dice=self._hands.dice, impatient=impatient,
            )  # fmt: skip
        finally:
            await carrier.close()
            commands.carry_out(place, self._places)

    async def _ask_for_keys(self, *, impatient: bool) -> None:
        """Ask for fresh keys where they were asked for, at the pace of every try."""
        now = self._hands.now()
        if not impatient and not syncing.VaultPort(self.place).patience().allows(now):
            return
        try:
            await fresh_keys.poll(self.place)
        except Problem:
            # No line, or a no: the greeting that follows meets it and tells.
            return

    def fingerprint(self) -> str:
        """Return the desk's own fingerprint."""
        return enrolling.own_fingerprint(self.place)

    def district_fingerprint(self) -> str | None:
        """Return the district's fingerprint, once it is known."""
        return enrolling.district_fingerprint(self.place)

    async def enrol_with_code(self, url: str, code: str) -> str:
        """Ask a district to take this desk in."""
        return await enrolling.enrol_with_code(self.place, url=url, code=code)

    def enrolment_request(self, invitation: str) -> str:
        """Return the request file for an invitation file."""
        return enrolling.request_for(self.place, invitation)

    async def poll_grant(self) -> str:
        """Ask how the request stands."""
        return await enrolling.poll_grant(self.place)

    def apply_grant(self, text: str) -> None:
        """Apply a grant file."""
        enrolling.apply_grant(self.place, text)
