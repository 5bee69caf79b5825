"""What the tests of financial assistance share: a programme, and people who apply."""

from odoo.fields import Command

from ..common import BillingCase


class AssistanceCase(BillingCase):
    """The care fund of a practice: 100 % up to 200 % of the guideline, 60 % up to 300 %, 30 % up to 400 %.

    Ana López has no insurance here, so that her bills are her own.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assist_reason = cls.env.ref("billing_coordinator.reason_office_assist")
        cls.charity_account = cls.company.billing_charity_account_id
        cls.programme = cls._create_programme()
        cls.coverage.unlink()

    @classmethod
    def _create_programme(cls, **values):
        return cls.env["billing.assistance.programme"].create({
            "name": "Care Fund",
            "company_id": cls.env.company.id,
            "guideline_amount": 15000.0,
            "guideline_per_person": 5000.0,
            "bracket_ids": [
                Command.create({"guideline_percent": step, "discount_percent": discount})
                for step, discount in ((200.0, 100.0), (300.0, 60.0), (400.0, 30.0))
            ],
            **values,
        })

    @classmethod
    def _create_table(cls, *rows, **values):
        """A programme by a typed table of (persons, income up to, discount)."""
        return cls._create_programme(income_rule="table", bracket_ids=[
            Command.create({"household_size": size, "income_to": income, "discount_percent": discount})
            for size, income, discount in rows
        ], **values)

    @classmethod
    def _apply_for(cls, applicant=None, income=40000.0, **values):
        """An application: by default one person with 40,000 a year, which is 60 %."""
        programme = values.pop("programme", cls.programme)
        return cls.env["billing.assistance.application"].create({
            "applicant_id": (applicant or cls.patient).id,
            "programme_id": programme.id,
            "company_id": programme.company_id.id,
            "date": "2026-03-01",
            "income": income,
            **values,
        })

    @classmethod
    def _accept(cls, applicant=None, income=40000.0, **values):
        """An application handed in and accepted."""
        decision = {name: values.pop(name) for name in ("date_from", "date_to") if name in values}
        application = cls._apply_for(applicant, income, **values)
        application.action_submit()
        application.write(decision)
        application.action_accept()
        return application

    def _take_off(self, application):
        """Press “Apply discounts” and then “Apply”; gives the adjustments of this time."""
        before = application.adjustment_ids
        action = application.action_preview_discounts()
        self.env[action["res_model"]].browse(action["res_id"]).action_apply()
        application.invalidate_recordset()
        return application.adjustment_ids - before
