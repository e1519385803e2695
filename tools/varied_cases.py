"""Invented journals with the variety of real ones: to train the dictionary, to measure.

Rule 1: everything follows from a seed; nothing is anybody's (sample regions, phones
        1390000xxxx, vessels 闽秀渔99xxx).
Rule 2: what varies between real cases varies here (names, numbers, places, remarks), so
        that what compresses here is what would compress there: the form's own words.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from stdnum.cn import ric, uscc

from schemas.base import utc_text
from schemas.catalogue import Edition, Field, Item
from schemas.encoding import canonical
from schemas.ids import NumberParts, case_number

_SURNAMES = "林陈黄郑吴许蔡李张王杨刘方肖柯翁余朱谢苏潘高何曾邱严魏宋卢徐"
_GIVEN = (
    "海生阿妹志强丽珠金水秀英文龙建国玉兰福来春花国庆美珍清泉明辉碧霞元宝天赐"
    "永康素琴加兴亚梅宗耀火木细妹鸿飞雪芳振华少平月娥长顺水仙光荣瑞云伟民"
)
_VILLAGES = (
    "岩下村", "浮叶村", "西寨村", "后叶村", "万峰村", "草湖村", "云万村", "石盘村",
    "东岱村", "港南村", "沙洋村", "海山村", "三墩村", "山初村", "西高村", "煎茶村",
)  # fmt: skip
_REMARKS = (
    "资料齐全", "原件已核对", "主机更换后重新检验", "申请人称证书在台风中受损",
    "委托其子代办", "养殖区与航道相距约", "与上年范围一致", "船舶停靠在石城港",
    "租赁合同约定至", "尚欠检验报告一份", "联系电话以手机为准", "户籍地址与现住址不同",
    "作业方式为刺网", "作业方式为流刺网、钓具", "船名已按新规变更", "保险单另附",
    "与邻近养殖户界址无争议", "村委会已盖章确认", "照片两张已贴", "旧证遗失声明已登报",
)  # fmt: skip
_DAY_ZERO = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)


class Varied:
    """One desk's invented journal, drawn from one seed."""

    def __init__(self, edition: Edition, *, seed: int) -> None:
        """Draw the desk: its device, operators and boots."""
        self.edition = edition
        # Repeatable on purpose: a bench and a training set are to be had again.
        self.dice = random.Random(seed)  # noqa: S311
        self.sequence = 0
        self.device = self._hex(32)
        self.operators = [self._hex(16) for _ in range(3)]
        self.boot = self._hex(32)
        self.now = _DAY_ZERO + timedelta(days=self.dice.randrange(600))
        self.serial = 0
        self.uptime = self.dice.randrange(3_000_000)

    def _hex(self, digits: int) -> str:
        return f"{self.dice.getrandbits(4 * digits):0{digits}x}"

    def _tick(self, most_s: int = 1800) -> None:
        step = self.dice.randrange(5000, most_s * 1000)
        self.uptime += step
        self.now += timedelta(milliseconds=step)
        if self.now.hour >= 9:  # noqa: PLR2004 - 17:00 in China: the next morning
            self.now = (self.now + timedelta(days=1)).replace(hour=0, minute=31)
            self.boot, self.uptime, self.serial = self._hex(32), 60_000, 0

    def name(self) -> str:
        """Return a person's name of two or three characters."""
        given = "".join(self.dice.choices(_GIVEN, k=self.dice.choice((1, 2, 2, 2))))
        return self.dice.choice(_SURNAMES) + given

    def person_id(self) -> str:
        """Return a resident id of the sample region with a valid check digit."""
        born = _DAY_ZERO - timedelta(days=self.dice.randrange(7000, 29000))
        body = f"110105{born:%Y%m%d}{self.dice.randrange(1, 999):03d}"
        return body + str(ric.calc_check_digit(body + "0"))

    def credit_code(self) -> str:
        """Return a credit code of the sample region with a valid check character."""
        body = f"93350300MA{self.dice.randrange(10**7):07d}"
        return body + str(uscc.calc_check_digit(body))

    def address(self) -> str:
        """Return an address on the island that names no house."""
        village = self.dice.choice(_VILLAGES)
        return (
            f"福建省莆田市秀屿区南日镇{village}{self.dice.randrange(1, 400)}号（示例）"
        )

    def remark(self) -> str:
        """Return a few words as clerks write them."""
        chosen = self.dice.sample(_REMARKS, k=self.dice.choice((1, 1, 2, 3)))
        return "，".join(chosen) + self.dice.choice(
            ("", "", "。", f"{self._number()}米")
        )

    def _number(self) -> int:
        return self.dice.choice((self.dice.randrange(100), self.dice.randrange(10_000)))

    def _day(self, ahead: int = 700) -> str:
        return f"{self.now + timedelta(days=self.dice.randrange(-400, ahead)):%Y-%m-%d}"

    def applicant(self, item: Item) -> dict[str, str]:
        """Return an applicant of a kind that the item admits."""
        kind = str(self.dice.choice(item.applicant_kinds))
        phone = f"1390000{self.dice.randrange(10_000):04d}"
        made = {"kind": kind, "phone": phone, "address": self.address()}
        if kind == "person":
            return {**made, "name": self.name(), "id_number": self.person_id()}
        firm = f"示例{self.name()}"
        firm += self.dice.choice(("合作社", "水产有限公司", "渔业公司"))
        return {**made, "name": firm, "credit_code": self.credit_code()}

    def form(self, item: Item) -> dict[str, Any]:
        """Return answers in the canonical shapes of the item's fields."""
        made: dict[str, Any] = {}
        agent = self.dice.random() < 0.3  # noqa: PLR2004 - about one in three
        for field in self.edition.form_fields(item):
            if field.name.startswith("agent_") and not agent:
                continue
            if field.required or self.dice.random() < 0.6:  # noqa: PLR2004 - most
                value = self._answer(field)
                if value is not None:
                    made[field.name] = value
        made["agent_used"] = agent
        return made

    def _answer(self, field: Field) -> Any:
        dice, options = self.dice, self.edition.options(field)
        match field.type:
            case "vessel_no":
                return f"闽秀渔99{dice.randrange(1000):03d}"
            case "select":
                return dice.choice(options) if options else self.remark()[:10]
            case "multiselect":
                most = min(3, len(options))
                return dice.sample(
                    list(options), k=dice.randint(1, most) if most else 0
                )
            case "decimal" | "money":
                return f"{dice.randrange(1, 40_000) / 100:.2f}"
            case "int":
                return dice.randrange(1, 60)
            case "date":
                return self._day()
            case "datetime":
                return (
                    f"{self._day()}T{dice.randrange(24):02d}:{dice.randrange(60):02d}"
                )
            case "daterange":
                first = self._day()
                return {"from": first, "to": f"{int(first[:4]) + 1}{first[4:]}"}
            case "bool":
                return dice.random() < 0.5  # noqa: PLR2004 - a coin
            case "id_number" | "id_or_uscc":
                return self.person_id()
            case "uscc":
                return self.credit_code()
            case "phone":
                return f"1390000{dice.randrange(10_000):04d}"
            case "table":
                return [self._row(field) for _ in range(dice.randint(1, 3))]
            case "coord_point":
                return self._point()
            case "coord_list":
                return [self._point() for _ in range(dice.randint(4, 7))]
            case "derived" | "signature":
                return None
            case _:
                return self._text(field)

    def _row(self, field: Field) -> dict[str, str]:
        return {
            column: f"{self.dice.randrange(1, 9000) / 10:g}"
            if self.dice.random() < 0.5  # noqa: PLR2004 - a coin
            else self.name()
            for column in field.rules.columns
        }

    def _point(self) -> dict[str, str]:
        lon = 119_400_000 + self.dice.randrange(200_000)
        lat = 25_100_000 + self.dice.randrange(200_000)
        east, north = f"{lon / 10**6:.7f}", f"{lat / 10**6:.7f}"
        return {"lon": east, "lat": north, "as_given": f"{east},{north}"}

    def _text(self, field: Field) -> str:
        name = field.name
        if "name" in name or "person" in name or "owner" in name:
            return self.name()
        if "address" in name or "place" in name:
            return self.address()
        if field.rules.regex or name.endswith(("_no", "_number", "_code")):
            return f"{self.dice.randrange(10**11):012d}"
        return self.remark()[: field.rules.max_length or 60]

    def application(self, item: Item) -> dict[str, Any]:
        """Return what is applied for, as a journal entry holds it."""
        forms = ("original", "original", "copy", "electronic", "not_applicable")
        return {
            "item_code": item.code,
            "edition": self.edition.edition,
            "applicant": self.applicant(item),
            "form": self.form(item),
            "materials": [
                {
                    "key": each.key,
                    "form": self.dice.choice(forms),
                    "copies": self.dice.randint(1, 3),
                    "note": self.remark() if self.dice.random() < 0.1 else "",  # noqa: PLR2004
                    "valid_until": self._day() if self.dice.random() < 0.2 else None,  # noqa: PLR2004
                }
                for each in item.materials
            ],
        }

    def entry(self, body: dict[str, Any]) -> bytes:
        """Return the next entry of the journal, canonical."""
        self.sequence += 1
        return canonical(
            {
                "version": 1,
                "entry_id": self._hex(32),
                "device": self.device,
                "epoch": 1,
                "sequence": self.sequence,
                "operator": self.dice.choice(self.operators),
                "clocks": {
                    "wall": utc_text(self.now),
                    "boot": self.boot,
                    "monotonic_ms": self.uptime,
                },
                "body": body,
            }
        )

    def number(self) -> str:
        """Return the next case number of the day."""
        self.serial += 1
        parts = NumberParts("350305107", "01", self.now.date(), self.serial)
        return case_number(parts)

    def received(self, item: Item) -> tuple[str, dict[str, Any], bytes]:
        """Take a case: its number, its application, its entry."""
        self._tick()
        number, application = self.number(), self.application(item)
        body = {
            "kind": "case_received",
            "number": number,
            "received_at": utc_text(self.now),
            "application": application,
            "back_entry": None,
            "visit": None,
            "batch": None,
        }
        return number, application, self.entry(body)

    def corrected(self, number: str, application: dict[str, Any]) -> bytes:
        """Put one field of a case right; the rest of it is as it was."""
        self._tick(300)
        form = dict(application["form"])
        texts = [name for name, value in form.items() if isinstance(value, str)]
        form[self.dice.choice(texts)] = self.remark() if texts else ""
        return self.step(
            "corrected_on_spot", number, revision=1, what=self.remark(),
            application={**application, "form": form},
        )  # fmt: skip

    def step(self, kind: str, number: str, **more: Any) -> bytes:
        """Take one step of a case."""
        self._tick()
        body = {"kind": kind, "number": number, "at": utc_text(self.now), **more}
        return self.entry(body)

    def steps(self, number: str) -> Iterator[bytes]:
        """Take one of each kind of step, as if every road were taken."""
        day, words = self._day(90), self.remark
        remedies = "可在六十日内申请行政复议，或在六个月内提起行政诉讼"
        kinds: tuple[tuple[str, dict[str, Any]], ...] = (
            ("correction_requested",
             {"missing": [words(), words()], "due": day, "reason": words()}),
            ("case_accepted", {"mode": "full", "owed": [], "commitment": ""}),
            ("deferred_supplied", {"materials": ["id_card"]}),
            ("case_not_accepted", {"because": "not_competent", "reason": words(),
             "apply_to": "莆田市海洋与渔业局", "remedies": remedies}),
            ("case_forwarded", {"to": "秀屿区海洋与渔业局", "opinion": words()}),
            ("case_sent_back", {"reason": words()}),
            ("case_withdrawn", {"reason": words()}),
            ("clock_stopped",
             {"procedure": "inspection", "days": 20, "reason": words()}),
            ("clock_resumed", {"result": words()}),
            ("period_extended", {"reason": words(), "approved_by": self.name()}),
            ("result_arrived", {"what": words()}),
            ("applicant_called",
             {"outcome": self.dice.choice(("reached", "not_reached")), "note": ""}),
            ("result_delivered", {"way": "window", "what": words(),
             "signer": self.name(), "signer_id_tail": f"{self._number():04d}",
             "tracking": "", "witness": ""}),
            ("case_closed", {}),
            ("case_rated", {"stars": 5, "words": "", "by": "screen"}),
            ("case_archived", {"place": f"{self._number()}号柜"}),
            ("papers_moved", {"to": "bag", "bag": f"{self.now:%Y%m%d}-1"}),
        )  # fmt: skip
        for kind, more in kinds:
            yield self.step(kind, number, **more)
        self._tick()
        yield self.entry(
            {
                "kind": "case_resubmitted",
                "number": number,
                "revision": 1,
                "reason": words(),
                "resubmitted_at": utc_text(self.now),
                "application": self.application(
                    self.dice.choice(tuple(self.edition.items))
                ),
            }
        )
        yield self.entry(
            {"kind": "number_voided", "number": self.number(), "reason": words(),
             "voided_at": utc_text(self.now)}
        )  # fmt: skip
