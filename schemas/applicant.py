"""Who applies: a person or an organisation, and how the window reaches them.

Names are kept as given (NFC, never NFKC: rare characters of names would change).
Check digits: resident id GB 11643 (MOD 11-2), credit code GB 32100 (MOD 31).
Faults of single fields are found by `schemas.forms`, which shows all at once;
these models are the last line, and refuse what slipped through.
"""

import unicodedata
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic import StringConstraints as Text

from schemas.base import Kept
from schemas.identity import is_credit_code, is_resident_id


class ApplicantKind(StrEnum):
    """The applicant types of the catalogue's common field group, in order."""

    PERSON = "person"
    COMPANY = "company"
    COOPERATIVE = "cooperative"
    VILLAGE = "village"
    INSTITUTION = "institution"
    OTHER = "other"


def _resident_id(text: str) -> str:
    text = text.strip().upper()
    if not is_resident_id(text):
        message = "resident id: check digit, date or shape is wrong"
        raise ValueError(message)
    return text


def _credit_code(text: str) -> str:
    text = text.strip().upper()
    if not is_credit_code(text):
        message = "credit code: check character or shape is wrong"
        raise ValueError(message)
    return text


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


ResidentId = Annotated[str, AfterValidator(_resident_id)]
CreditCode = Annotated[str, AfterValidator(_credit_code)]
Name = Annotated[
    str, Text(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_nfc)
]
Phone = Annotated[str, Text(pattern=r"^1\d{10}$|^0\d{2,3}-?\d{7,8}$")]
Address = Annotated[
    str, Text(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_nfc)
]


class Person(Kept):
    """A natural person, known by a resident id."""

    kind: Literal[ApplicantKind.PERSON] = ApplicantKind.PERSON
    name: Name
    id_number: ResidentId
    phone: Phone
    address: Address
    contact_note: str = Field(default="", max_length=40)


class Organisation(Kept):
    """A company, co-operative, village, institution or other body."""

    kind: Literal[
        ApplicantKind.COMPANY,
        ApplicantKind.COOPERATIVE,
        ApplicantKind.VILLAGE,
        ApplicantKind.INSTITUTION,
        ApplicantKind.OTHER,
    ]
    name: Name
    credit_code: CreditCode
    phone: Phone
    address: Address
    contact_note: str = Field(default="", max_length=40)


Applicant = Annotated[Person | Organisation, Field(discriminator="kind")]


def identity_of(applicant: Person | Organisation) -> str:
    """Return the number that identifies the applicant (resident id, credit code)."""
    if isinstance(applicant, Person):
        return applicant.id_number
    return applicant.credit_code
