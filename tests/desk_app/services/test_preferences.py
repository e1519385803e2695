"""What a supervisor sets for the desk, and each operator for themselves."""

from pathlib import Path

import pytest

from desk_app.services import preferences
from schemas.problems import Code
from tests.support.counter import Counter, refused


def test_a_preference_is_a_supervisors_and_is_on_record(counter: Counter) -> None:
    preferences.prefer(counter.place, "desk_phone", " 0594-5888888 ")
    assert preferences.preference(counter.place, "desk_phone") == "0594-5888888"
    assert counter.trail()[0] == "preference_set"
    clerk = counter.as_("wu")
    refused(Code.NOT_ALLOWED, preferences.prefer, clerk, "desk_phone", "1")
    assert preferences.preference(clerk, "desk_phone") == "0594-5888888"


def test_what_is_no_preference_changes_nothing(counter: Counter) -> None:
    """A setting of the vault's own must not be had by its name."""
    with pytest.raises(KeyError):
        preferences.prefer(counter.place, "signing_key", "x")
    assert preferences.preference(counter.place, "signing_key") != "x"


def test_scans_are_looked_for_where_somebody_said(counter: Counter) -> None:
    usual = Path("/usual")
    preferences.prefer(counter.place, "watched_folder", "")
    assert preferences.watched_folder(counter.place, usual) == usual
    preferences.prefer(counter.place, "watched_folder", "/camera")
    assert preferences.watched_folder(counter.place, usual) == Path("/camera")


def test_each_reads_in_their_own_size(counter: Counter) -> None:
    assert preferences.text_size(counter.place) == 100
    preferences.keep_text_size(counter.place, 140)
    assert preferences.text_size(counter.place) == 140
    assert preferences.text_size(counter.as_("wu")) == 100
    assert preferences.text_size(counter.as_("lin")) == 140
