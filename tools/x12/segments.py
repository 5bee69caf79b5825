"""Cutting X12 files into segments, in pieces, whatever separators they use.

The separators are those of the interchange header (X12.5): the character after ISA separates elements, ISA16 is the
separator of components, ISA11 that of repetitions from version 00402 on, and what follows ISA16 ends a segment. Files
in the wild have byte-order marks, blanks before the header, line breaks and indentation after the terminator (or
before it), headers whose elements are not padded, and lines wrapped after so many characters.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from .faults import X12Error

CHUNK = 1 << 16
# A segment has a few hundred characters. What is longer is garbage, of which no more than this is kept.
LONGEST = 1 << 14
BLANKS = " \t\r\n\x00\x1a"
NEWLINES = "\r\n"
# The byte-order mark of UTF-8, its bytes read as Latin-1.
MARK = "\u00ef\u00bb\u00bf"
HEADER = re.compile(r"ISA(?=[^A-Za-z0-9 \t\r\n])")
ELEMENTS = 16
# The longest element of a header has 15 characters; some senders pad generously.
LONGEST_HEADER = 400
FIRST_WITH_REPETITION = "00402"


class Segments:
    """An iterator of (number, elements), the name of the segment first among its elements.

    ``component`` and ``repetition`` are the separators in force; ``repetition`` is empty before version 00402. Numbers
    count from 1 through the whole file. Bytes are UTF-8 or, where they cannot be, Latin-1. What is held in memory is
    one chunk, however long the file is. A later header that cannot be read comes as it stands, cut as the rest.

    :raise X12Error: ``empty``; or the beginning of the file is no header: ``no_isa``, ``isa_cut_off``, ``separators``
    """

    def __init__(self, file: BinaryIO):
        self.file = file
        self.number = 0
        # The last segment that was a header.
        self.header_number = 0
        self.element = self.component = self.repetition = self.terminator = ""

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        text = self._begin()
        while text:
            text, header = self._take_header(text)
            if header:
                self.number = self.header_number = self.number + 1
                yield self.number, header
            while True:
                found = self._find_header(text, 0 if header else 1)
                if found is not None:
                    # Another interchange begins, perhaps with other separators.
                    yield from self._cut(text[:found])
                    text = text[found:]
                    break
                whole, terminator, rest = text.rpartition(self.terminator)
                if terminator:
                    yield from self._cut(whole)
                    # What was no header is behind us.
                    header = True
                chunk = self._read()
                if not chunk:
                    yield from self._cut(rest)
                    return
                text = rest[:LONGEST] + chunk

    def _read(self):
        return self.file.read(CHUNK).decode("latin-1")

    def _begin(self):
        """The first chunk, from the header on."""
        text = self._read()
        while len(text) < CHUNK and (chunk := self._read()):
            text += chunk
        text = text.lstrip(BLANKS).removeprefix(MARK).lstrip(BLANKS)
        if not text:
            raise X12Error("empty")
        if not HEADER.match(text):
            raise X12Error("no_isa")
        return text

    def _find_header(self, text, start):
        """Where the next interchange begins: behind a terminator, or at the beginning of a line. None: not in here."""
        for found in HEADER.finditer(text, start):
            at = found.start()
            before = text[:at].rstrip(BLANKS).removesuffix(MARK).rstrip(BLANKS)
            if not before or before[-1] == self.terminator or text[at - 1] in NEWLINES:
                return at
        return None

    def _take_header(self, text):
        """What follows the header, and its elements; of one that cannot be read None, if it is not the first."""
        while len(text) < LONGEST_HEADER and (chunk := self._read()):
            text += chunk
        try:
            return self._split_header(text)
        except X12Error:
            if not self.terminator:
                raise
            return text, None

    def _split_header(self, text):
        element = text[3]
        *parts, tail = text[:LONGEST_HEADER].split(element, ELEMENTS)
        if len(parts) < ELEMENTS or not tail:
            raise X12Error("isa_cut_off", 1)
        parts = [part.translate({10: None, 13: None}) for part in parts]
        component, terminator, used = find_terminator(tail)
        separators = (element, component, terminator)
        # An element too few or too many, and the test flag is not where it belongs.
        if len(parts[15].strip()) > 1 or len(set(separators)) < 3 or any(map(str.isalnum, separators)):
            raise X12Error("separators", 1, {"separators": " ".join(map(repr, separators))})
        self.element, self.component, self.terminator = separators
        repetition = parts[11].strip(" ")
        has_repetition = parts[12] >= FIRST_WITH_REPETITION and len(repetition) == 1 and not repetition.isalnum()
        self.repetition = repetition if has_repetition else ""
        # Somewhere behind the first sixteen separators the header ends.
        start = len(text[:LONGEST_HEADER]) - len(tail) + used
        return text[start:], [*parts, component]

    def _cut(self, text):
        """The segments of a text that ends where one ends."""
        element, number = self.element, self.number
        if self.terminator not in NEWLINES:
            # Also lines that were wrapped amid a segment.
            text = text.replace("\n", "").replace("\r", "")
        for piece in text.split(self.terminator):
            segment = piece.strip(BLANKS)
            if segment and segment != MARK:
                number += 1
                self.number = number
                elements = segment.split(element)
                yield number, elements if segment.isascii() else [decode(item) for item in elements]


def find_terminator(tail: str) -> tuple[str, str, int]:
    """Component separator, terminator and how many characters they take, of what follows ISA15 and its separator."""
    component = tail[0]
    following = tail[1:].lstrip(BLANKS)
    skipped = len(tail) - 1 - len(following)
    if following and not following[0].isalnum() and following[:3] != MARK:
        # Perhaps on a line of its own.
        return component, following[0], skipped + 2
    between = tail[1:1 + skipped]
    if component == "~" or not between:
        # The sender left the component separator out.
        return ":", component, 1
    return component, "\n" if "\n" in between else between[0], 1


def decode(text: str) -> str:
    """Bytes that were read as Latin-1, as the UTF-8 that they rather are."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
