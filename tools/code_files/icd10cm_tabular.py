"""ICD-10-CM tabular list in XML: nested ``diag`` elements with ``name`` and ``desc``.

Where a seventh character is defined, it is set behind the codes below, filled up with X: T15.02 → T15.02XA. The list
leaves out some of these codes, which only the order file knows; so nothing is ended that this file does not name.

Nothing outside the file is ever fetched, no entity is replaced, and a document type is refused before it is parsed.
"""

import re

from lxml import etree

from .icd import fiscal_edition
from .lines import squeeze
from .rows import BadFileError, CodeRow, Format, Unreadable

NAME = re.compile(r"[A-Z](?=[A-Z]?[0-9])[0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
HEAD_BYTES = 1 << 16


def read(file):
    """Codes, category by category: memory holds one category at a time."""
    refuse_document_type(file)
    found = False
    for category in read_categories(file):
        found = True
        yield from read_diag(category, parent="", seventh={})
    if not found:
        raise BadFileError(1, "no_rows")


def refuse_document_type(file):
    """Entities are declared in a document type: a list of codes has none.

    :raise BadFileError: with the line where it stands
    """
    start = file.read(HEAD_BYTES)
    file.seek(0)
    # The same in other encodings: every second byte is empty there.
    if match := FORBIDDEN.search(start.replace(b"\0", b"")):
        raise BadFileError(start.replace(b"\0", b"").count(b"\n", 0, match.start()) + 1, "entities")


def read_categories(file):
    """The outermost ``diag`` elements, forgotten as soon as they are read."""
    depth = 0
    parser = etree.iterparse(
        file, events=("start", "end"), tag="diag", resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, attribute_defaults=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )
    try:
        for event, element in parser:
            if depth == 0 and element.getroottree().docinfo.doctype:
                raise BadFileError(1, "entities")
            depth += 1 if event == "start" else -1
            if depth == 0:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise BadFileError(error.lineno or 1, "xml", message=squeeze(error.msg or "")) from error


def read_diag(element, parent, seventh):
    """A code, those below it, and those that a seventh character makes of it."""
    code, text = squeeze(element.findtext("name") or ""), squeeze(element.findtext("desc") or "")
    if not NAME.fullmatch(code):
        yield Unreadable(element.sourceline, "code", {"code": code})
        return
    if not text:
        yield Unreadable(element.sourceline, "no_text", {"code": code})
        return
    own = {item.get("char", ""): squeeze(item.text or "") for item in element.iterfind("sevenChrDef/extension")}
    seventh = own or seventh
    below = element.findall("diag")
    # A code of seven characters has its seventh one already.
    extensions = {} if below or len(code) > 7 else seventh
    yield CodeRow(
        element.sourceline, code, None, text, "diagnosis", is_billable=not below and not extensions, parent=parent,
    )
    for child in below:
        yield from read_diag(child, code, seventh)
    for character, meaning in extensions.items():
        yield CodeRow(
            element.sourceline, extend(code, character), None, f"{text}, {meaning}", "diagnosis", is_billable=True,
            parent=code,
        )


def extend(code, character):
    """A code with its seventh character; what is missing before it is filled with X."""
    stem = code if "." in code else f"{code}."
    return stem.ljust(7, "X") + character


FORMAT = Format(
    key="icd10cm_tabular",
    target="code",
    systems={"diagnosis": "ICD10CM"},
    looks_like=lambda head: b"ICD10CM.tabular" in head.start or (
        head.start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<diag" in head.start
    ) or (head.start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")),
    read=read,
    edition=fiscal_edition,
    is_complete=False,
)
