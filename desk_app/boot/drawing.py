"""How the window is drawn on a Linux machine without a graphics processor.

There the toolkit's client draws by OpenGL that is emulated in software (llvmpipe), and
a change of the screen takes longer than by the client's own software drawing (measured
once: 87 ms against 51 for a page of cases). The client reads its choice from the
environment; what somebody has chosen there stays.
"""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

RENDERER: Final = "FLUTTER_LINUX_RENDERER"
_DEVICES: Final = Path("/dev/dri")


def choose_renderer(
    environment: MutableMapping[str, str], *, platform: str, devices: Path = _DEVICES
) -> None:
    """Let the client draw by itself where OpenGL would only be emulated."""
    if not platform.startswith("linux") or RENDERER in environment:
        return
    emulated = environment.get("LIBGL_ALWAYS_SOFTWARE", "").lower() in {"1", "true"}
    if emulated or not any(devices.glob("renderD*")):
        environment[RENDERER] = "software"
