"""Payers' files about the claims of the practice of the tests."""

from datetime import date

from odoo.addons.billing_coordinator.tests.common import BillingCase

from ..tools import x12_files as x12

PAID = date(2026, 3, 10)
VISIT = date(2026, 3, 5)


class RemittanceFileCase(BillingCase):
    """A claim of 500.00 to Blue Insurance, and files that answer it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer.payer_code = "BLUE1"
        cls.payer_b.payer_code = "GOLD1"

    @classmethod
    def _create_claim(cls, **values):
        claim = cls._bill(**values).claim_ids
        claim.action_send()
        return claim

    def _service(self, paid="300.00", adjustments=(("CO", "45", "120.00"), ("PR", "1", "80.00")), **values):
        return x12.service(**{"charge": "500.00", "paid": paid, "adjustments": adjustments, "day": VISIT, **values})

    def _clp(self, claim, services=None, **values):
        """The answer to ``claim`` in a file: 300.00 paid, 120.00 agreed discount, 80.00 deductible."""
        first, last = claim.patient_id.name.upper().replace("Ó", "O").split()
        return x12.claim(**{
            "claim_id": claim.name, "services": services if services is not None else [self._service()],
            "patient": (last, first), "member": claim.coverage_id.member_number, "day": VISIT, "control": "ICN-1",
            **values,
        })

    def _file(self, *claims, usage="P", **values):
        """The bytes of a file with one payment."""
        return x12.wrap(self._payment(*claims, **values), usage=usage)

    def _payment(self, *claims, **values):
        return x12.remittance(claims, **{"day": PAID, "payer": ("BLUE INSURANCE", "XV", "BLUE1"), **values})

    def _take(self, content, name="blue.835"):
        """Take in a file, read it and post what can be posted."""
        return self.env["billing.remittance.file"]._take_in_all([(name, content)])

    def _became(self, file):
        """(state, reason) of each payment and of each claim of a file."""
        file.invalidate_recordset()
        return (
            [(payment.state, payment.why or "") for payment in file.transaction_ids.sorted("position")],
            [(item.state, item.why or "") for item in file.item_ids.sorted("position")],
        )
