"""`make demo`: a district, an enrolled desk of Nanri with invented cases, the window.

Intake and console are processes of their own on loopback. Without a display the same
journey runs headless, step by step, and the console stays up. Ctrl+C ends all of it.
"""

import asyncio
import dataclasses
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from schemas.case import MaterialTaken
from schemas.problems import Problem
from tools.sample_cases import sample_applicant, sample_form, sample_materials

PASSPHRASE = "demo demo demo demo"  # noqa: S105 - an invented desk's, printed below
ITEMS = ("HY01-02", "HY03-02", "HY05-01", "HY12-01", "HY06-01", "HY04-03")
DISTRICT = [sys.executable, "-m", "sync.district.boot.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(text: str) -> None:
    print(f"· {text}", flush=True)


class Demo:
    """The parts of a running demo, ended in reverse order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.district = folder / "district"
        self.intake_port, self.console_port = free_port(), free_port()
        self.url = f"https://localhost:{self.intake_port}"
        self.console = f"http://127.0.0.1:{self.console_port}"
        self.children: list[subprocess.Popen[str]] = []

    def cli(self, *arguments: str) -> str:
        """Run one district command; what it prints is returned."""
        done = subprocess.run(
            [*DISTRICT, "--home", str(self.district), *arguments],
            env={**os.environ, "ISLAND_DISTRICT_PASSPHRASE": PASSPHRASE},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{arguments[0]}: {done.stderr}")
        return done.stdout.strip()

    def serve(self, what: str, port: int) -> None:
        """Start a server and wait until it says where it is."""
        child = subprocess.Popen(
            [
                *DISTRICT,
                "--home",
                str(self.district),
                "serve",
                what,
                "--port",
                str(port),
            ],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.children.append(child)
        line = child.stdout.readline().strip() if child.stdout else ""
        if not line:
            sys.exit(f"{what} did not start")
        say(f"{what}: {line}")

    def end(self) -> None:
        """Stop every process that was started; none is left behind."""
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
        for child in reversed(self.children):
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def make_desk(demo: Demo) -> Desk:
    desk = Desk(places(demo.folder / "desk"), real_hands())
    recovery = desk.set_up(
        desk_name="南日镇一号窗口（演示）",
        town="350305107",
        login="zhuguan",
        name="郑主管",
        passphrase=PASSPHRASE,
    )
    say(f"desk set up; its recovery key, shown once: {recovery}")
    desk.unlock("zhuguan", PASSPHRASE)
    for login, name in (("lin", "林窗口"), ("chen", "陈窗口")):
        desk.add_operator(
            login=login, name=name, role="clerk", passphrase=PASSPHRASE, own=PASSPHRASE
        )
    return desk


def enrol(demo: Demo, desk: Desk) -> None:
    code = demo.cli("enrol-code")
    say(f"one-time code {code}")
    asyncio.run(desk.enrol_with_code(demo.url, code))
    mark = desk.fingerprint()
    say(f"the desk's fingerprint {mark}")
    device = demo.cli("devices").split()[0]
    demo.cli("approve", device, "--terminal", "01", "--fingerprint", mark)
    say(f"approved; the desk says: {asyncio.run(desk.poll_grant())}")


def take(desk: Desk, code: str, seed: int) -> str:

    edition = desk.edition()
    item = edition.item(code)
    if item is None:
        sys.exit(f"no item {code}")
    draft = dataclasses.replace(
        desk.new_draft(code),
        applicant=sample_applicant(item, seed=seed),
        form=sample_form(item, edition, seed=seed),
        materials=tuple(map(MaterialTaken.model_validate, sample_materials(item))),
    )
    desk.save_draft(draft)
    return desk.receive_case(draft.draft_id).number


def journey(demo: Demo, desk: Desk, number: str) -> None:
    """Let one case travel there and back, saying each step."""
    report = asyncio.run(desk.sync(impatient=True))
    say(f"sealed and sent: {report.released} batch, released by verified receipt")
    limit = time.monotonic() + 30
    while number not in demo.cli("cases"):
        if time.monotonic() > limit:
            sys.exit("the district did not file the case")
        time.sleep(0.5)
    say(f"district opened and filed {number}")
    demo.cli(
        "answer", number, "--by", "区审核员（演示）", "--licence", "(演)证第0001号"
    )
    asyncio.run(desk.sync(impatient=True))
    view = desk.case(number)
    say(f"the window shows: {view.row.state}, {len(view.answers)} answer")


def end_window(window: subprocess.Popen[str]) -> None:
    """End the window and the toolkit's client, a child of the window's own session."""
    if hasattr(os, "killpg"):
        os.killpg(window.pid, signal.SIGTERM)
    else:
        window.terminate()
    window.wait(timeout=10)


def run(demo: Demo) -> None:
    demo.cli("init", "--url", demo.url, "--name", "秀屿区（演示）")
    say("district made: keys, certificates, ledger")
    demo.serve("intake", demo.intake_port)
    demo.serve("console", demo.console_port)
    desk = make_desk(demo)
    enrol(demo, desk)
    numbers = [take(desk, code, seed) for seed, code in enumerate(ITEMS)]
    say(f"{len(numbers)} invented cases taken")
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    print(f"\n  console  {demo.console}   login: reviewer   passphrase: {PASSPHRASE}")
    if display or sys.platform in {"win32", "darwin"}:
        desk.lock()
        print(f"  window   login: lin (or chen, zhuguan)   passphrase: {PASSPHRASE}\n")
        window = subprocess.Popen(
            [sys.executable, "-m", "desk_app.boot.cli", "--home",
             str(demo.folder / "desk"), "window"],
            text=True, start_new_session=True,
        )  # fmt: skip
        try:
            ended = window.wait()
        finally:
            if window.poll() is None:
                end_window(window)
        if not ended:
            return
        print("\n  The window could not be opened: the journey runs headless.\n")
        desk.unlock("zhuguan", PASSPHRASE)
    else:
        print("\n  There is no display: the journey runs headless.\n")
    journey(demo, desk, numbers[0])
    desk.lock()
    with urllib.request.urlopen(f"{demo.console}/sign-in", timeout=10) as page:  # noqa: S310
        say(f"console answers {page.status}; it stays up. Ctrl+C ends the demo.")
    while True:
        time.sleep(3600)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix=f"island-desk-demo-{secrets.token_hex(2)}-"))
    demo = Demo(folder)
    # Closing the terminal ends it like Ctrl+C; Windows has no hang-up.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(0))
    # A shell that starts it in the background has Ctrl+C ignored for its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run(demo)
    except KeyboardInterrupt:
        print("\nending…")
    except Problem as problem:
        sys.exit(str(problem))
    finally:
        # An impatient second Ctrl+C must not leave half of it behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        demo.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
