from odoo.tests import TransactionCase


class CoverageCommon(TransactionCase):
    """Ana and Ben López, the Blue Plan (25 copay, 500 deductible, 20 %, at most 3000) and the Green Plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner = cls.env["res.partner"]
        cls.company = cls.env.company
        cls.ana = partner.create({"name": "Ana López", "is_billing_account": True})
        cls.ben = partner.create({"name": "Ben López", "is_billing_account": True})
        cls.payer = partner.create({"name": "Blue Insurance", "is_company": True, "is_payer": True})
        cls.blue = cls.env["billing.insurance.plan"].create(
            {
                "name": "Blue Plan",
                "payer_id": cls.payer.id,
                "copay": 25.0,
                "deductible": 500.0,
                "coinsurance": 20.0,
                "oop_max": 3000.0,
            }
        )
        cls.green = cls.env["billing.insurance.plan"].create({"name": "Green Plan", "payer_id": cls.payer.id})

    def _coverage_vals(self, **vals):
        return {
            "patient_id": self.ana.id,
            "plan_id": self.blue.id,
            "member_number": "123",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            **vals,
        }

    def _cover(self, **vals):
        """A coverage of Ana by the Blue Plan in 2026, unless said otherwise."""
        return self.env["billing.coverage"].create(self._coverage_vals(**vals))
