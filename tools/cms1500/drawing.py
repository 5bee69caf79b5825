"""Forms as PDF on Letter paper: data only for the red stock, or with a grey form as proof; and a page to align it.

10 characters and 6 lines per inch: Courier of 12 points. The first column begins 0.3 inches from the left edge; a text
of line L stands on the lower edge of the L + 7th line of the paper.
"""

import io
import textwrap

from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .blank_form import CAPTIONS_ABOVE, CELLS, CROSSES, LETTER_AT
from .boxes import DIAGNOSES, FIRST_SERVICE_LINE, LINES_A_SERVICE, SERVICES_A_FORM, find_place

WIDTH, HEIGHT = letter
FONT, SIZE, CHARACTER, LINE = "Courier", 12, 7.2, 12
LEFT, LINES_ABOVE, BASE = 21.6, 7, 3
GREY, LIGHT, RED, PALE, BLACK = (0.55,) * 3, (0.92,) * 3, (0.8, 0, 0), (1, 0.85, 0.85), (0, 0, 0)
CAPTION_FONT, CAPTION_SIZE = "Helvetica", 5
REMARK_SIZE, REMARK_LETTERS, REMARK_LINES = 6.5, 82, 10
CROSS, EDGE = 6, 36
# Boxes that a person finds at once on the stock, at its edges and in the middle.
KNOWN = (
    "1.medicare", "1.other", "1a", "3.male", "6.other", "11d.no", "20.no", "23", "25.ein", "27.no", "33.phone", "33a",
)


class Paper:
    """A PDF being written, moved by what a printer is off.

    :param right: millimetres to the right, negative: to the left
    :param down: millimetres down, negative: up
    """

    def __init__(self, title: str, right: float = 0.0, down: float = 0.0):
        self._out = io.BytesIO()
        # Without compression of its own and dates: the same claim gives the same bytes.
        self._canvas = Canvas(self._out, pagesize=letter, invariant=1)
        self._canvas.setTitle(title)
        self.right, self.down = right, down

    def add_form(
        self, form, with_form: bool = False, remarks: list[str] | None = None, is_copy: bool = False,
    ) -> None:
        """One sheet of a claim.

        :param with_form: draw a grey form below it, and what is wrong in red
        :param remarks: sentences about the sheet for the head of a proof
        :param is_copy: a copy of what was sent, for the payer: nothing in red
        """
        self._begin_page()
        if with_form:
            self._draw_form()
            self._draw_remarks(remarks or [], BLACK if is_copy else RED)
        for entry in form.entries:
            is_shown = with_form and entry.is_wrong and not is_copy
            if is_shown:
                self._draw_fault(entry)
            self._type(entry.line, entry.column, entry.text, RED if is_shown else BLACK)
        self._canvas.showPage()

    def add_alignment(self, lines: list[str]) -> None:
        """Crosses half an inch from the edges, and crosses in boxes that everybody finds.

        :param lines: what a person is told to do
        """
        self._begin_page()
        for x in (EDGE, WIDTH - EDGE):
            for y in (EDGE, HEIGHT - EDGE):
                self._draw_cross(x, y)
        for key in KNOWN:
            place = find_place(key)
            self._type(place.line, place.column, "X" * place.width)
            self._caption(place.column, place.line - 1, key.split(".", maxsplit=1)[0])
        self._canvas.setFillColorRGB(*BLACK)
        self._canvas.setFont("Helvetica", 10)
        for number, line in enumerate(lines):
            self._canvas.drawString(EDGE + 60, HEIGHT - _top(37.5) - 15 * number, _to_known(line))
        self._canvas.showPage()

    def add_text(self, lines: list[str], size: float = 9.0) -> None:
        """A page of plain text in letters of one width; nothing is moved."""
        self._canvas.setFillColorRGB(*BLACK)
        text = self._canvas.beginText(EDGE, HEIGHT - EDGE - size)
        text.setFont(FONT, size, leading=size * 1.3)
        text.textLines([_to_known(line) for line in lines], trim=0)
        self._canvas.drawText(text)
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole file."""
        self._canvas.save()
        return self._out.getvalue()

    # === PARTS === #

    def _begin_page(self):
        self._canvas.translate(self.right * mm, -self.down * mm)

    def _type(self, line, column, text, color=BLACK):
        if text:
            self._canvas.setFillColorRGB(*color)
            self._canvas.setFont(FONT, SIZE)
            self._canvas.drawString(_left(column), HEIGHT - _top(line) + BASE, text)

    def _caption(self, column, line, text):
        self._canvas.setFillColorRGB(*GREY)
        self._canvas.setFont(CAPTION_FONT, CAPTION_SIZE)
        self._canvas.drawString(_left(column), HEIGHT - _top(line) + BASE, text)

    def _draw_fault(self, entry):
        """The whole room of a box in red."""
        self._canvas.setFillColorRGB(*PALE)
        self._canvas.setStrokeColorRGB(*RED)
        self._canvas.rect(
            _left(entry.column) - 1, HEIGHT - _top(entry.line), entry.width * CHARACTER + 2, LINE, fill=1, stroke=1,
        )

    def _draw_form(self):
        canvas = self._canvas
        canvas.setLineWidth(0.5)
        canvas.setFillColorRGB(*LIGHT)
        for row in range(SERVICES_A_FORM):
            line = FIRST_SERVICE_LINE + LINES_A_SERVICE * row
            canvas.rect(
                _left(CELLS[0].left), HEIGHT - _top(line - 1), _left(80) - _left(CELLS[0].left), LINE, fill=1, stroke=0,
            )
        canvas.setStrokeColorRGB(*GREY)
        for cell in CELLS:
            canvas.rect(
                _left(cell.left), HEIGHT - _top(cell.bottom), _left(cell.right) - _left(cell.left),
                (cell.bottom - cell.top) * LINE, fill=0, stroke=1,
            )
            canvas.setFillColorRGB(*GREY)
            canvas.setFont(CAPTION_FONT, CAPTION_SIZE)
            canvas.drawString(_left(cell.left) + 1.5, HEIGHT - _top(cell.top) - CAPTION_SIZE - 0.5, cell.caption)
        for row in range(SERVICES_A_FORM + 1):
            line = FIRST_SERVICE_LINE - 2 + LINES_A_SERVICE * row
            canvas.line(_left(CELLS[0].left), HEIGHT - _top(line), _left(80), HEIGHT - _top(line))
        for key, caption in CROSSES.items():
            place = find_place(key)
            canvas.rect(_left(place.column) - 1.5, HEIGHT - _top(place.line) + 1, CHARACTER + 3, LINE - 2, stroke=1)
            above = key in CAPTIONS_ABOVE
            self._caption(place.column + (0 if above else 1.3), place.line - above, caption)
        for letter_ in DIAGNOSES:
            place = find_place(f"21.{letter_}")
            self._caption(place.column + LETTER_AT, place.line, letter_)

    def _draw_remarks(self, remarks, color):
        """Sentences beside the address of the payer, as many as there is room for."""
        canvas = self._canvas
        canvas.setFillColorRGB(*color)
        canvas.setFont(CAPTION_FONT, REMARK_SIZE)
        lines = [line for remark in remarks for line in textwrap.wrap(remark, REMARK_LETTERS)]
        if len(lines) > REMARK_LINES:
            lines = [*lines[:REMARK_LINES - 1], "…"]
        for number, line in enumerate(lines):
            canvas.drawString(_left(1), HEIGHT - 22 - (REMARK_SIZE + 1) * number, _to_known(line))

    def _draw_cross(self, x, y):
        """A cross with a mark at each millimetre."""
        canvas = self._canvas
        canvas.setStrokeColorRGB(*BLACK)
        canvas.setLineWidth(0.4)
        length = CROSS * mm
        canvas.line(x - length, y, x + length, y)
        canvas.line(x, y - length, x, y + length)
        for step in range(-CROSS, CROSS + 1):
            half = 2.5 if step % 5 == 0 else 1.2
            canvas.line(x + step * mm, y - half, x + step * mm, y + half)
            canvas.line(x - half, y + step * mm, x + half, y + step * mm)


def _to_known(text):
    """A text in the letters of the fonts that every printer has; others become question marks."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _left(column):
    """Points from the left edge of the paper to a column."""
    return LEFT + CHARACTER * (column - 1)


def _top(line):
    """Points from the upper edge of the paper to the lower edge of a line."""
    return LINE * (line + LINES_ABOVE)
