"""Pictures as cameras and scanners make them: blank, or of noise that is not small."""

import random
from io import BytesIO

from PIL import Image


def photograph(
    size: tuple[int, int], *, noise: bool = False, kind: str = "JPEG"
) -> bytes:
    """Return a picture's bytes; a JPEG names the camera, as they do."""
    picture = Image.new("RGB", size, "white")
    if noise:
        picture = Image.frombytes(
            "RGB", size, random.Random(1).randbytes(3 * size[0] * size[1])
        )
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    picture.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()
