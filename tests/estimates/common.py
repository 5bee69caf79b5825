"""What the tests of estimates share."""

from odoo.fields import Command

from ..common import BillingCase


class EstimateCase(BillingCase):
    """Ana López is insured with Blue Plan: deductible 200, then 20 % coinsurance. Omar Diaz pays himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({
            "billing_good_faith": True,
            "vat": "93-1234567",
            "external_report_layout_id": cls.env.ref("web.external_layout_standard").id,
        })
        cls.coverage.write({"deductible": 200.0, "coinsurance": 20.0})
        cls.self_payer = cls._create_patient("Omar Diaz", birth_date="1975-06-30")
        cls.system = cls.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        cls.diagnosis = cls._create_code("M54.5", "Low back pain", "diagnosis")
        cls.service.billing_code_id = cls._create_code("V213", "Office visit", "procedure")
        cls.scan = cls._create_service("Scan of the back", 900.0)
        cls.scan.billing_code_id = cls._create_code("S700", "Scan", "procedure")

    @classmethod
    def _create_code(cls, code, name, kind):
        return cls.env["billing.code"].create({
            "system_id": cls.system.id, "code": code, "name": name, "kind": kind,
        })

    @classmethod
    def _create_estimate(cls, patient=None, services=None, date="2026-04-15", **values):
        """An estimate for these services: products, or (product, price) pairs."""
        lines = [pair if isinstance(pair, tuple) else (pair, None) for pair in services or [cls.service]]
        return cls.env["billing.estimate"].create({
            "patient_id": (patient or cls.patient).id,
            "date": date,
            "provider_id": cls.provider.id,
            "diagnosis_code_ids": [Command.link(cls.diagnosis.id)],
            "line_ids": [
                Command.create({"product_id": product.id, **({} if price is None else {"price_unit": price})})
                for product, price in lines
            ],
            **values,
        })

    @classmethod
    def _hand_over(cls, estimate=None, accept=False, **values):
        """An estimate that the patient has, and has said yes to."""
        estimate = estimate or cls._create_estimate(**values)
        estimate.action_print()
        if accept:
            estimate.action_accept()
        return estimate

    def _shares(self, records):
        """(charge, discount, insurance, patient) of estimates or their lines."""
        return [
            (record.amount_total, record.amount_discount, record.amount_payer, record.amount_patient)
            for record in records
        ]

    def _advise(self, estimate):
        """The sentences of the advice."""
        return [sentence for _severity, sentence in estimate._get_sorted_advice()]
