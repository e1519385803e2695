"""The district of a simulated world: its real ledger, intake, reconcile and answers."""

import dataclasses
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import event

from schemas.case import Granted, Received, Refused, ReturnedForCorrection
from schemas.casework import OPEN
from sync.district.boot.district import District, NewDistrict, init, open_district
from sync.district.boot.intake import intake_parts
from sync.district.intake.app import IntakeParts, make_intake
from sync.district.intake.sticks import take_stick
from sync.district.reconcile.answering import admitted, answer_case
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from sync.stick.files import FilePort
from sync.stick.stick import Stick
from tests.simulation.faults import Fuse, PowerCut, Tally

if TYPE_CHECKING:
    from fastapi import FastAPI

URL = "https://district.example"


class SimDistrict:
    """A district that can lose power at any statement and be started again."""

    def __init__(
        self, home: Path, now: Callable[[], datetime], dice: Random, tally: Tally
    ) -> None:
        self.home, self.now, self.dice, self.tally = home, now, dice, tally
        self.fuse = Fuse()
        init(home, NewDistrict("350305", "秀屿区（示例）", URL))
        self.start()

    def start(self) -> None:
        """Open the files and the application."""
        self.open: District = open_district(self.home)
        _, parts = intake_parts(self.home)
        self._intake: IntakeParts = dataclasses.replace(parts, now=self.now)
        self.application: FastAPI = make_intake(self._intake)
        for engine in self._engines():
            event.listen(engine, "before_cursor_execute", self._statement)
            event.listen(engine, "commit", lambda _: self.fuse.burn())
            event.listen(engine, "connect", _no_waiting)
            engine.dispose()

    def _engines(self) -> tuple[object, ...]:
        ledgers = (self.open.sealed, self.open.record, self._intake.ledger)
        return tuple(each._engine for each in ledgers)

    def _statement(self, *given: object) -> None:
        if not str(given[2]).lstrip().upper().startswith(("SELECT", "PRAGMA")):
            self.fuse.burn()

    def stop(self) -> None:
        """End the processes."""
        for ledger in (self.open.sealed, self.open.record, self._intake.ledger):
            ledger.close()

    def restart(self) -> None:
        """Come up again after a power cut."""
        self.fuse.put_out()
        self.stop()
        self.start()

    def reconcile(self) -> ReconcileReport | None:
        """Open, file and send; None where the power went."""
        try:
            return reconcile_once(
                self.open.sealed, self.open.record, self.open.keys, now=self.now()
            )
        except PowerCut:
            self.tally.add("district died reconciling")
            self.restart()
            return None

    def answer_some(self, most: int) -> list[tuple[str, str]]:
        """Answer a few open cases; returns (number, kind) of what was given."""
        record = self.open.record
        page, _ = record.list_cases(limit=40)
        ready = [case for case in page if case.state in OPEN]
        given = []
        for case in self.dice.sample(ready, min(most, len(ready))):
            answer = self.dice.choice(_ANSWERS)
            if not admitted(case, answer):
                continue
            try:
                answer_case(record, case.number, answer, by="区审核", now=self.now())
            except PowerCut:
                self.restart()
                return given
            given.append((case.number, answer.kind))
        return given

    def keep_copy(self, folder: Path) -> None:
        """Copy the whole home aside, as an administrator does at night, unstopped."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.home, folder, ignore=shutil.ignore_patterns("*-shm"))

    def put_back(self, folder: Path, *, told: bool) -> None:
        """Restore a backup over the home; the administrator may say so, or not."""
        self.stop()
        shutil.rmtree(self.home)
        shutil.copytree(folder, self.home)
        self.start()
        if told:
            self.open.sealed.contacts.be_reborn(
                self.dice.randbytes(16).hex(), now=self.now()
            )

    def take_stick(self, folder: Path, files: FilePort) -> None:
        """Take a stick in, let the record follow, put the answers on it."""
        stick = Stick(folder, files)
        take_stick(self._intake, stick)
        self.reconcile()
        take_stick(self._intake, stick)


_ANSWERS = (
    Received(official_number="示例编号"),
    Granted(licence_number="(示)证第0001号"),
    Refused(reason="示例理由", remedies="示例救济途径"),
    ReturnedForCorrection(what_is_missing=("示例材料",), reason="示例理由"),
)


def _no_waiting(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
