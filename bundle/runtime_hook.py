"""Before anything of the built program runs: point the toolkit at its own client.

The client lies unpacked inside the program: nothing is extracted at the first start
(two first starts at once would break each other) and HOME is left alone.
"""

import os
import sys
from pathlib import Path

os.environ["FLET_VIEW_PATH"] = str(Path(sys._MEIPASS) / "client")  # type: ignore[attr-defined] # noqa: SLF001 - PyInstaller's one public name for it
