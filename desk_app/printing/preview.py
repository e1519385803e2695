"""Pages of a PDF as pictures, for the window (the toolkit shows no PDF itself)."""

from io import BytesIO

import pypdfium2


def pictures(pdf: bytes, *, scale: float = 1.4) -> tuple[bytes, ...]:
    """Return each page as PNG bytes."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            out = BytesIO()
            page.render(scale=scale).to_pil().save(out, "PNG")
            found.append(out.getvalue())
    return tuple(found)
