"""What is wrong with one answer: where, which number, and what its words need."""

import dataclasses
from dataclasses import dataclass

from schemas.problems import Code

_FIRST_WARNING = 140


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault of one field; numbers from 140 up warn and never block."""

    field: str
    code: Code
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Say whether the case cannot be accepted with this fault."""
        return self.code < _FIRST_WARNING
