from odoo.fields import Command

from ..common import BillingCase


class AuthorizationCase(BillingCase):
    """The practice of :class:`BillingCase`, whose plan wants to be asked before therapy is rendered.

    What needs an authorization is decided by the plan's rules; here it is a list of services.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        system = cls.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        cls.code, cls.later_code = cls.env["billing.code"].create([
            {"system_id": system.id, "code": code, "name": f"Therapy {code}", "kind": "procedure"}
            for code in ("T100", "T150")
        ])
        cls.therapy = cls._create_service("Therapy", 100.0, billing_code_id=cls.code.id)
        cls.needed = cls.therapy

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["billing.insurance.plan"]), "_needs_authorization",
            lambda plan, product, code, date, book=None: plan == self.plan and product in self.needed,
        )

    @classmethod
    def _authorize(cls, units=10.0, number="A-77", line=None, approve=True, **values):
        """An authorization of Ana's therapy in the first half of 2026, unless said otherwise."""
        request = cls.env["billing.authorization"].create({
            "patient_id": cls.patient.id,
            "coverage_id": cls.coverage.id,
            "date_from": "2026-01-01",
            "date_to": "2026-06-30",
            "number": number,
            "line_ids": [Command.create({"units_asked": units, **(line or {"code_id": cls.code.id})})],
            **values,
        })
        request.action_submit()
        if approve:
            request.action_approve()
        return request

    @classmethod
    def _visit(cls, units=2.0, **values):
        """A visit with so many units of therapy."""
        encounter = cls._create_encounter(services=[cls.therapy], **values)
        encounter.line_ids.quantity = units
        return encounter
