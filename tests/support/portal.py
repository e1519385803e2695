"""A desktop of a test's own: a message bus, and the dialogue for choosing files.

Rule 1: no desktop of this machine is used or seen: the bus starts nothing by itself,
        and home and settings are the test's own.
Rule 2: whatever is started is ended, last first.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.screen import Keyboard, wait_until

# Where Debian keeps them; a desktop's bus starts them, here the test does.
_FRONTEND: Final = "/usr/libexec/xdg-desktop-portal"
_DIALOGUE: Final = "/usr/libexec/xdg-desktop-portal-gtk"
# Everybody may talk; there is no list of services, so that nothing starts by itself.
_RULES: Final = """<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
# Otherwise it begins with the files used last, and there are none.
_BEGINS_AT_HOME: Final = "[org/gtk/settings/file-chooser]\nstartup-mode='cwd'\n"
# A chosen line of its list in the theme that GTK brings itself; a line is 23 high. The
# column of pixels goes through the list where no name is that long.
_CHOSEN, _LINE, _COLUMN = (53, 132, 228), 23, 700


@contextmanager
def a_bus(folder: Path) -> Iterator[str]:
    """Start a session bus on which nobody offers anything; yields its address."""
    folder.mkdir(mode=0o700)
    rules = folder / "bus.conf"
    rules.write_text(_RULES.format(folder=folder))
    command = ["dbus-daemon", "--nofork", "--print-address", "--config-file", rules]
    bus = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert bus.stdout is not None
    try:
        yield bus.stdout.readline().strip()
    finally:
        bus.stdout.close()
        _end(bus)


@contextmanager
def a_dialogue(home: Path, *, bus: str, display: str) -> Iterator[None]:
    """Offer the dialogue for choosing files on a bus, as a desktop with GTK does.

    It begins with what is in `home`: nobody has to type a path, of which the dialogue,
    completing it as it is typed, loses some when the machine is slow.
    """
    runtime, settings = home / ".runtime", home / ".config" / "glib-2.0" / "settings"
    for folder in (runtime, settings):
        folder.mkdir(mode=0o700, parents=True)
    (settings / "keyfile").write_text(_BEGINS_AT_HOME)
    surroundings = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
        # Debian's dialogue of GTK is the one for this desktop (UseIn of gtk.portal).
        "XDG_CURRENT_DESKTOP": "GNOME",
        "GSETTINGS_BACKEND": "keyfile",
        "GTK_THEME": "Adwaita",
        "NO_AT_BRIDGE": "1",
        "DISPLAY": display,
        "DBUS_SESSION_BUS_ADDRESS": bus,
    }
    # What is in front asks at its start who is behind it.
    with (
        _offering("org.freedesktop.impl.portal.desktop.gtk", [_DIALOGUE], surroundings),
        _offering("org.freedesktop.portal.Desktop", [_FRONTEND], surroundings),
    ):
        yield


def chosen(keyboard: Keyboard) -> int:
    """Count the files that are chosen in the dialogue now."""
    picture = keyboard.look()
    column = [picture.getpixel((_COLUMN, y)) for y in range(picture.height)]
    return round(column.count(_CHOSEN) / _LINE)


@contextmanager
def _offering(
    name: str, command: Sequence[str], surroundings: Mapping[str, str]
) -> Iterator[None]:
    """Run a program, from the moment that it has its name on the bus."""
    program = subprocess.Popen(
        command,
        cwd=surroundings["HOME"],
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _is_offered(name, surroundings))
        yield
    finally:
        _end(program)


def _is_offered(name: str, surroundings: Mapping[str, str]) -> bool:
    asked = subprocess.run(
        [
            "dbus-send", "--session", "--print-reply=literal",
            "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner", f"string:{name}",
        ],
        env=surroundings, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return "true" in asked.stdout


def _end(program: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    program.terminate()
    try:
        program.wait(timeout=30)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
