from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyOwnRules(AccuracyCase):
    """What an office adds without code: which documents, what to say, how severe, when, for which payer."""

    def _create_rule(self, **values):
        return self.env["billing.accuracy.rule"].create({
            "name": "Late at night", "domain": "[('amount_total', '>', 400)]",
            "message": "Ask the doctor whether this is right.", "severity": "stop", **values,
        })

    def test_a_rule_finds_visits_and_says_what_it_was_told_to(self):
        rule = self._create_rule()
        visit = self._create_encounter()
        self.assertFinds(visit, rule.name, "stop", f"{visit.name} Ana López: Ask the doctor whether this is right.")
        with self.assertRaisesRegex(UserError, "Ask the doctor whether this is right"):
            visit.action_ready()
        visit.line_ids.price_unit = 390.0
        self.assertFindsNot(visit, rule.name)

    def test_a_rule_finds_services(self):
        rule = self._create_rule(model="billing.encounter.line", domain="[('quantity', '>', 3)]")
        other = self._create_service("Lab", 10.0, billing_code_id=self._create_code("LAB-9").id)
        visit = self._create_encounter(services=[self.service, other])
        self.assertFindsNot(visit, rule.name)
        visit.line_ids[1].quantity = 4
        finding = self._findings(visit)[rule.name]
        self.assertEqual((finding._get_service(), finding.amount), (visit.line_ids[1], 40.0))

    def test_a_rule_counts_for_its_payer_and_its_days(self):
        rule = self._create_rule(payer_id=self.payer_b.id)
        visit = self._create_encounter()
        self.assertFindsNot(visit, rule.name)
        rule.payer_id = self.payer
        for first, last, found in (
            (False, "2026-03-04", False), ("2026-03-06", False, False), ("2026-03-05", "2026-03-05", True),
        ):
            rule.write({"date_from": False, "date_to": False})
            rule.write({"date_from": first, "date_to": last})
            visit._check_accuracy()
            self.assertEqual(rule.name in self._findings(visit), found)

    def test_a_rule_finds_estimates_and_claims(self):
        estimates = self._create_rule(name="Estimates", model="billing.estimate", domain="[]")
        claims = self._create_rule(name="Claims", model="billing.claim", domain="[('amount_charged', '=', 500)]")
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-05", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id})],
        })
        self.assertIn(estimates.name, self._findings(estimate))
        claim = self._bill().claim_ids
        self.assertIn(claims.name, self._findings(claim))
        with self.assertRaisesRegex(UserError, "Ask the doctor"):
            claim.action_send()

    def test_a_silenced_finding_of_a_rule_comes_back_when_what_it_looks_at_changes(self):
        rule = self._create_rule(severity="warn")
        visit = self._create_encounter()
        self._findings(visit)[rule.name]._accept("Asked")
        visit.provider_id = self.provider.copy({"npi": "1234567893"})
        self.assertTrue(self._findings(visit)[rule.name].is_accepted)
        visit.line_ids.quantity = 2
        self.assertFalse(self._findings(visit)[rule.name].is_accepted)

    def test_what_a_rule_looks_at_in_services_is_looked_at_again_when_it_changes(self):
        rule = self._create_rule(
            severity="warn", domain="[('line_ids', 'any', ['|', ('quantity', '>', 3), ('price_unit', '>', 400)])]",
        )
        visit = self._create_encounter()
        self._findings(visit)[rule.name]._accept("Asked")
        visit.line_ids.name = "Long visit"
        self.assertTrue(self._findings(visit)[rule.name].is_accepted)
        visit.line_ids.quantity = 2
        self.assertFalse(self._findings(visit)[rule.name].is_accepted)

    def test_a_domain_that_cannot_be_read_is_refused_when_it_is_saved(self):
        for domain in ("[('no_such_field', '=', 1)]", "[('date', '=')", "{'a': 1}", "[('id', '=', __import__('os'))]"):
            with self.assertRaisesRegex(ValidationError, "The rule “Late at night” would not work: .*Choose the"):
                self._create_rule(domain=domain)

    def test_a_domain_that_the_database_refuses_is_refused_in_words(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ValidationError) as refused:
            self._create_rule(domain="[('amount_total', '=', 'much')]")
        self.assertEqual(
            str(refused.exception),
            "The rule “Late at night” would not work: invalid input syntax for type numeric: \"much\". Choose the "
            "conditions anew.",
        )
        with self.assertRaisesRegex(ValidationError, "would not work: division by zero"):
            self._create_rule(domain="[('amount_total', '>', 1 / 0)]")

    def test_nobody_writes_a_rule_that_looks_with_somebody_elses_eyes(self):
        author = new_test_user(
            self.env, login="max", groups="billing_coordinator.group_manager", company_id=self.company.id,
        )
        root = self.env.ref("base.user_root")
        rule = self.env["billing.accuracy.rule"].with_user(author).create({
            "name": "Late at night", "message": "Look.", "domain": "[]", "author_id": root.id,
        })
        self.assertEqual(rule.author_id, author)
        rule.author_id = root
        self.assertEqual(rule.author_id, author)

    def test_a_rule_says_something_and_its_dates_are_in_order(self):
        with self.assertRaisesRegex(ValidationError, "does not say anything yet. Type what is wrong"):
            self._create_rule(message=" ")
        with self.assertRaisesRegex(ValidationError, "would end before it begins"):
            self._create_rule(date_from="2026-03-02", date_to="2026-03-01")

    def test_a_rule_whose_field_has_gone_keeps_nobody_from_working(self):
        rule = self._create_rule()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE billing_accuracy_rule SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s", [rule.id],
        )
        self.env.invalidate_all()
        self.assertClean(self._create_encounter())

    def test_a_rule_of_one_company_says_nothing_in_another(self):
        rule = self._create_rule(company_id=self.env["res.company"].create({"name": "Elsewhere"}).id)
        self.assertFindsNot(self._create_encounter(), rule.name)

    def test_a_rule_sees_what_its_author_may_see_and_no_other_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.patient.company_id = False
        author = new_test_user(
            self.env, login="max", groups="billing_coordinator.group_manager", company_id=self.company.id,
        )
        rule = self._create_rule().with_user(author)
        rule.domain = "[('patient_id.coverage_ids.plan_id.name', '=', 'Elsewhere Plan')]"
        self._create_coverage(self.patient, self._create_plan("Elsewhere Plan", self.payer, company_id=elsewhere.id))
        visit = self._create_encounter()
        self.assertEqual(rule.sudo().author_id, author)
        self.assertFindsNot(visit, rule.sudo().name)
        rule.sudo().author_id = self.env.ref("base.user_root")
        visit._check_accuracy()
        self.assertIn(rule.sudo().name, self._findings(visit), "the same rule, written by one who may look there")

    @mute_logger("odoo.sql_db")
    def test_a_rule_that_the_database_refuses_keeps_nobody_from_working(self):
        rule = self._create_rule()
        self.env.flush_all()
        self.env.cr.execute("UPDATE billing_accuracy_rule SET domain = %s WHERE id = %s", [
            r"[('name', '=like', 'V-%\\')]", rule.id,
        ])
        self.env.invalidate_all()
        visit = self._create_encounter(notes="Typed just now")
        self.assertFindsNot(visit, rule.name)
        self.assertEqual(self._bill(visit).amount_total, 500.0)
        self.assertEqual(visit.notes, "Typed just now")

    def test_built_in_checks_stay_what_they_are(self):
        check = self.env.ref("billing_coordinator.accuracy_price_off")
        check.severity = "stop"
        with self.assertRaisesRegex(UserError, "comes with the addon: choose how severe it is, or archive it"):
            check.domain = "[]"
        with self.assertRaisesRegex(UserError, "comes with the addon and cannot be deleted"):
            check.unlink()

    def test_a_stop_that_nobody_overrides_is_neither_lowered_nor_archived(self):
        check = self.env.ref("billing_coordinator.accuracy_held")
        for values in ({"active": False}, {"severity": "note"}):
            with self.assertRaisesRegex(UserError, "stays a stop: without mending it there is nothing"):
                check.write(values)
        with self.assertRaisesRegex(UserError, "stays a stop"):
            check.unlink()
        manager = new_test_user(self.env, login="max", groups="billing_coordinator.group_manager")
        with self.assertRaisesRegex(UserError, "comes with the addon"):
            check.with_user(manager).with_context(install_mode=True).is_final = False

    def test_an_archived_check_is_not_made(self):
        self.env.ref("billing_coordinator.accuracy_price_off").active = False
        self.assertClean(self._create_encounter(services=[(self.service, 900.0)]))
