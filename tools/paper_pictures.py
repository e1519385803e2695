"""Make the pictures of every printed document for the user manual.

Usage: python -m tools.paper_pictures [FOLDER] (default docs/manual/documents). A real
desk and its district run in a throw-away folder; the cases in it are invented. The
clock stands still, so that the pictures change only when a document does.
"""

import asyncio
import dataclasses
import random
import sys
import tempfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import papers, preferences, sheets, steps
from desk_app.services.batching import take_batch
from desk_app.services.desk import Desk
from desk_app.services.receiving import When
from desk_app.services.steps import Handover
from schemas import steps as s
from schemas.case import MaterialForm, Received, Visit
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import PASSPHRASE, Island, an_island, take_case

FOLDER = Path(__file__).parent.parent / "docs" / "manual" / "documents"
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
RENEWAL, FARM, UPWARD, SEA = "HY01-02", "HY05-04", "HY09-02", "HY06-01"
DUE = date(2026, 11, 30)
_WIDTH = 900
_COLOURS = 32


def picture(pdf: bytes, path: Path, *, width: int = _WIDTH) -> None:
    """Write a PDF's first page as a small PNG."""
    page = pypdfium2.PdfDocument(BytesIO(pdf))[0]
    big = page.render(scale=2 * width / page.get_width()).to_pil().convert("L")
    small = big.resize((width, big.height * width // big.width), Image.Resampling.BOX)
    small.quantize(_COLOURS).save(path, optimize=True)


class Maker:
    """Walks invented cases through every step that prints something."""

    def __init__(self, island: Island, desk: Desk, folder: Path) -> None:
        self.island, self.desk, self.folder = island, desk, folder

    def as_(self, login: str) -> None:
        """Let another operator sit down."""
        self.desk.unlock(login, PASSPHRASE)

    def shoot(self, kind: str, number: str, name: str | None = None) -> None:
        """Make a document and its picture."""
        pdf = papers.document(self.desk.place, kind, number)
        width = 420 if kind == "slip" else _WIDTH
        picture(pdf, self.folder / f"{name or kind}.png", width=width)

    def change(self, number: str, forms: dict[str, str], **answers: object) -> None:
        """Correct a case: forms of materials, answers."""
        draft = self.desk.correction_draft(number)
        taken = tuple(
            m.model_copy(update={"form": MaterialForm(forms.get(m.key, m.form))})
            for m in draft.materials
        )
        form = {**draft.form, **answers}
        draft = dataclasses.replace(draft, materials=taken, form=form)  # type: ignore[arg-type]
        steps.correct_on_spot(self.desk.place, draft, what="更正申请内容")

    def make(self) -> None:
        """Make every picture."""
        self.as_("lin")
        preferences.prefer(self.desk.place, "desk_phone", "0594-5880000（示例）")
        self.accepted()
        self.corrected()
        self.deferred()
        self.committed()
        self.refused()
        self.upward()
        self.stopped()
        self.sheets()

    def accepted(self) -> None:
        """The usual path, with an agent and the official number."""
        self.as_("wu")
        number = take_case(self.desk, RENEWAL, seed=8)
        agent = {
            "agent_used": True, "agent_name": "陈阿妹", "agent_relation": "亲属",
            "agent_id": "11010519491231002X",
        }  # fmt: skip
        self.change(number, {"hukou": "copy", "gear": "not_applicable"}, **agent)
        for kind in ("receipt", "slip", "told", "power", "season"):
            self.shoot(kind, number)
        place = self.desk.place
        steps.accept_case(place, number, s.Acceptance.FULL)
        self.there_and_back()
        district = self.island.district
        official = Received(official_number="FJ-示例-2026-000123")
        answer_case(district.record, number, official, by="区审核", now=NOW)
        self.there_and_back()
        self.shoot("acceptance", number)

    def there_and_back(self) -> None:
        """Send what waits and take what the district says."""
        district = self.island.district
        asyncio.run(self.desk.sync(impatient=True))
        reconcile_once(district.sealed, district.record, district.keys, now=NOW)
        asyncio.run(self.desk.sync(impatient=True))

    def corrected(self) -> None:
        """Told once what is missing; sent back when it did not come."""
        number = take_case(self.desk, RENEWAL, seed=16)
        self.change(number, {"vinsp": "missing", "logbook": "missing"})
        told = ("渔业船舶检验证书", "渔捞日志（2026年1月至10月）", "申请表未签字")
        steps.request_correction(self.desk.place, number, missing=told, due=DUE)
        self.shoot("correction", number)
        self.as_("chen")
        steps.send_back(self.desk.place, number, reason="逾期未补，也未说明原因")
        self.shoot("sent_back", number)

    def deferred(self) -> None:
        """Accepted with papers to follow."""
        self.as_("wu")
        number = take_case(self.desk, RENEWAL, seed=24)
        self.change(number, {"vinsp": "missing", "vown": "missing"})
        due = {"vinsp": DUE, "vown": DUE}
        steps.accept_case(self.desk.place, number, s.Acceptance.DEFERRED, due=due)
        self.shoot("deferred", number)

    def committed(self) -> None:
        """Accepted on a commitment."""
        number = take_case(self.desk, FARM, seed=6)
        steps.accept_case(
            self.desk.place, number, s.Acceptance.COMMITMENT,
            commitment="养殖区域界址无争议，不占用航道和锚地。",
        )  # fmt: skip
        self.shoot("commitment", number)

    def refused(self) -> None:
        """Refused in writing, and left behind at the door."""
        number = take_case(self.desk, RENEWAL, seed=32)
        self.as_("chen")
        steps.refuse_to_accept(
            self.desk.place, number, s.NotAcceptedBecause.NOT_COMPETENT,
            reason="所申请的船舶检验由海事管理机构办理。", apply_to="（示例）海事局",
            remedies="复议机关：秀屿区人民政府（示例）；起诉法院：有管辖权的人民法院。",
        )  # fmt: skip
        self.shoot("not_accepted", number)
        given = Handover(
            s.DeliveryWay.DOOR, "不予受理决定书", "林海生", witness="王村主任（示例）",
            refused=True,
        )  # fmt: skip
        steps.deliver_result(self.desk.place, number, given)
        self.shoot("delivery", number)

    def upward(self) -> None:
        """Forwarded to whoever decides above."""
        number = take_case(self.desk, UPWARD, seed=9)
        steps.forward_case(
            self.desk.place, number, to="省级渔业主管部门", opinion="材料齐全，同意上报"
        )
        self.shoot("forwarded", number)

    def stopped(self) -> None:
        """A special procedure, then ten days more."""
        number = take_case(self.desk, SEA, seed=12)
        place = self.desk.place
        steps.accept_case(place, number, s.Acceptance.FULL)
        steps.stop_clock(
            place, number, s.StopReason.EXPERT_REVIEW, days=15, reason="涉及锚地避让"
        )
        self.shoot("special", number)
        steps.resume_clock(place, number, result="评审通过")
        steps.extend_period(
            place, number, reason="需征求海事部门意见", approved_by="（示例）局长"
        )
        self.shoot("extension", number)

    def sheets(self) -> None:
        """Bags, visits, an item, blank forms, a rare character."""
        self.as_("wu")
        draft = self.desk.correction_draft(take_case(self.desk, RENEWAL, seed=40))
        visit = Visit(kind="pier", place="示例码头", bag="F-2026-018")
        shared = dataclasses.replace(draft, answers_case=None)
        boats = {f"闽秀渔9980{n}": {} for n in range(1, 5)}
        lines = take_batch(self.desk.place, shared, boats, when=When(visit=visit))
        first = self.desk.case(str(lines[0].number))
        place = self.desk.place
        batch = papers.batch_of(place, first.row.number)
        for name, pdf in (
            ("handover", sheets.handover_list(place, "F-2026-018")),
            ("batch", sheets.batch_list(place, batch)),
            ("told-item", sheets.told_for_item(place, RENEWAL)),
            ("blank", sheets.blank_forms(place, "HY12-01", 1)[0]),
        ):
            picture(pdf, self.folder / f"{name}.png")
        draft = self.desk.new_draft("HY12-01")
        source = self.desk.correction_draft(take_case(self.desk, "HY12-01", seed=41))
        rare = dataclasses.replace(
            source, draft_id=draft.draft_id, answers_case=None,
            applicant={**source.applicant, "name": "陈[土口]明"},
        )  # fmt: skip
        self.desk.save_draft(rare)
        self.shoot("receipt", self.desk.receive_case(rare.draft_id).number, "rare")


def main() -> None:
    """Make them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(20261123)  # noqa: S311 - the same pictures every time
    with (
        tempfile.TemporaryDirectory(prefix="island-desk-pictures-") as home,
        an_island(Path(home)) as island,
    ):
        for login, name, role in (
            ("chen", "陈主管", "supervisor"), ("wu", "吴窗口", "clerk"),
        ):  # fmt: skip
            island.desk.add_operator(
                login=login, name=name,
                role="supervisor" if role == "supervisor" else "clerk",
                passphrase=PASSPHRASE, own=PASSPHRASE,
            )  # fmt: skip
        island.desk.lock()
        hands = dataclasses.replace(
            real_hands(), now=lambda: NOW, random_bytes=dice.randbytes
        )
        desk = Desk(places(Path(home) / "desk"), hands)
        Maker(island, desk, folder).make()
        desk.lock()


if __name__ == "__main__":
    main()
