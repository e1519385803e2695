"""Numbers that identify people and bodies: GB 11643 and GB 32100 check digits.

python-stdnum computes them; its look-up of the place of birth is left out on purpose:
people move, regions are renamed, and a real card must never be refused for that.
"""

from stdnum.cn import ric, uscc
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


def is_credit_code(text: str) -> bool:
    """Say whether shape and check character of a credit code are right."""
    return bool(uscc.is_valid(text))
