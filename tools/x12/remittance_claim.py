"""One claim of an 835, put together from its segments (CLP and what follows it), and whether its figures agree."""

from decimal import Decimal

from .parts import ADJUSTMENT_STEP, BrokenError, Reader, element, read_amounts, read_contact, read_person
from .records import (
    DENIED,
    HOLD,
    PREDETERMINATION,
    REVERSAL,
    WARNING,
    ZERO,
    Adjustment,
    Claim,
    Fault,
    Service,
)

STATUSES = {"1", "2", "3", "4", "19", "20", "21", "22", "23", "25"}
# CR is of version 4010: correction and reversal.
GROUPS = {"CO", "PR", "OA", "PI", "CR"}
PEOPLE = {
    "QC": "patient", "IL": "insured", "74": "corrected_insured", "82": "rendering", "TT": "crossover",
    "PR": "corrected_payer", "GB": "other_insured",
}
OF_HEAD = {"BPR", "TRN", "N1"}
ONE = Decimal(1)
# Far more than the 999 lines that the guide allows can have.
LONGEST = 20_000
# Where MIA and MOA have remark codes.
REMARKS = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}


class ServiceBuilder:
    """A line while its segments are read."""

    def __init__(self, reader: Reader, elements, number):
        self.position = number
        self.system, self.code, self.modifiers = reader.split_code(element(elements, 1))
        original = reader.split_code(element(elements, 6))
        self.original_system, self.original_code, self.original_modifiers = original
        self.charge = reader.amount(elements, 2)
        # Left out where nothing is paid.
        self.paid = reader.amount(elements, 3, ZERO)
        self.revenue_code = element(elements, 4)
        # One, if it is not said (835 TR3, SVC05).
        self.units = reader.quantity(elements, 5, ONE)
        self.original_units = reader.quantity(elements, 7, None)
        self.dates, self.references, self.amounts, self.quantities = {}, {}, {}, {}
        self.adjustments, self.remarks = [], []

    def finish(self) -> Service:
        """The record."""
        return Service(
            system=self.system, code=self.code, modifiers=self.modifiers, charge=self.charge, paid=self.paid,
            revenue_code=self.revenue_code, units=self.units, original_system=self.original_system,
            original_code=self.original_code, original_modifiers=self.original_modifiers,
            original_units=self.original_units, dates=self.dates, adjustments=tuple(self.adjustments),
            control_number=self.references.get("6R", ""), references=self.references, amounts=self.amounts,
            quantities=self.quantities, remarks=tuple(self.remarks), position=self.position,
        )


class ClaimBuilder:
    """A claim while its segments are read: one method for each kind of segment."""

    def __init__(self, reader: Reader, elements, number, line_number):
        self.reader = reader
        self.position = number
        self.line_number = line_number
        self.elements = elements
        self.claim_id = element(elements, 1)
        self.status = element(elements, 2)
        self.charge = reader.amount(elements, 3)
        self.paid = reader.amount(elements, 4)
        self.patient_share = reader.amount(elements, 5, None)
        self.people = {}
        self.dates, self.references, self.amounts, self.quantities = {}, {}, {}, {}
        self.adjustments, self.remarks, self.contacts, self.services = [], [], [], []
        self.inpatient = self.outpatient = ()
        self.service = None
        # What dates, references, amounts and adjustments belong to: the claim, or its last line.
        self.target = self
        self.faults = []
        if not self.claim_id:
            self.fault(WARNING, "claim_id_missing", number)
        if self.status not in STATUSES:
            self.fault(HOLD, "claim_status", number, value=self.status)

    def fault(self, severity, reason, position, **detail):
        """Note something that is wrong with this claim."""
        detail = {"claim": self.claim_id or f"({self.position})", **detail}
        self.faults.append(Fault(severity, reason, position, detail, self.position))

    # === SEGMENTS === #

    def take(self, number, elements):
        """Use one segment.

        :raise BrokenError: money cannot be read
        """
        if number - self.position > LONGEST:
            raise BrokenError("too_long", limit=LONGEST)
        taker = TAKERS.get(elements[0])
        if taker:
            taker(self, number, elements)
        elif elements[0] in OF_HEAD:
            # The end of one transaction and the beginning of the next were lost between them.
            raise BrokenError("order", segment=elements[0])
        else:
            self.reader.unknown(number, elements)

    def _take_service(self, number, elements):
        self.service = self.target = ServiceBuilder(self.reader, elements, number)
        self.services.append(self.service)

    def _take_adjustments(self, number, elements):
        """CAS: a group and up to six of reason, amount and quantity; gaps are left out."""
        group = element(elements, 1)
        if group not in GROUPS:
            self.fault(HOLD, "adjustment_group", number, value=group)
        for start in range(2, len(elements), ADJUSTMENT_STEP):
            code = element(elements, start)
            amount = self.reader.amount(elements, start + 1, None)
            quantity = self.reader.quantity(elements, start + 2)
            if not code and amount is None and quantity is None:
                continue
            if not code or amount is None:
                missing = start + 1 if code else start
                self.fault(HOLD, "adjustment_incomplete", number, element=f"CAS{missing:02}")
            self.target.adjustments.append(Adjustment(group, code, ZERO if amount is None else amount, quantity))
        if len(elements) <= 2:
            self.fault(HOLD, "adjustment_incomplete", number, element="CAS02")

    def _take_person(self, number, elements):
        role = PEOPLE.get(element(elements, 1))
        if not role:
            return
        person = read_person(elements)
        if self.people.setdefault(role, person) != person:
            # The beginning of another claim may have been lost.
            self.fault(HOLD, "repeated", number, segment=f"NM1*{element(elements, 1)}")

    def _take_reference(self, number, elements):
        qualifier, value = element(elements, 1), element(elements, 2)
        known = self.target.references.get(qualifier)
        if known is None:
            self.target.references[qualifier] = value
        elif qualifier == "6R" and known != value:
            # The beginning of another line may have been lost.
            self.fault(HOLD, "repeated", number, segment="REF*6R")
        elif value not in known.split(", "):
            self.target.references[qualifier] = f"{known}, {value}"

    def _take_date(self, number, elements):
        self.target.dates.update(self.reader.dates(number, elements))

    def _take_amount(self, number, elements):
        read_amounts(self.target.amounts, elements, self.reader.informative)

    def _take_quantity(self, number, elements):
        read_amounts(self.target.quantities, elements, self.reader.quantity)

    def _take_remark(self, number, elements):
        code = element(elements, 2)
        if code and code not in self.target.remarks:
            self.target.remarks.append(code)

    def _take_outcome(self, number, elements):
        """MIA (inpatient) and MOA (outpatient): what the adjudication says besides reasons."""
        values = tuple(item.strip() for item in elements[1:])
        if elements[0] == "MIA":
            self.inpatient = values
        else:
            self.outpatient = values
        for index in REMARKS[elements[0]]:
            code = element(elements, index)
            if code and code not in self.remarks:
                self.remarks.append(code)

    def _take_contact(self, number, elements):
        self.contacts.append(read_contact(elements))

    # === THE END === #

    def finish(self) -> tuple[Claim, list[Fault]]:
        """The record, and what is wrong with it."""
        elements = self.elements
        claim = Claim(
            claim_id=self.claim_id, status=self.status, charge=self.charge, paid=self.paid,
            patient_share=self.patient_share, filing=element(elements, 6), control_number=element(elements, 7),
            facility=element(elements, 8), frequency=element(elements, 9), adjustments=tuple(self.adjustments),
            **{role: self.people.get(role) for role in PEOPLE.values()},
            references=self.references, dates=self.dates, amounts=self.amounts, quantities=self.quantities,
            remarks=tuple(self.remarks), inpatient=self.inpatient, outpatient=self.outpatient,
            contacts=tuple(self.contacts), services=tuple(service.finish() for service in self.services),
            line_number=self.line_number, position=self.position,
        )
        self.check(claim)
        return claim, self.faults

    def check(self, claim):
        """Whether the figures agree: of each line, of the lines with the claim, of the claim, of the patient."""
        adjusted, patient = sum_adjustments(claim.adjustments)
        charged = ZERO
        for number, service in enumerate(claim.services, 1):
            lowered, owed = sum_adjustments(service.adjustments)
            adjusted, patient, charged = adjusted + lowered, patient + owed, charged + service.charge
            difference = service.charge - lowered - service.paid
            if difference:
                self.fault(
                    HOLD, "service_balance", service.position, line=number, code=service.code,
                    charge=service.charge, adjustments=lowered, paid=service.paid, difference=difference,
                )
        position, difference = self.position, claim.charge - adjusted - claim.paid
        if difference:
            self.fault(
                HOLD, "claim_balance", position, charge=claim.charge, adjustments=adjusted, paid=claim.paid,
                difference=difference,
            )
        if claim.services and charged != claim.charge:
            self.fault(HOLD, "charge_sum", position, lines=charged, charge=claim.charge)
        if claim.status != REVERSAL and (claim.patient_share or ZERO) != patient:
            self.fault(WARNING, "patient_share", position, said=claim.patient_share or ZERO, counted=patient)
        if claim.paid and (claim.status in DENIED or claim.status == PREDETERMINATION):
            self.fault(HOLD, "denied_but_paid", position, status=claim.status, paid=claim.paid)


TAKERS = {
    "SVC": ClaimBuilder._take_service, "CAS": ClaimBuilder._take_adjustments, "NM1": ClaimBuilder._take_person,
    "REF": ClaimBuilder._take_reference, "DTM": ClaimBuilder._take_date, "AMT": ClaimBuilder._take_amount,
    "QTY": ClaimBuilder._take_quantity, "LQ": ClaimBuilder._take_remark, "MIA": ClaimBuilder._take_outcome,
    "MOA": ClaimBuilder._take_outcome, "PER": ClaimBuilder._take_contact,
}


def sum_adjustments(adjustments: tuple[Adjustment, ...]) -> tuple[Decimal, Decimal]:
    """All of them, and those that the patient owes."""
    whole = owed = ZERO
    for adjustment in adjustments:
        whole += adjustment.amount
        if adjustment.group == "PR":
            owed += adjustment.amount
    return whole, owed
