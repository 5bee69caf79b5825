from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyAccess(AccuracyCase):
    """Who sees findings, who decides about them, and that companies do not see each other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.readonly = new_test_user(cls.env, login="rosa", groups="billing_coordinator.group_readonly", **values)
        cls.coordinator = new_test_user(cls.env, login="cora", groups="billing_coordinator.group_coordinator", **values)
        cls.outsider = new_test_user(cls.env, login="olga", groups="base.group_user", **values)

    def _warned(self):
        return self._create_encounter(services=[(self.service, 900.0)])

    def test_readers_see_findings_and_change_nothing(self):
        visit = self._warned()
        finding = self._findings(visit)["price_off"].with_user(self.readonly)
        self.assertIn("the price list says", finding.name)
        self.assertEqual(visit.with_user(self.readonly).accuracy_level, "warn")
        for change in (
            finding.action_accept,
            finding.action_take_back,
            finding.action_check_again,
            lambda: finding._accept("I may"),
            lambda: finding.write({"is_accepted": True}),
            finding.unlink,
            visit.with_user(self.readonly).action_check_accuracy,
            visit.with_user(self.readonly).action_hold,
            visit.with_user(self.readonly).action_release,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_nobody_writes_findings_by_hand(self):
        finding = self._findings(self._warned())["price_off"].with_user(self.coordinator)
        with self.assertRaises(AccessError):
            finding.write({"is_accepted": True})
        with self.assertRaises(AccessError):
            finding.copy()

    def test_nobody_types_over_what_was_found_or_the_first_pass(self):
        visit = self._warned().with_user(self.coordinator)
        for values in (
            {"accuracy_level": "clean"},
            {"accuracy_first_level": "clean", "accuracy_first_date": TODAY},
            {"accuracy_final_level": "clean"},
        ):
            with self.assertRaisesRegex(UserError, f"found out about {visit.display_name} cannot be typed over"):
                visit.write(values)
        with self.assertRaisesRegex(UserError, "cannot be typed over. Mend it, or accept it with a reason"):
            self._create_encounter(accuracy_first_level="clean")
        visit.action_ready()
        self.assertEqual(visit.accuracy_first_level, "warn")

    def test_others_see_nothing(self):
        finding = self._findings(self._warned())["price_off"].with_user(self.outsider)
        with self.assertRaises(AccessError):
            finding.read(["name"])
        with self.assertRaises(AccessError):
            self.env["billing.accuracy.rule"].with_user(self.outsider).search([])

    def test_a_coordinator_records_and_silences_what_a_manager_configures(self):
        visit = self._create_encounter().with_user(self.coordinator)
        visit.line_ids.price_unit = 900.0
        finding = visit.finding_ids
        self.assertEqual(finding.rule_id.key, "price_off")
        finding._accept("Agreed")
        self.assertEqual(visit.accuracy_level, "clean")
        with self.assertRaises(AccessError):
            self.env.ref("billing_coordinator.accuracy_price_off").with_user(self.coordinator).severity = "note"

    def test_findings_of_another_company_are_not_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.patient.company_id = False
        visit = self.env["billing.encounter"].create({
            "patient_id": self.patient.id, "company_id": elsewhere.id, "date": "2026-03-05",
        })
        finding = visit._get_findings()
        self.assertTrue(finding)
        Finding = self.env["billing.accuracy.finding"].with_user(self.coordinator)
        self.assertFalse(Finding.search([("id", "in", finding.ids)]))
        with self.assertRaises(AccessError):
            Finding.browse(finding.ids).read(["facts"])

    def test_a_visit_elsewhere_is_no_duplicate_here(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.patient.company_id = False
        self._create_encounter(company_id=elsewhere.id)
        self.assertFindsNot(self._create_encounter(), "twice_elsewhere")
