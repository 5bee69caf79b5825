from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CoverageCommon

MARCH = date(2026, 3, 5)


class RuleCase(CoverageCommon):
    """The Blue Plan, a therapy session (code 97110, category Therapies below Services) and rules for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env["product.category"]
        cls.top = category.create({"name": "Treatments"})
        cls.therapies = category.create({"name": "Therapies", "parent_id": cls.top.id})
        cls.system = cls.env["billing.code.system"].create({"name": "Test list", "code": "TEST"})
        cls.code = cls.env["billing.code"].create({
            "system_id": cls.system.id, "code": "97110", "name": "Exercises", "kind": "procedure",
        })
        cls.therapy = cls.env["product.product"].create({
            "name": "Therapy", "type": "service", "categ_id": cls.therapies.id, "billing_code_id": cls.code.id,
        })
        cls.no_code = cls.env["billing.code"]

    def _rule(self, **values):
        """A rule of the Blue Plan, for the therapy unless said otherwise."""
        if "applies_to" not in values:
            values.setdefault("product_id", self.therapy.id)
        return self.env["billing.coverage.rule"].create({"plan_id": self.blue.id, **values})

    def _find(self, day=MARCH, code=None, product=None):
        return self.blue._find_rule(product or self.therapy, self.code if code is None else code, day)


@tagged("post_install", "-at_install")
class TestWhichRuleCounts(RuleCase):
    """The most specific rule counts, and says why."""

    def test_without_rules_the_plans_usual_benefits_count(self):
        self.assertFalse(self._find())

    def test_service_code_range_category_plan_in_this_order(self):
        ladder = [
            (self._rule(applies_to="plan"), "all services, and no other rule speaks of this one"),
            (self._rule(applies_to="category", category_id=self.top.id), "it is for the nearest category"),
            (self._rule(applies_to="category", category_id=self.therapies.id), "it is for the nearest category"),
            (self._rule(applies_to="code", code_from="97000", code_to="97999"), "the narrowest range with this code"),
            (self._rule(applies_to="code", code_from="97110", code_to="97140"), "the narrowest range with this code"),
            (self._rule(applies_to="code", code_from="97110"), "it names this very code"),
            (self._rule(), "it names the service itself"),
        ]
        while ladder:
            rule, reason = ladder.pop()
            with self.subTest(rule=rule.display_name):
                self.assertEqual(self._find(), rule)
                self.assertIn(reason, rule._why(self.blue._find_rules(self.therapy, self.code, MARCH)[1:]))
            rule.unlink()

    def test_the_sentence_names_rule_and_reason(self):
        rule = self._rule(applies_to="code", code_from="97110", code_to="97140")
        self.assertEqual(
            rule._why(),
            "“Codes 97110–97140” counts: it is the narrowest range with this code, and no rule names the service or "
            "the code.",
        )

    def test_of_two_rules_for_one_service_the_later_one_counts_from_its_first_day(self):
        old = self._rule()
        new = self._rule(date_from="2026-03-01")
        self.assertEqual((self._find(date(2026, 2, 28)), self._find(date(2026, 3, 1))), (old, new))
        self.assertEqual(
            new._why(old),
            "“Therapy” counts: it names the service itself, and nothing is more specific than that; of the rules just "
            "as specific it began last, on 03/01/2026.",
        )

    def test_of_two_ranges_equally_wide_the_first_in_the_list_counts(self):
        second = self._rule(applies_to="code", code_from="97105", code_to="97115", sequence=20)
        first = self._rule(applies_to="code", code_from="97106", code_to="97116", sequence=10)
        self.assertEqual(self._find(), first)
        self.assertIn("of the rules just as specific it stands first", first._why(second))

    def test_a_rule_that_has_ended_does_not_count(self):
        self._rule(date_to="2026-02-28")
        self.assertFalse(self._find())

    def test_the_code_on_the_visit_counts_not_the_one_of_the_service(self):
        other = self.env["billing.code"].create({"system_id": self.system.id, "code": "99213", "name": "Visit"})
        rule = self._rule(applies_to="code", code_from="99200", code_to="99299")
        self.assertEqual((self._find(code=other), self._find(code=self.no_code)), (rule, rule.browse()))

    def test_rules_of_other_plans_are_nobodys_business_here(self):
        self.env["billing.coverage.rule"].create({"plan_id": self.green.id, "product_id": self.therapy.id})
        self.assertFalse(self._find())

    def test_looking_up_many_services_costs_no_query_once_the_rules_are_read(self):
        self._rule(applies_to="category", category_id=self.top.id)
        self._rule(applies_to="code", code_from="97110", code_to="97140")
        self._find()
        with self.assertQueryCount(0):
            for day in range(1, 29):
                self._find(date(2026, 2, day))

    def test_the_rules_are_made_out_once_for_many_services(self):
        rules = self._rule() + self._rule(applies_to="plan") + self._rule(applies_to="code", code_from="97110")
        plan, product = self.blue, self.therapy
        with patch.object(type(rules), "_get_scope", autospec=True, side_effect=type(rules)._get_scope) as scope:
            needs = plan._get_authorization_needs({
                (plan, product, self.code, date(2026, 3, day)) for day in range(1, 31)
            })
        self.assertEqual((len(needs), scope.call_count), (30, 3))

    def test_the_plan_answers_which_rule_counts(self):
        self._rule(applies_to="category", category_id=self.top.id, is_covered=False)
        rule = self._rule(applies_to="code", code_from="97110", payer_gives="percent", payer_percent=90.0)
        action = self.blue.action_find_rule()
        finder = Form(self.env["billing.rule.finder"].with_context(**action["context"]))
        self.assertEqual(finder.plan_id, self.blue)
        finder.product_id = self.therapy
        finder.date = MARCH
        self.assertEqual((finder.code_id, finder.rule_id), (self.code, rule))
        self.assertEqual(finder.summary, "The payer pays 90 %")
        self.assertEqual(
            finder.why, "“Code 97110” counts: it names this very code, and no rule names the service itself.",
        )
        self.assertEqual(finder.other_ids[:].mapped("display_name"), ["Treatments"])
        finder.code_id = self.no_code
        self.assertEqual(finder.rule_id.display_name, "Treatments")

    def test_where_no_rule_counts_the_plan_says_so(self):
        finder = Form(self.env["billing.rule.finder"].with_context(default_plan_id=self.blue.id))
        finder.product_id = self.therapy
        self.assertEqual(finder.why, "No rule: the plan's usual benefits count.")


@tagged("post_install", "-at_install")
class TestARuleInWords(RuleCase):
    def test_what_it_speaks_of(self):
        for rule, words in (
            (self._rule(), "Therapy"),
            (self._rule(applies_to="category", category_id=self.therapies.id), "Treatments / Therapies"),
            (self._rule(applies_to="code", code_from=" 97110 "), "Code 97110"),
            (self._rule(applies_to="code", code_from="97110", code_to="97140"), "Codes 97110–97140"),
            (self._rule(applies_to="plan"), "All services"),
        ):
            self.assertEqual(rule.display_name, words)

    def test_what_it_says(self):
        money = self.company.currency_id.format
        for values, words in (
            ({}, "As usual"),
            ({"is_covered": False, "payer_gives": "percent"}, "Not covered"),
            ({"authorization_needed": True}, "Authorization needed"),
            (
                {"payer_gives": "percent", "payer_percent": 82.5, "has_copay": True, "skips_deductible": True},
                "The payer pays 82.5 %, no copay, no deductible",
            ),
            (
                {"payer_gives": "amount", "payer_amount": 40.0, "has_copay": True, "copay": 15.0},
                f"The payer pays {money(40)} per unit, copay {money(15)}",
            ),
            (
                {"limit_kind": "units", "limit_units": 20, "authorization_needed": True},
                "At most 20 units in a calendar year, authorization needed",
            ),
            (
                {"limit_kind": "amount", "limit_amount": 1000, "limit_period": "coverage"},
                f"At most {money(1000)} in the whole coverage",
            ),
        ):
            with self.subTest(words):
                rule = self._rule(**values)
                self.assertEqual(rule.summary, words)
                rule.unlink()


    def test_when_it_counts(self):
        for dates, words in (
            ({}, "at any time"),
            ({"date_from": "2026-03-01"}, "since 03/01/2026"),
            ({"date_to": "2026-03-31"}, "until 03/31/2026"),
            ({"date_from": "2026-03-01", "date_to": "2026-03-31"}, "from 03/01/2026 to 03/31/2026"),
        ):
            self.assertEqual(self._rule(**dates).validity, words)


@tagged("post_install", "-at_install")
class TestBadRules(RuleCase):
    """What cannot be is refused with a sentence that names plan, services and value."""

    def _refuse(self, sentence, **values):
        with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
            self._rule(**values)

    def test_a_share_below_0_or_above_100(self):
        for percent in (-1.0, 100.01):
            self._refuse(
                "The payer of Blue Plan cannot pay .* % of “Therapy”. Type a percentage between 0 and 100",
                payer_gives="percent", payer_percent=percent,
            )

    def test_negative_amounts_and_limits(self):
        for name in ("copay", "payer_amount", "limit_units", "limit_amount"):
            self._refuse(r"of Blue Plan for “Therapy” cannot be negative \(-5.00\)", **{name: -5.0})

    def test_a_limit_of_nothing(self):
        for kind in ("units", "amount"):
            self._refuse("has a limit of nothing. Type how much is allowed", limit_kind=kind)

    def test_dates_reversed(self):
        self._refuse(
            "for “Therapy” would end on 02/28/2026, before it begins on 03/01/2026",
            date_from="2026-03-01", date_to="2026-02-28",
        )

    def test_a_range_of_codes_reversed_or_of_unequal_codes(self):
        for first, last in (("97140", "97110"), ("99", "100")):
            self._refuse(
                f"{first} to {last} is no range of codes in Blue Plan",
                applies_to="code", code_from=first, code_to=last,
            )

    def test_a_rule_that_speaks_of_nothing(self):
        for kind in ("product", "code", "category"):
            self._refuse("A rule of Blue Plan speaks of nothing yet", applies_to=kind)

    def test_the_same_services_on_the_same_days_twice(self):
        for values in (
            {},
            {"date_from": "2026-01-01", "date_to": "2026-12-31"},
            {"applies_to": "code", "code_from": "97110", "code_to": "97140"},
            {"applies_to": "code", "code_from": "g0101"},
            {"applies_to": "category", "category_id": self.therapies.id},
            {"applies_to": "plan"},
        ):
            with self.subTest(values):
                self._rule(**values)
                if values.get("code_from") == "g0101":
                    values = {**values, "code_from": "G0101", "code_to": "G0101"}  # noqa: PLW2901
                self._refuse("Blue Plan already has a rule for", **values)

    def test_twins_made_at_once(self):
        with self.assertRaisesRegex(ValidationError, "already has a rule for “All services” from the beginning"):
            self.blue.rule_ids = [Command.create({"applies_to": "plan"}), Command.create({"applies_to": "plan"})]

    def test_other_days_or_another_plan_are_no_twin(self):
        self._rule()
        self._rule(date_from="2026-01-01")
        self.env["billing.coverage.rule"].create({"plan_id": self.green.id, "product_id": self.therapy.id})
        self.assertEqual(len(self.blue.copy().rule_ids), 2)

    def test_two_people_saving_the_same_rule_at_the_same_moment(self):
        # The check of the second does not see the first's rule yet: the database does.
        rule = self._rule()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(
                "INSERT INTO billing_coverage_rule (plan_id, applies_to, product_id, payer_gives, limit_kind, "
                "limit_period) VALUES (%s, 'product', %s, 'plan', 'none', 'year')",
                (rule.plan_id.id, rule.product_id.id),
            )

    def test_a_service_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["product.product"].create({"name": "Theirs", "type": "service", "company_id": other.id})
        with self.assertRaisesRegex(UserError, "Theirs"), self.cr.savepoint():
            self._rule(product_id=stranger.id)

    def test_a_plan_does_not_leave_its_services_behind(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.therapy.company_id = self.company
        self._rule()
        with self.assertRaisesRegex(UserError, "Therapy"), self.cr.savepoint():
            self.blue.company_id = other
