from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import BillingCase


@tagged("post_install", "-at_install", "is_tour")
class TestCoverageRuleTour(BillingCase, HttpCase):
    """What a plan pays of one service is said once, in the browser, and stands on the visit."""

    # The browser lives in the real today.
    freeze_time = None

    def test_the_most_specific_rule_counts_and_the_screen_says_so(self):
        blood_test = self._create_service("Blood test", 60.0)
        self.plan.rule_ids = [Command.create({"applies_to": "plan", "payer_gives": "percent", "payer_percent": 90.0})]
        visit = self._create_encounter(services=[self.service, blood_test], date=fields.Date.today())
        self.start_tour(
            f"/odoo/billing-plans/{self.plan.id}", "billing_coverage_rule", login=self.env.user.login,
        )
        self.env.invalidate_all()
        rule = self.plan.rule_ids.filtered("product_id")
        self.assertEqual((rule.product_id, rule.payer_percent), (self.service, 50.0))
        self.assertEqual(visit.line_ids.mapped("rule_id.applies_to"), ["product", "plan"])
        charge = self._bill(visit, date=fields.Date.to_string(visit.date))
        self.assertEqual(charge.amount_total, 560.0)
