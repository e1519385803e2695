"""Numbers that identify people and bodies: GB 11643 and GB 32100 check digits.

python-stdnum computes resident ids; its look-up of the place of birth is left out on
purpose: people move, regions are renamed, and a real card must never be refused.
"""

import re

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

_RESIDENT_ID_LENGTH = 18


def is_resident_id(text: str) -> bool:
    """Say whether length, check digit and birth date of a resident id are right."""
    if len(text) != _RESIDENT_ID_LENGTH or not (text[:17].isdigit() and text.isascii()):
        return False
    try:
        ric.get_birth_date(text)
    except ValidationError:
        return False
    return str(ric.calc_check_digit(text)) == text[-1]


def masked(number: str) -> str:
    """Return a number with its first six and last four signs; a short one as it is."""
    hidden = max(0, len(number) - 10)
    return f"{number[:6]}{'*' * hidden}{number[-4:]}" if hidden else number


_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def is_credit_code(text: str) -> bool:
    """Say whether shape and check character of a credit code are right.

    Computed here: the library tidies its text first, which took longer than a save.
    """
    if not _CREDIT_CODE.fullmatch(text):
        return False
    values = map(_ALPHABET.index, text[:17])
    total = sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True))
    return _ALPHABET[-total % 31] == text[17]
