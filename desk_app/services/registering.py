"""What a case says of people, agents, vessels and certificates, kept to be recalled.

Called within the transaction that takes or corrects a case, or that applies a grant.
"""

from desk_app.store import applicants, powers, search, vessels
from desk_app.store.cases import CaseRecord
from desk_app.store.vault import Transaction
from desk_app.text.pinyin import initials, pinyin
from schemas.applicant import Organisation, Person, identity_of
from schemas.case import Application, Granted, MaterialForm
from schemas.catalogue import Item
from schemas.conditions import ByAgent

_SHOWN = {MaterialForm.ORIGINAL, MaterialForm.COPY, MaterialForm.ELECTRONIC}


def vessel_of(application: Application) -> str:
    """Return the vessel that a case is about, or an empty text."""
    vessel = application.form.get("vessel_name_no")
    return vessel if isinstance(vessel, str) else ""


def remember(
    tx: Transaction, application: Application, item: Item, *, number: str, at: str
) -> None:
    """Keep what an application says, each under its own number."""
    person = application.applicant
    identity = identity_of(person)
    applicants.remember(
        tx,
        applicants.ApplicantRecord(
            identity=identity,
            body=person.model_dump_json(),
            words=_applicant_words(person),
            used_at=at,
        ),
    )
    vessel = vessel_of(application)
    if vessel:
        vessels.remember(tx, vessels.VesselRecord(vessel, identity, number, at))
    _certificates(tx, application, item, number=number)
    _power(tx, application, item, number=number, at=at)


def _certificates(
    tx: Transaction, application: Application, item: Item, *, number: str
) -> None:
    vessel, owner = vessel_of(application), identity_of(application.applicant)
    ends = application.form.get("old_cert_expiry")
    licence = application.form.get("old_cert_no")
    if isinstance(ends, str) and item.result_document:
        vessels.certify(
            tx,
            vessels.CertificateRecord(
                vessel, owner, item.parent_code, item.result_document, ends, number,
                licence if isinstance(licence, str) else "",
            ),
        )  # fmt: skip
    for taken in application.materials:
        material = item.material(taken.key)
        if material is None or taken.valid_until is None or taken.form not in _SHOWN:
            continue
        # A power of attorney has a register of its own.
        if not isinstance(material.when, ByAgent):
            vessels.certify(
                tx,
                vessels.CertificateRecord(
                    vessel, owner, material.name, material.name, taken.valid_until,
                    number,
                ),
            )  # fmt: skip


def _power(
    tx: Transaction, application: Application, item: Item, *, number: str, at: str
) -> None:
    form = application.form
    agent_id, name = form.get("agent_id"), form.get("agent_name")
    if form.get("agent_used") is not True:
        return
    if not isinstance(agent_id, str) or not isinstance(name, str):
        return
    papers = {m.key for m in item.materials if isinstance(m.when, ByAgent)}
    shown = [
        each
        for each in application.materials
        if each.key in papers and each.form in _SHOWN
    ]
    if papers and not shown:
        # Nobody acts for another on word alone.
        return
    until = min((e.valid_until for e in shown if e.valid_until), default=None)
    relation = form.get("agent_relation")
    powers.remember(
        tx,
        powers.PowerRecord(
            owner=identity_of(application.applicant),
            agent_id=agent_id,
            agent_name=name.strip(),
            relation=relation if isinstance(relation, str) else "",
            valid_until=until,
            number=number,
            used_at=at,
        ),
    )


def granted(
    tx: Transaction, record: CaseRecord, item: Item | None, answer: Granted
) -> None:
    """Keep the number and the end of what the district granted."""
    if item is None or not item.result_document:
        return
    vessels.certify(
        tx,
        vessels.CertificateRecord(
            record.vessel, record.identity, item.parent_code, item.result_document,
            answer.valid_until, record.number, answer.licence_number,
        ),
    )  # fmt: skip


def _applicant_words(person: Person | Organisation) -> str:
    name = person.name
    words = search.words_of([name, initials(name), pinyin(name)])
    marks = search.marks_of(identity=identity_of(person), phone=person.phone)
    return f"{words} {marks}"
