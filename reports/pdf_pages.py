"""Headings and numbers on the pages of a PDF, whichever renderer made it: not every one repeats those of a table.

Pages are not read, only added to: what stands on top of them is a form that all of them share.
"""

import io

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfFileReader,
    PdfFileWriter,
)

POINTS_A_MM = 72 / 25.4
FONT_SIZE = 8
# Helvetica: a thousandth of the font size.
WIDTH_OF_DIGIT, WIDTH_OF_OTHERS = 556, 278
HEAD, FONT = "/BillingHead", "/BillingFont"


def finish_pages(content: bytes, rise: float, edge: float = 10.0, foot: float = 8.0) -> bytes:
    """Take the last page as the headings of all pages but the first, and number the pages.

    :param rise: how far the headings move up (mm)
    :param edge: room right of the number (mm)
    :param foot: room below the number (mm)
    :raises ValueError: there is nothing but headings
    """
    reader, writer = PdfFileReader(io.BytesIO(content), strict=False), PdfFileWriter()
    count = reader.getNumPages() - 1
    if count < 1:
        raise ValueError("A page of headings and nothing else")
    for number in range(count + 1):
        writer.addPage(reader.getPage(number))
    head = _add(writer, _make_head(writer.getPage(count), rise))
    _drop_last(writer)
    font = _add(writer, _names({"/Type": NameObject("/Font"), "/Subtype": NameObject("/Type1"),
                                "/BaseFont": NameObject("/Helvetica")}))
    begin = _add(writer, _stream("q\n"))
    for number in range(count):
        page = writer.getPage(number)
        drawing = _draw_number(page, f"{number + 1} / {count}", edge, foot)
        if number:
            drawing = f"q {HEAD} Do Q\n{drawing}"
        _put_resource(page, "/XObject", HEAD, head)
        _put_resource(page, "/Font", FONT, font)
        page[NameObject("/Contents")] = ArrayObject([
            begin, *_get_contents(page), _add(writer, _stream(f"\nQ\n{drawing}")),
        ])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _add(writer, thing):
    return writer._addObject(thing)


def _names(values):
    names = DictionaryObject()
    names.update({NameObject(name): value for name, value in values.items()})
    return names


def _stream(text):
    stream = DecodedStreamObject()
    stream.setData(text.encode() if isinstance(text, str) else text)
    return stream


def _get_contents(page):
    """The streams of a page, as they are referred to."""
    contents = page.raw_get("/Contents")
    return list(contents.getObject()) if isinstance(contents.getObject(), ArrayObject) else [contents]


def _make_head(page, rise):
    """A page as a form that can be drawn on others, moved up."""
    form = _stream(b"\n".join(part.getObject().getData() for part in _get_contents(page)))
    form.update(_names({
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Form"),
        "/BBox": ArrayObject(page["/MediaBox"]),
        "/Matrix": ArrayObject([NumberObject(value) for value in (1, 0, 0, 1, 0, round(rise * POINTS_A_MM))]),
        "/Resources": page["/Resources"],
    }))
    return form


def _drop_last(writer):
    tree = writer._pages.getObject()
    del tree["/Kids"][-1]
    tree[NameObject("/Count")] = NumberObject(len(tree["/Kids"]))


def _put_resource(page, kind, name, thing):
    resources = page["/Resources"]
    if kind not in resources:
        resources[NameObject(kind)] = DictionaryObject()
    resources[kind][NameObject(name)] = thing


def _draw_number(page, text, edge, foot):
    """The number of a page, at its lower right."""
    width = sum(WIDTH_OF_DIGIT if letter.isdigit() else WIDTH_OF_OTHERS for letter in text) * FONT_SIZE / 1000
    left = float(page["/MediaBox"][2]) - edge * POINTS_A_MM - width
    return f"BT 0.3 g {FONT} {FONT_SIZE} Tf {left:.2f} {foot * POINTS_A_MM:.2f} Td ({text}) Tj ET\n"
