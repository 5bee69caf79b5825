"""One 999 or 997: the answer to a group of ours, transaction by transaction."""

from .answers import ElementError, GroupAnswer, SegmentError, SetAnswer
from .envelope import Opened
from .parts import Reader, element

# No payer lists more; more is garbage.
MOST = 1_000
CODES = slice(2, 7)
GROUP_CODES = slice(5, 10)


class SetAnswerReader:
    """One transaction while its segments are read; what is complete stands in ``records``."""

    def __init__(self, values: Reader, opened: Opened):
        self.values = values
        self.opened = opened
        self.records: list[SetAnswer | GroupAnswer] = []
        self.group: list[str] = []
        self.set: list[str] = []
        self.position = 0
        self.errors: list[dict] = []
        self.handlers = {
            "AK1": self._take_group, "AK2": self._take_set, "IK3": self._take_error, "AK3": self._take_error,
            "CTX": self._take_context, "IK4": self._take_element, "AK4": self._take_element, "IK5": self._take_result,
            "AK5": self._take_result, "AK9": self._take_total,
        }

    def take(self, number: int, elements: list[str]) -> None:
        """Use one segment."""
        handler = self.handlers.get(elements[0])
        if handler:
            handler(number, elements)
        else:
            self.values.unknown(number, elements)

    def end(self) -> list:
        """What is left: nothing, for a transaction without its result was not answered."""
        records, self.records = self.records, []
        return records

    def _take_group(self, number, elements):
        self.group = elements

    def _take_set(self, number, elements):
        self.set, self.errors = elements, []

    def _take_error(self, number, elements):
        if len(self.errors) < MOST:
            self.errors.append({
                "segment": element(elements, 1), "number": count(elements, 2), "loop": element(elements, 3),
                "code": element(elements, 4), "context": [], "elements": [], "position": number,
            })

    def _take_context(self, number, elements):
        """CTX: what the error is about; where it names a segment, this and its place."""
        if self.errors and len(self.errors[-1]["context"]) < MOST:
            parts = [
                item.strip().replace(self.values.segments.component, ":") for item in elements[1:] if item.strip()
            ]
            self.errors[-1]["context"].append(" ".join(parts))

    def _take_element(self, number, elements):
        if not self.errors or len(self.errors[-1]["elements"]) >= MOST:
            return
        place = ["IK4", *element(elements, 1).split(self.values.segments.component)]
        self.errors[-1]["elements"].append(ElementError(
            count(place, 1), count(place, 2), count(place, 3), element(elements, 2), element(elements, 3),
            element(elements, 4), number,
        ))

    def _take_result(self, number, elements):
        if not self.set:
            self.values.unknown(number, elements)
            return
        self.records.append(SetAnswer(
            group=element(self.group, 2), set=element(self.set, 1), control=element(self.set, 2),
            status=element(elements, 1), codes=codes_in(elements, CODES),
            errors=tuple(
                SegmentError(**{**error, "context": tuple(error["context"]), "elements": tuple(error["elements"])})
                for error in self.errors
            ),
            interchange=self.opened.interchange, position=number,
        ))
        self.set, self.errors = [], []

    def _take_total(self, number, elements):
        self.records.append(GroupAnswer(
            functional=element(self.group, 1), group=element(self.group, 2), version=element(self.group, 3),
            status=element(elements, 1), included=count(elements, 2), received=count(elements, 3),
            accepted=count(elements, 4), codes=codes_in(elements, GROUP_CODES), interchange=self.opened.interchange,
            position=number,
        ))


def count(elements: list[str], index: int) -> int | None:
    """A number of something; None where it is none."""
    text = element(elements, index)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def codes_in(elements: list[str], where: slice) -> tuple[str, ...]:
    """The codes that are there."""
    return tuple(filter(None, (item.strip() for item in elements[where])))
