from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class AccuracyCase(BillingCase):
    """A practice as strict as an office, and Ana López, of whom everything is on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.env.ref("billing_coordinator.code_system_own")
        cls.company.partner_id.npi = "1234567893"
        cls.company.account_fiscal_country_id = cls.env.ref("base.us")
        cls.patient.write({"birth_date": "1980-04-01", "street": "1 Elm St", "city": "Oakdale", "zip": "12345"})
        cls.patient._set_state("pending")
        cls.patient._set_state("active")
        cls.code = cls._create_code("OV-3")
        cls.cold = cls._create_code("D-1", "diagnosis")
        cls.service.billing_code_id = cls.code
        cls.check = cls._verify(cls.coverage)

    @classmethod
    def _be_lenient(cls):
        """Not here."""

    @classmethod
    def _create_code(cls, code, kind="procedure", **values):
        return cls.env["billing.code"].create({
            "system_id": cls.own.id, "code": code, "name": f"Name of {code}", "kind": kind, **values,
        })

    @classmethod
    def _create_encounter(cls, *args, **values):
        return super()._create_encounter(*args, **{
            "diagnosis_ids": [Command.create({"code_id": cls.cold.id})], **values,
        })

    @classmethod
    def _verify(cls, coverage, result="active", service_date="2026-03-01", **answer):
        """The payer's answer about a coverage, good for the visits of March."""
        check = cls.env["billing.eligibility.check"].create({
            "coverage_id": coverage.id, "how": "portal", "service_date": service_date,
        })
        check._answer({"result": result, "date": "2026-03-01", "valid_until": "2026-03-31", **answer})
        return check

    def _findings(self, document):
        """The findings of a document: {key of the check: findings}, own rules under their names."""
        return document._get_findings().sudo(False).grouped(lambda found: found.rule_id.key or found.rule_id.name)

    def assertFinds(self, document, key, severity, sentence):
        """One finding of this kind, as severe as this, in exactly these words."""
        findings = self._findings(document)
        self.assertIn(key, findings, f"found instead: {list(findings)}")
        self.assertEqual(findings[key].mapped("name"), [sentence])
        self.assertEqual(findings[key].mapped("severity"), [severity])

    def assertFindsNot(self, document, *keys):
        """Nothing of these kinds is wrong with the document."""
        for key in keys:
            self.assertNotIn(key, self._findings(document))

    def assertClean(self, document):
        """Nothing at all is wrong with it."""
        self.assertEqual(document._get_findings().sudo(False).mapped("name"), [])
        self.assertEqual(document.accuracy_level, "clean")
