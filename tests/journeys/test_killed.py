"""Killed at any moment while typing and saving: nothing that was saved is lost (P1).

A child types and accepts without pause and says each thing that it was told is saved;
it is killed with SIGKILL at a random moment, two hundred times over one vault.
"""

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import health
from desk_app.services.desk import Desk
from tests.support.rigs import PASSPHRASE, an_island

ROOT = Path(__file__).parents[2]
KILLS = 200

CLERK = """
import dataclasses, json, sys
from pathlib import Path
from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from schemas.case import MaterialTaken
from tools.sample_cases import sample_applicant, sample_form, sample_materials

desk = Desk(places(Path(sys.argv[1])), real_hands())
desk.unlock("lin", sys.argv[2])
edition = desk.edition()
item = edition.item("HY12-01")
say = lambda **said: print(json.dumps(said), flush=True)
say(ready=True)
for seed in range(10_000):
    form = sample_form(item, edition, seed=seed)
    draft = desk.new_draft(item.code)
    draft = dataclasses.replace(draft, applicant=sample_applicant(item, seed=seed))
    kept = {}
    for name, value in form.items():
        kept[name] = value
        draft = dataclasses.replace(draft, form=dict(kept))
        desk.save_draft(draft)
        say(draft=draft.draft_id, form=kept)
    materials = tuple(map(MaterialTaken.model_validate, sample_materials(item)))
    desk.save_draft(dataclasses.replace(draft, materials=materials))
    from desk_app.services.receiving import When, receive_case
    number = receive_case(desk.place, draft.draft_id, When())
    say(case=number, of=draft.draft_id)
"""


def _round(home: Path, dice: random.Random) -> list[dict[str, object]]:
    """Let the clerk work for a while, then pull the plug; return what it was told."""
    child = subprocess.Popen(
        [sys.executable, "-c", CLERK, str(home), PASSPHRASE],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert "ready" in child.stdout.readline()
    # Some saves on, however slow the machine is, and then at any moment of the next.
    heard = [child.stdout.readline() for _ in range(dice.randint(0, 60))]
    time.sleep(dice.uniform(0.0, 0.006))
    os.kill(child.pid, signal.SIGKILL)
    rest = "".join(heard) + child.stdout.read()
    child.wait()
    # The last line may have been cut in the middle: then nothing was said.
    return [json.loads(line) for line in rest.splitlines() if line.endswith("}")]


@pytest.mark.timeout(2400)
def test_p01_two_hundred_kills_lose_no_saved_case_and_no_saved_field(
    tmp_path: Path,
) -> None:
    dice = random.Random(20261124)
    with an_island(tmp_path) as island:
        island.desk.lock()
    desk = Desk(places(tmp_path / "desk"), real_hands())
    cases: set[str] = set()
    for _ in range(KILLS):
        said = _round(tmp_path / "desk", dice)
        taken = {str(each["of"]) for each in said if "case" in each}
        cases |= {str(each["case"]) for each in said if "case" in each}
        typed = {str(each["draft"]): each["form"] for each in said if "draft" in each}

        desk.unlock("lin", PASSPHRASE)
        known = {row.draft_id for row in desk.drafts()}
        for draft_id, form in typed.items():
            if draft_id in known:
                # Every answer that was said to be saved, as it was typed.
                assert isinstance(form, dict)
                found = desk.draft(draft_id).form
                assert form.items() <= {k: found.get(k) for k in found}.items()
            else:
                # Accepted in the last moment, said or not yet said.
                assert draft_id in taken or draft_id == list(typed)[-1]
        for each in known:
            desk.discard_draft(each, "示例：清理")
        desk.lock()

    desk.unlock("lin", PASSPHRASE)
    found = {desk.case(number).row.number for number in cases}
    assert found == cases
    assert len(cases) > KILLS / 4, "the clerk got somewhere before most kills"
    for number in sorted(cases):
        row = desk.case(number).row
        named = {each.number for each in desk.cases(row.applicant_name,
                                                    page_size=10_000).rows}  # fmt: skip
        assert number in named, "found by its words, though they are written later"
    checks = health.verify(desk.place)
    assert all(check.ok for check in checks), checks
    serials = sorted(dataclasses.astuple(row)[0] for row in desk.cases().rows)
    assert len(serials) == len(set(serials))
    desk.lock()
