"""One 835 transaction, put together from its segments: its head, its claims, its provider adjustments, its figures."""

from collections.abc import Sequence
from typing import Any

from .envelope import Envelope, Opened
from .parts import BrokenError, Reader, element, read_contact
from .records import HOLD, WARNING, ZERO, Claim, Closing, Fault, Party, Payment, ProviderAdjustment, Refused
from .remittance_claim import ClaimBuilder

Record = Payment | Claim | ProviderAdjustment | Closing | Refused | Fault
USAGES = {"P", "T"}
# Segments that carry nothing that is needed: notes, how it was delivered, sums per facility.
IGNORED = {"NTE", "RDM", "TS3", "TS2", "K3"}
BETWEEN_CLAIMS = {"CLP", "LX", "PLB", "TS3", "TS2"}
OF_CLAIMS = {"CAS", "SVC", "NM1", "AMT", "QTY", "LQ", "MIA", "MOA"}
PARTIES = {"PR", "PE"}


class TransactionReader:
    """One transaction while its segments are read: its head, then its claims, then its provider adjustments."""

    def __init__(self, envelope: Envelope, opened: Opened):
        self.opened = opened
        self.reader = Reader(envelope.segments)
        self.records: list[Record] = []
        self.early: list[Fault] = []
        self.is_over = False
        self.handlers = {
            "BPR": self._take_payment, "TRN": self._take_trace, "CUR": self._take_currency, "REF": self._take_reference,
            "DTM": self._take_date, "N1": self._take_party, "N3": self._take_street, "N4": self._take_city,
            "PER": self._take_contact, "LX": self._take_number, "CLP": self._take_claim, "PLB": self._take_provider,
        }
        self.payment: Payment | None = None
        self.claim: ClaimBuilder | None = None
        self.in_adjustments = False
        self.line_number = ""
        self.bpr: list[str] = []
        self.amount = ZERO
        self.bpr_position = opened.position
        self.trn: list[str] = []
        self.currency = ""
        self.production_date = None
        self.references: dict[str, str] = {}
        self.parties: dict[str, dict[str, Any]] = {}
        self.party: dict[str, Any] | None = None
        self.claims_paid = self.adjusted = ZERO
        self.claims = self.services = self.held = 0

    # === RUNNING === #

    def step(self, number: int, elements: list[str]) -> Sequence[Record]:
        """Use one segment: what became complete by it, or the refusal."""
        if self.is_over:
            return ()
        try:
            self.take(number, elements)
        except BrokenError as error:
            return [*self.flush(), self.refuse(error, number)]
        return self.flush() if self.records else ()

    def take(self, number: int, elements: list[str]) -> None:
        """Use one segment; what became complete by it stands in ``records``.

        :raise BrokenError: money cannot be read
        """
        name = elements[0]
        if self.claim and name not in BETWEEN_CLAIMS:
            self.claim.take(number, elements)
        elif name in self.handlers:
            self.handlers[name](number, elements)
        elif name in OF_CLAIMS:
            raise BrokenError("order", segment=name)
        elif name not in IGNORED:
            self.reader.unknown(number, elements)
        if self.reader.faults:
            faults, self.reader.faults = self.reader.faults, []
            if self.claim:
                self.claim.faults += [fault._replace(claim=self.claim.position) for fault in faults]
            else:
                self._tell(faults)

    def flush(self) -> list[Record]:
        """What is complete, once."""
        records, self.records = self.records, []
        return records if self.payment else self.early + records

    def _tell(self, faults):
        # The payment comes first.
        (self.records if self.payment else self.early).extend(faults)
        self.held += sum(fault.severity == HOLD for fault in faults)

    def _fault(self, severity, reason, position, **detail):
        self._tell([Fault(severity, reason, position, detail)])

    def refuse(self, error: BrokenError, number: int) -> Refused:
        """The end of this transaction, because of ``error``."""
        self.is_over = True
        return Refused(error.reason, number, error.detail, self.opened.control, self.opened.interchange)

    def end(self, number: int) -> list[Record]:
        """What is left at SE: the last claim, and the closing with its figures; or the refusal."""
        try:
            self._finish_claim()
            self._finish_head(number)
        except BrokenError as error:
            return [*self.flush(), self.refuse(error, number)]
        payment = self.payment.signed_amount
        difference = self.claims_paid - self.adjusted - payment
        if difference:
            self._fault(
                HOLD, "payment_balance", self.payment.position, claims=self.claims_paid, adjustments=self.adjusted,
                payment=payment, difference=difference,
            )
        closing = Closing(
            payment, self.claims_paid, self.adjusted, difference, self.claims, self.services, self.held, number,
        )
        return [*self.flush(), closing]

    # === HEAD === #

    def _take_payment(self, number, elements):
        self._only_once("BPR", self.bpr)
        self.bpr = elements
        self.bpr_position = number
        self.amount = self.reader.amount(elements, 2)

    def _take_trace(self, number, elements):
        self._only_once("TRN", self.trn)
        self.trn = elements

    def _only_once(self, segment, known):
        if self.payment:
            raise BrokenError("order", segment=segment)
        if known:
            # The end of one transaction and the beginning of the next were lost between them.
            raise BrokenError("repeated", segment=segment)

    def _take_currency(self, number, elements):
        self.currency = self.currency or element(elements, 2)

    def _take_reference(self, number, elements):
        target = self.references if self.party is None else self.party["references"]
        target.setdefault(element(elements, 1), element(elements, 2))

    def _take_date(self, number, elements):
        self.production_date = self.reader.dates(number, elements).get("405", self.production_date)

    def _take_party(self, number, elements):
        self._check_head("N1")
        role = element(elements, 1)
        party = {
            "name": element(elements, 2), "qualifier": element(elements, 3), "identifier": element(elements, 4),
            "references": {}, "contacts": [],
        }
        known = self.parties.get(role)
        if known and role in PARTIES and any(known[name] != party[name] for name in ("name", "identifier")):
            self._fault(HOLD, "repeated", number, segment=f"N1*{role}")
            role = ""
        self.party = self.parties.setdefault(role, party)

    def _take_street(self, number, elements):
        if self.party is not None:
            self.party.update(street=element(elements, 1), street2=element(elements, 2))

    def _take_city(self, number, elements):
        if self.party is not None:
            self.party.update(zip(("city", "state", "zip", "country"), (
                element(elements, index) for index in (1, 2, 3, 4)
            ), strict=True))

    def _take_contact(self, number, elements):
        if self.party is not None:
            self.party["contacts"].append(read_contact(elements))

    def _check_head(self, segment):
        if self.payment:
            raise BrokenError("order", segment=segment)

    def _finish_head(self, number):
        """The payment, as soon as something else than its head begins."""
        if self.payment:
            return
        if not self.bpr:
            raise BrokenError("missing", segment="BPR")
        day, faults = self.reader.date(self.bpr_position, self.bpr, 16), self.reader.faults
        self.reader.faults = []
        self.payment = Payment(
            interchange=self.opened.interchange, usage=self.opened.usage, version=self.opened.version,
            transaction=self.opened.control, handling=element(self.bpr, 1), amount=self.amount,
            credit_debit=element(self.bpr, 3), method=element(self.bpr, 4),
            date=day, trace=element(self.trn, 2),
            originator=element(self.trn, 3), payer=self._make_party("PR"), payee=self._make_party("PE"),
            production_date=self.production_date, currency=self.currency, references=self.references,
            position=self.opened.position,
        )
        self.records += [self.payment, *self.early]
        self._check_payment(self.bpr_position)
        # Without its date a payment is not known again; where there is no money, that hurts nobody.
        severity = HOLD if self.amount else WARNING
        self._tell([fault._replace(severity=severity) for fault in faults])
        if day is None and not faults:
            self._fault(severity, "missing", self.bpr_position, segment="BPR16")

    def _make_party(self, role):
        facts = self.parties.get(role, {})
        return Party(**{**facts, "contacts": tuple(facts.get("contacts", ()))})

    def _check_payment(self, position):
        """What has to be there before money can be posted once, in the right place and with the right sign."""
        payment = self.payment
        if not payment.interchange:
            self._fault(HOLD, "no_interchange", position)
        elif payment.usage not in USAGES:
            self._fault(HOLD, "usage", position, value=payment.usage[:10])
        if not payment.trace:
            self._fault(HOLD, "trace_missing", position)
        if payment.credit_debit not in ("C", "D"):
            self._fault(HOLD, "credit_debit", position, value=payment.credit_debit[:10])
        if payment.amount < 0:
            self._fault(HOLD, "negative_payment", position, amount=payment.amount)
        if not payment.payer.name and not payment.payer.identifier:
            self._fault(WARNING if payment.originator else HOLD, "payer_missing", position)

    # === CLAIMS AND PROVIDER ADJUSTMENTS === #

    def _take_number(self, number, elements):
        self._finish_claim()
        self._finish_head(number)
        if self.in_adjustments:
            raise BrokenError("order", segment="LX")
        self.line_number = element(elements, 1)

    def _take_claim(self, number, elements):
        self._finish_claim()
        self._finish_head(number)
        if self.in_adjustments:
            raise BrokenError("order", segment="CLP")
        self.claim = ClaimBuilder(self.reader, elements, number, self.line_number)

    def _finish_claim(self):
        if not self.claim:
            return
        claim, faults = self.claim.finish()
        self.claim = None
        self.claims += 1
        self.services += len(claim.services)
        self.claims_paid += claim.paid
        self.records.append(claim)
        self._tell(faults)

    def _take_provider(self, number, elements):
        """PLB: provider, end of its fiscal year, and up to six pairs of reason and amount."""
        self._finish_claim()
        self._finish_head(number)
        self.in_adjustments = True
        npi, day = element(elements, 1), self.reader.date(number, elements, 2)
        if not any(element(elements, index) for index in range(3, len(elements))):
            self._fault(HOLD, "provider_adjustment_incomplete", number, element="PLB03")
        for index in range(3, max(len(elements), 5), 2):
            identifier = element(elements, index)
            amount = self.reader.amount(elements, index + 1, None)
            if not identifier and amount is None:
                continue
            if amount is None:
                raise BrokenError("bad_amount", element=f"PLB{index + 1:02}", value="")
            if not identifier:
                self._fault(HOLD, "provider_adjustment_incomplete", number, element=f"PLB{index:02}")
            code, _separator, reference = identifier.partition(self.reader.segments.component)
            self.adjusted += amount
            self.records.append(ProviderAdjustment(npi, day, code.strip(), reference.strip(), amount, number))
