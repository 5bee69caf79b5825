"""One 277CA (005010X214): the answer to every claim of a batch. Levels: payer (20), receiver (21), provider (19),
patient (PT); a 277 in answer to a question (X212) has 22 and 23 for the patient and is read as well."""

from typing import Any

from .answers import BatchAnswer, ClaimAnswer, ServiceAnswer, Status, verdict_of_statuses
from .envelope import Opened
from .parts import Reader, element
from .values import BadValueError, to_amount

LEVELS = {"20": "payer", "21": "receiver", "19": "provider", "PT": "patient", "22": "patient", "23": "patient"}
# In one level: far more than there are lines in a claim.
MOST = 2_000
COMPOSITES = (1, 10, 11)
# Accepted and rejected: of the receiver 90 and AA, of the provider QA and QC.
COUNTS = {"90": "accepted", "QA": "accepted", "AA": "rejected", "QC": "rejected"}
SUMS = {"YU": "amount_accepted", "YY": "amount_rejected"}


class ClaimAnswerReader:
    """One transaction while its segments are read; what is complete stands in ``records``."""

    def __init__(self, values: Reader, opened: Opened):
        self.values = values
        self.opened = opened
        self.records: list[BatchAnswer | ClaimAnswer] = []
        self.names: dict[str, tuple[str, str, str]] = {}
        self.level = ""
        self.facts: dict[str, Any] | None = None
        self.service: dict[str, Any] | None = None
        self.handlers = {
            "HL": self._take_level, "NM1": self._take_name, "TRN": self._take_trace, "STC": self._take_status,
            "REF": self._take_reference, "DTP": self._take_date, "QTY": self._take_count, "AMT": self._take_sum,
            "SVC": self._take_service,
        }

    def take(self, number: int, elements: list[str]) -> None:
        """Use one segment."""
        handler = self.handlers.get(elements[0])
        if handler:
            handler(number, elements)
        elif elements[0] not in ("BHT", "PER", "DMG", "N3", "N4"):
            self.values.unknown(number, elements)

    def end(self) -> list:
        """The last claim, which nothing follows."""
        self._finish()
        records, self.records = self.records, []
        return records

    # === LEVELS === #

    def _take_level(self, number, elements):
        self._finish()
        # Some senders leave out an element before the code.
        self.level = LEVELS.get(element(elements, 3)) or ("patient" if "PT" in elements else "")
        # Names of another patient, or of the patients of another provider, are not carried over.
        self.names.pop(self.level, None)
        if self.level != "patient":
            self._open("", number)

    def _take_name(self, number, elements):
        if element(elements, 1) in ("PR", "AY", "41", "40", "85", "1P", "QC", "IL"):
            self.names[self.level] = (element(elements, 3), element(elements, 4), element(elements, 9))

    def _take_trace(self, number, elements):
        """Of a patient: the beginning of another claim."""
        if self.level == "patient":
            self._finish()
            self._open(element(elements, 2), number)
        elif self.facts:
            self.facts["reference"] = element(elements, 2)

    def _open(self, reference, number):
        self.service = None
        self.facts = {
            "reference": reference, "position": number, "statuses": [], "references": {}, "dates": {}, "services": [],
            "counts": {},
        }

    # === WHAT IS SAID === #

    def _take_status(self, number, elements):
        target = self.service or self.facts
        if target is None or len(target["statuses"]) > MOST:
            return
        day, amount = self.values.date(number, elements, 2), self._amount(elements, 4)
        for index in COMPOSITES:
            composite = element(elements, index)
            if composite:
                parts = ["", *composite.split(self.values.segments.component)]
                target["statuses"].append(Status(
                    element(parts, 1), element(parts, 2), element(parts, 3), day, element(elements, 3), amount,
                    element(elements, 12),
                ))

    def _take_reference(self, number, elements):
        target = self.service or self.facts
        if target is not None:
            target["references"].setdefault(element(elements, 1), element(elements, 2))

    def _take_date(self, number, elements):
        """DTP: a day, or a range of days."""
        if self.facts is None or self.service:
            return
        first, _dash, last = element(elements, 3).partition("-")
        days = [self.values.date(number, ["DTP", "", "", day], 3) for day in (first, last)]
        self.facts["dates"].setdefault(element(elements, 1), (days[0], days[1] or days[0]))

    def _take_count(self, number, elements):
        self._count(COUNTS, elements, lambda value: int(value) if value == int(value) else None)

    def _take_sum(self, number, elements):
        self._count(SUMS, elements, lambda value: value)

    def _count(self, names, elements, convert):
        name, value = names.get(element(elements, 1)), self._amount(elements, 2)
        if self.facts is not None and name and value is not None:
            self.facts["counts"][name] = convert(value)

    def _take_service(self, number, elements):
        if self.facts is None or len(self.facts["services"]) > MOST:
            return
        self.service = {
            "code": self.values.split_code(element(elements, 1)), "charge": self._amount(elements, 2), "statuses": [],
            "references": {}, "position": number,
        }
        self.facts["services"].append(self.service)

    def _amount(self, elements, index):
        """An amount only informs here: what is none, is left out."""
        try:
            return to_amount(element(elements, index))
        except BadValueError:
            return None

    # === RECORDS === #

    def _finish(self):
        facts, self.facts, self.service = self.facts, None, None
        if facts is None:
            return
        if self.level == "patient":
            self.records.append(self._make_claim(facts))
        elif facts["statuses"]:
            self.records.append(self._make_batch(facts))

    def _make_claim(self, facts):
        services = tuple(
            ServiceAnswer(
                *service["code"], service["charge"], service["references"].get("FJ", ""), tuple(service["statuses"]),
                service["position"],
            )
            for service in facts["services"]
        )
        statuses = tuple(facts["statuses"])
        every = (*statuses, *(status for service in services for status in service.statuses))
        payer, _first, payer_id = self.names.get("payer", ("", "", ""))
        provider, _first, npi = self.names.get("provider", ("", "", ""))
        name, first_name, member = self.names.get("patient", ("", "", ""))
        date_from, date_to = facts["dates"].get("472", (None, None))
        return ClaimAnswer(
            claim_id=facts["reference"], verdict=verdict_of_statuses(every),
            control_number=facts["references"].get("1K", ""),
            clearinghouse_number=facts["references"].get("D9", ""), statuses=statuses, services=services,
            amount=next((status.amount for status in statuses if status.amount is not None), None),
            date=next((status.date for status in statuses if status.date), None), date_from=date_from, date_to=date_to,
            patient_name=name, patient_first_name=first_name, member_number=member, payer=payer, payer_id=payer_id,
            provider=provider, provider_npi=npi, references=facts["references"], interchange=self.opened.interchange,
            position=facts["position"],
        )

    def _make_batch(self, facts):
        statuses = tuple(facts["statuses"])
        name, _first, identifier = self.names.get(self.level, ("", "", ""))
        counts = facts["counts"]
        return BatchAnswer(
            level=self.level, reference=facts["reference"], verdict=verdict_of_statuses(statuses), statuses=statuses,
            name=name, identifier=identifier, accepted=counts.get("accepted"), rejected=counts.get("rejected"),
            amount_accepted=counts.get("amount_accepted"), amount_rejected=counts.get("amount_rejected"),
            interchange=self.opened.interchange, position=facts["position"],
        )
