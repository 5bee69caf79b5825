"""One PDF out of many: documents as they are, pictures on a page each, and what could not be taken is told."""

import io
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from odoo.tools.pdf import DependencyError, PdfFileReader, PdfFileWriter, PdfReadError

__all__ = ["Packet", "bind", "read_picture"]

# A4 at 150 dots per inch: pictures larger than that are made smaller, so that a packet can be faxed and mailed.
PAGE = (1240, 1754)
MARGIN = 60
DOTS = 150
# A picture that claims to be larger than this is not opened.
MOST_DOTS = 80_000_000

# What reading somebody else's PDF can raise.
_PDF_ERRORS = (
    PdfReadError, DependencyError, NotImplementedError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    OSError, RecursionError, AssertionError, OverflowError,
)


class Packet(NamedTuple):
    """What was bound: the PDF (empty without a page), its pages, the first page of each part, and what is not in it.

    ``parts`` is a list of (name, first page, pages), ``left_out`` the names that could not be taken.
    """

    content: bytes
    pages: int
    parts: list
    left_out: list


def bind(documents: Iterable[tuple[str, str, bytes]]) -> Packet:
    """Bind documents into one PDF, in their order.

    :param documents: (name, kind, content); the kind is a MIME type: PDFs and pictures can be taken, nothing else
    """
    writer, parts, left_out, count = PdfFileWriter(), [], [], 0
    for name, kind, content in documents:
        pages = _read_pages(kind, content)
        if not pages:
            left_out.append(name)
            continue
        parts.append((name, count + 1, len(pages)))
        count += len(pages)
        for page in pages:
            writer.addPage(page)
    if not count:
        return Packet(b"", 0, parts, left_out)
    out = io.BytesIO()
    writer.write(out)
    return Packet(out.getvalue(), count, parts, left_out)


def _read_pages(kind, content):
    """The pages of a document; none where it cannot be read, is locked or is of another kind."""
    if kind.startswith("image/"):
        content = read_picture(content)
    elif kind != "application/pdf":
        return []
    if not content:
        return []
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if getattr(reader, "isEncrypted", False) or getattr(reader, "is_encrypted", False):
            return []
        pages = [reader.getPage(number) for number in range(reader.getNumPages())]
        # A damaged page shows when it is written: better here than in the packet.
        trial = PdfFileWriter()
        for page in pages:
            trial.addPage(page)
        trial.write(io.BytesIO())
    except _PDF_ERRORS:
        return []
    return pages


def read_picture(content: bytes) -> bytes:
    """A picture as a page of a PDF, upright, white where it is transparent; nothing where it cannot be read."""
    try:
        with Image.open(io.BytesIO(content)) as source:
            if source.width * source.height > MOST_DOTS:
                return b""
            picture = ImageOps.exif_transpose(source).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    size = PAGE if picture.height >= picture.width else PAGE[::-1]
    picture.thumbnail((size[0] - 2 * MARGIN, size[1] - 2 * MARGIN))
    page = Image.new("RGB", size, "white")
    page.paste(picture, (MARGIN, MARGIN), picture)
    out = io.BytesIO()
    page.save(out, "PDF", resolution=DOTS)
    return out.getvalue()
