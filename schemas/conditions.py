"""When a material is due: a small closed language, evaluated from the answers.

What cannot be computed is `clerk_judges`: the clerk says whether it applies, and the
answer is recorded. Nothing here guesses.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from schemas.applicant import ApplicantKind
from schemas.base import Frozen

Verdict = Literal["applies", "does_not", "ask"]


class Always(Frozen):
    """Due in every case."""

    rule: Literal["always"] = "always"


class ApplicantIs(Frozen):
    """Due for these kinds of applicant."""

    rule: Literal["applicant_is"] = "applicant_is"
    kinds: tuple[ApplicantKind, ...]


class ByAgent(Frozen):
    """Due when somebody acts for the applicant."""

    rule: Literal["by_agent"] = "by_agent"


class FieldIn(Frozen):
    """Due when a field of the form has one of these values."""

    rule: Literal["field_in"] = "field_in"
    field: str
    values: tuple[str | bool, ...]


class FieldAnswered(Frozen):
    """Due when a field of the form has any answer."""

    rule: Literal["field_answered"] = "field_answered"
    field: str


class ClerkJudges(Frozen):
    """A person decides; the condition's own words are shown."""

    rule: Literal["clerk_judges"] = "clerk_judges"


Condition = Annotated[
    Always | ApplicantIs | ByAgent | FieldIn | FieldAnswered | ClerkJudges,
    Field(discriminator="rule"),
]


def evaluate(
    condition: Condition,
    *,
    applicant: ApplicantKind | None,
    form: Mapping[str, JsonValue],
) -> Verdict:
    """Say whether a material is due; `ask` where a person must say."""
    match condition:
        case Always():
            holds = True
        case ApplicantIs(kinds=kinds):
            holds = applicant in kinds
        case ByAgent():
            holds = form.get("agent_used") is True
        case FieldIn(field=field, values=values):
            answer = form.get(field)
            given = answer if isinstance(answer, list) else [answer]
            holds = any(value in values for value in given)
        case FieldAnswered(field=field):
            holds = form.get(field) not in (None, "", [], {})
        case ClerkJudges():
            return "ask"
    return "applies" if holds else "does_not"
