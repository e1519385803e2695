"""The names things go by: devices, towns, terminals, case numbers, entries.

A case number is provisional and local (Fujian's own rule was not found, see the
domain notes): `350305107-01-20261123-0001-7` is town, terminal, local day, serial
and a check digit by ISO 7064 MOD 11,10 over all digits before it.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator
from pydantic import StringConstraints as Text
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from schemas.problems import Code, Problem

DeviceId = Annotated[str, Text(pattern=r"^[0-9a-f]{32}$")]
"""A desk: the first 16 bytes of the digest of its two public keys, hexadecimal."""

TownCode = Annotated[str, Text(pattern=r"^[0-9]{9}$")]
"""A nine-digit administrative division code, e.g. 350305107 (Nanri)."""

Terminal = Annotated[str, Text(pattern=r"^[0-9]{2}$")]
"""Two digits, given by the district, unique among a town's desks."""

ItemCode = Annotated[str, Text(pattern=r"^HY[0-9]{2}-[0-9]{2}$")]
EntryId = Annotated[str, Text(pattern=r"^[0-9a-f]{32}$")]
OperatorId = Annotated[str, Text(pattern=r"^[0-9a-f]{16}$")]
DraftId = Annotated[str, Text(pattern=r"^[0-9a-f]{32}$")]

_SHAPE = re.compile(r"\d{9}-\d{2}-\d{8}-\d{4}-\d", re.ASCII)
_DIGITS_IN_ALL = 24  # 9 town + 2 terminal + 8 day + 4 serial + 1 check
LAST_SERIAL = 9999


@dataclass(frozen=True, slots=True)
class NumberParts:
    """What a case number says."""

    town: str
    terminal: str
    day: date
    serial: int


def case_number(parts: NumberParts) -> str:
    """Return the printed number, with its check digit."""
    digits = f"{parts.town}{parts.terminal}{parts.day:%Y%m%d}{parts.serial:04d}"
    return (
        f"{parts.town}-{parts.terminal}-{parts.day:%Y%m%d}-{parts.serial:04d}"
        f"-{mod_11_10.calc_check_digit(digits)}"
    )


def read_case_number(text: str) -> NumberParts:
    """Return the parts of a number as typed or scanned; hyphens may be missing.

    `Problem(NUMBER_MALFORMED)` when the shape, the day or the check digit is wrong.
    """
    digits = re.sub(r"[\s-]", "", text)
    if len(digits) == _DIGITS_IN_ALL and digits.isascii() and digits.isdigit():
        try:
            mod_11_10.validate(digits)
            return NumberParts(
                town=digits[:9],
                terminal=digits[9:11],
                day=date.fromisoformat(digits[11:19]),
                serial=int(digits[19:23]),
            )
        except (ValidationError, ValueError):
            pass
    raise Problem(Code.NUMBER_MALFORMED, number=text[:40])


def _checked(text: str) -> str:
    if not _SHAPE.fullmatch(text):
        message = "not a case number"
        raise ValueError(message)
    try:
        read_case_number(text)
    except Problem as problem:
        message = "the check digit or day of the case number is wrong"
        raise ValueError(message) from problem
    return text


CaseNumber = Annotated[str, AfterValidator(_checked)]
"""A local case number in its printed form, check digit verified."""
