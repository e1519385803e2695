"""Files dragged over a client's window, by sources that are slow, wrong or gone."""

import os
import queue
import threading
from collections.abc import Iterator
from random import Random

import pytest
from Xlib import X

from desk_app.boot.xdnd import MOST_BYTES, DropTarget
from tests.support.drag_source import Source, a_client_window
from tests.support.screen import a_display

FILES = "text/uri-list"
ONE = b"file:///home/lin/a.png\r\n"


class Told:
    """A listener that keeps what it was told, in order."""

    def __init__(self) -> None:
        self.said: queue.Queue[object] = queue.Queue()
        self.wants = True

    def found(self) -> None:
        self.said.put("found")

    def wanted(self) -> bool:
        return self.wants

    def over(self, *, is_over: bool) -> None:
        self.said.put(is_over)

    def dropped(self, uri_list: bytes) -> None:
        self.said.put(uri_list)

    def next(self) -> object:
        return self.said.get(timeout=20)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with a_display() as name:
        yield name


@pytest.fixture
def told(display: str) -> Iterator[Told]:
    told = Told()
    target = DropTarget(told, [os.getpid()], display)
    serving = threading.Thread(target=target.serve)
    serving.start()
    yield told
    target.close()
    serving.join(timeout=20)
    assert not serving.is_alive()


@pytest.fixture
def source(display: str, told: Told) -> Iterator[Source]:
    """A source over the client's window, which came after the target looked for it."""
    with (
        a_client_window(display, owner=1),
        a_client_window(display) as window,
    ):
        assert told.next() == "found"
        source = Source(display, window)
        yield source
        source.end()


def test_a_list_of_files_is_copied(source: Source, told: Told) -> None:
    source.enter("text/plain", FILES)
    assert source.is_taken_here()
    assert told.next() is True
    source.drop()
    source.hand_over(ONE)
    assert source.was_taken()
    assert [told.next(), told.next()] == [False, ONE]


def test_a_long_list_comes_in_pieces(source: Source, told: Told) -> None:
    every = b"".join(b"file:///scans/%04d.png\r\n" % n for n in range(500))
    source.enter("a", "b", "c", FILES)
    assert source.is_taken_here()
    source.drop()
    source.hand_over_in_pieces(every)
    assert source.was_taken()
    assert [told.next() for _ in range(3)] == [True, False, every]


def test_a_list_without_end_is_not_listened_to(source: Source, told: Told) -> None:
    source.enter(FILES)
    assert source.is_taken_here()
    source.drop()
    source.hand_over_in_pieces(b"x" * (MOST_BYTES + 1), piece=200_000)
    assert source.was_taken()
    assert [told.next() for _ in range(3)] == [True, False, b""]


def test_what_is_no_file_is_refused_before_it_is_dropped(
    source: Source, told: Told
) -> None:
    source.enter("text/plain", "image/png")
    assert not source.is_taken_here()
    source.drop()
    assert not source.was_taken()
    assert told.said.empty()


def test_nothing_is_taken_while_nobody_wants_it(source: Source, told: Told) -> None:
    told.wants = False
    source.enter(FILES)
    assert not source.is_taken_here()
    told.wants = True
    assert source.is_taken_here(), "the screen changed beneath the pointer"
    assert told.next() is True
    told.wants = False
    source.drop()
    assert not source.was_taken(), "and again, before the pointer moved"
    assert told.next() is False


def test_whoever_goes_on_over_the_window_drops_nothing(
    source: Source, told: Told
) -> None:
    source.enter(FILES)
    assert source.is_taken_here()
    source.tell("XdndLeave")
    assert [told.next(), told.next()] == [True, False]
    source.drop()
    # It answers the next drag, and has answered nothing of this one.
    source.enter(FILES)
    assert source.is_taken_here()


def test_a_source_that_gives_nothing_is_said(source: Source, told: Told) -> None:
    source.enter(FILES)
    assert source.is_taken_here()
    source.drop()
    source.give_nothing()
    assert not source.was_taken()
    assert [told.next() for _ in range(3)] == [True, False, b""]


def test_a_source_that_ends_in_the_middle_stops_no_other(
    display: str, source: Source, told: Told
) -> None:
    gone = Source(display, source.target)
    gone.enter(FILES)
    assert gone.is_taken_here()
    gone.drop()
    gone.next(X.SelectionRequest)
    other = Source(display, source.target)
    gone.end()
    other.enter(FILES)
    assert other.is_taken_here()
    other.drop()
    other.hand_over(ONE)
    assert other.was_taken()
    assert [told.next() for _ in range(5)] == [True, False, True, False, ONE]
    other.end()


def test_whatever_a_program_sends_the_next_drag_is_taken(
    display: str, source: Source, told: Told
) -> None:
    dice = Random(7)
    names = ("XdndEnter", "XdndPosition", "XdndLeave", "XdndDrop", "WM_PROTOCOLS")
    for _ in range(300):
        source.send_anything(dice, names)
    other = Source(display, source.target)
    other.enter(FILES)
    assert other.is_taken_here()
    other.drop()
    other.hand_over(ONE)
    assert other.was_taken()
    while told.next() != ONE:
        pass
    other.end()


def test_the_proxy_proves_itself_and_windows_of_others_have_none(
    display: str, source: Source
) -> None:
    """As the protocol asks: a property of a program that ended may still lie there."""
    proxy = Source(display, source.proxy)
    assert proxy.proxy == source.proxy
    proxy.end()
    with a_client_window(display, owner=1) as strange:
        other = Source(display, strange)
        assert other.proxy == 0
        other.end()


def test_a_display_that_is_not_there_is_said() -> None:
    with pytest.raises(OSError, match="9999"):
        DropTarget(Told(), [1], ":9999")
