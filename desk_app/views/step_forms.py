"""What each step asks the clerk, as data, and which verb it calls.

Enter goes from field to field and then takes the step; Esc leaves it alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import steps
from desk_app.services.hands import Workplace
from desk_app.services.shown import CaseView
from desk_app.text.words import Words
from desk_app.views.shell import Shell
from schemas import steps as s
from schemas.problems import Code, Problem

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: its name (words: `ask.<name>`), its kind, its choices."""

    name: str
    kind: Literal["text", "lines", "day", "choice"] = "text"
    choices: tuple[str, ...] = ()


_REASON: Final = (Ask("reason", "lines"),)
ASKS: Final[dict[str, tuple[Ask, ...]]] = {
    "case_accepted": (
        Ask("mode", "choice", tuple(s.Acceptance)),
        Ask("due", "day"),
        Ask("commitment", "lines"),
    ),
    "correction_requested": (
        Ask("missing", "lines"), Ask("due", "day"), Ask("reason", "lines")
    ),
    "deferred_supplied": (Ask("materials", "lines"),),
    "deferral_extended": (Ask("due", "day"), Ask("reason", "lines")),
    "case_not_accepted": (
        Ask("because", "choice", tuple(s.NotAcceptedBecause)),
        Ask("apply_to"),
        Ask("reason", "lines"),
    ),
    "case_forwarded": (Ask("to"), Ask("opinion", "lines")),
    "case_sent_back": _REASON,
    "case_withdrawn": _REASON,
    "clock_stopped": (
        Ask("procedure", "choice", tuple(s.StopReason)), Ask("days"),
        Ask("reason", "lines"),
    ),
    "clock_resumed": (Ask("result"),),
    "period_extended": (Ask("reason", "lines"), Ask("approved_by")),
    "result_arrived": (Ask("what"),),
    "applicant_called": (
        Ask("outcome", "choice", ("reached", "not_reached", "wrong_number")),
        Ask("note"),
    ),
    "result_delivered": (
        Ask("way", "choice", tuple(s.DeliveryWay)), Ask("what"), Ask("signer"),
        Ask("signer_id_tail"), Ask("tracking"), Ask("witness"),
    ),
    "case_closed": (),
    "case_archived": (Ask("place"),),
    "case_rated": (Ask("stars", "choice", ("5", "4", "3", "2", "1")), Ask("words")),
    "papers_moved": (Ask("to", "choice", tuple(s.PapersAt)), Ask("bag")),
}  # fmt: skip
"""Steps that the case page offers; corrections begin from the form instead."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Problem(Code.DUE_DAY_PAST, day=text.strip() or "-") from error


def take(place: Workplace, view: CaseView, kind: str, said: Values) -> None:
    """Take a step with what was typed; raises the `Problem` that says what is off."""
    number = view.row.number
    verbs: dict[str, Callable[[], object]] = {
        "case_accepted": lambda: _accept(place, view, said),
        "correction_requested": lambda: steps.request_correction(
            place, number, missing=_lines(said["missing"]), due=_day(said["due"]),
            reason=said["reason"],
        ),
        "deferred_supplied": lambda: steps.supply_deferred(
            place, number, materials=_lines(said["materials"])
        ),
        "deferral_extended": lambda: steps.extend_deferral(
            place, number, due=dict.fromkeys(view.deferred, _day(said["due"])),
            reason=said["reason"],
        ),
        "case_not_accepted": lambda: steps.refuse_to_accept(
            place, number, s.NotAcceptedBecause(said["because"]),
            reason=said["reason"], apply_to=said["apply_to"],
            remedies=Words("print")("paper.remedies"),
        ),
        "case_forwarded": lambda: steps.forward_case(
            place, number, to=said["to"], opinion=said["opinion"]
        ),
        "case_sent_back": lambda: steps.send_back(
            place, number, reason=said["reason"]
        ),
        "case_withdrawn": lambda: steps.withdraw(
            place, number, reason=said["reason"]
        ),
        "clock_stopped": lambda: steps.stop_clock(
            place, number, s.StopReason(said["procedure"]),
            days=int(said["days"]) if said["days"].isdigit() else 0,
            reason=said["reason"],
        ),
        "clock_resumed": lambda: steps.resume_clock(
            place, number, result=said["result"]
        ),
        "period_extended": lambda: steps.extend_period(
            place, number, reason=said["reason"], approved_by=said["approved_by"]
        ),
        "result_arrived": lambda: steps.result_arrived(
            place, number, what=said["what"]
        ),
        "applicant_called": lambda: steps.call_applicant(
            place, number, said["outcome"], note=said["note"]
        ),
        "result_delivered": lambda: steps.deliver_result(
            place, number,
            steps.Handover(
                s.DeliveryWay(said["way"]), said["what"], said["signer"],
                said["signer_id_tail"], said["tracking"], said["witness"],
                refused=bool(said["witness"].strip()),
            ),
        ),
        "case_closed": lambda: steps.close_case(place, number),
        "case_archived": lambda: steps.archive_case(
            place, number, where=said["place"]
        ),
        "case_rated": lambda: steps.rate_case(
            place, number, stars=int(said["stars"]), words=said["words"], paper=True
        ),
        "papers_moved": lambda: steps.move_papers(
            place, number, s.PapersAt(said["to"]), bag=said["bag"]
        ),
    }  # fmt: skip
    verbs[kind]()


def _accept(place: Workplace, view: CaseView, said: Values) -> None:
    mode = s.Acceptance(said["mode"])
    due = {}
    if mode is s.Acceptance.DEFERRED:
        due = dict.fromkeys(view.owed, _day(said["due"]))
    steps.accept_case(
        place, view.row.number, mode, due=due, commitment=said["commitment"]
    )


async def ask(
    shell: Shell, view: CaseView, kind: str, back: Callable[[], Awaitable[None]]
) -> None:
    """Show a step's questions; taking it goes back to the case."""
    words = shell.words
    fields = [(each, _field(shell, view, kind, each)) for each in ASKS[kind]]

    async def go() -> None:
        said = {each.name: str(field.value or "") for each, field in fields}
        await shell.do(take, shell.desk.place, view, kind, said)
        await back()
        shell.show_note(words("step.done", step=words(f"event.{kind}")))

    act = shell.act(go)
    for (_, field), following in zip(fields, [*fields[1:], None], strict=False):
        target = following[1] if following else None
        if isinstance(field, Choice):
            field.done = _onward(shell, target, act)
        elif not field.multiline:
            onward = _onward(shell, target, act)
            field.on_submit = lambda _, onward=onward: onward()
    shell.keys = {"Escape": shell.act(back), "F8": act}
    shell.hint("step")
    shell.show(
        [
            kit.title(f"{words(f'event.{kind}')}  {view.row.number}"),
            ft.Text(f"{view.row.item_name}\n{view.row.applicant_name}", size=16),
            kit.section(words("step.fill"), [_control(field) for _, field in fields]),
            ft.Row(
                [
                    kit.button(words("step.take"), act, primary=True),
                    kit.button(words("case.back"), shell.act(back)),
                ]
            ),
        ]
    )
    if fields:
        await kit.focus(_field_of(fields[0][1]))


Asked = ft.TextField | Choice


def _control(field: Asked) -> ft.Control:
    return field.control if isinstance(field, Choice) else field


def _field_of(field: Asked) -> ft.TextField:
    return field.field if isinstance(field, Choice) else field


def _onward(
    shell: Shell, target: Asked | None, act: Callable[[], object]
) -> Callable[[], object]:
    async def onward() -> None:
        if target is not None:
            await kit.focus(_field_of(target))

    return shell.act(onward) if target is not None else act


def _field(shell: Shell, view: CaseView, kind: str, each: Ask) -> Asked:
    words = shell.words
    label = words(f"ask.{each.name}")
    if each.kind == "choice":
        return Choice(
            label,
            [(str(c), words(f"choice.{c}")) for c in each.choices],
            value=each.choices[0],
        )
    value = ""
    if each.name == "missing":
        item = shell.desk.edition().item(view.row.item_code)
        names = [item.material(key) for key in view.owed] if item else []
        value = "\n".join(found.name for found in names if found)
    if each.kind == "day":
        value = shell.working_day(10)
    if kind == "deferred_supplied":
        value = "\n".join(view.owed)
    many = each.kind == "lines"
    return ft.TextField(
        label=label, value=value, multiline=many, min_lines=2 if many else 1,
        max_lines=8 if many else 1,
    )  # fmt: skip
