from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import DenialCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAppealLevels(DenialCase):
    """By when a payer is appealed to: its own levels, Medicare's, or placeholders that say so."""

    def _levels(self, denial):
        found = self.env["billing.appeal.level"]._find_levels(denial.claim_id)[denial.claim_id]
        return {number: level.name for number, level in found.items()}

    def test_where_nobody_described_the_payers_levels_placeholders_hold_and_say_so(self):
        denial = self._deny()
        self.assertEqual(self._levels(denial), {1: "First appeal", 2: "Second appeal"})
        appeal = self._appeal(denial)
        self.assertTrue(appeal.level_is_placeholder)
        # Denied on 10 March: 180 days.
        self.assertEqual(str(appeal.date_deadline), "2026-09-06")

    def test_a_payers_own_levels_are_typed_on_its_page(self):
        arch = self.payer.get_view(self.env.ref("billing_coordinator.res_partner_view_form").id, "form")["arch"]
        self.assertIn("billing_appeal_level_ids", arch)
        self.assertIn("check the days with the contract", arch)
        manager = new_test_user(
            self.env, "manager", groups="billing_coordinator.group_manager,base.group_partner_manager",
        )
        self.payer.with_user(manager).billing_appeal_level_ids = [
            Command.create({"name": "Reconsideration", "level": 1, "days": 90}),
        ]
        self.assertEqual(self.payer.billing_appeal_level_ids.mapped("days"), [90])
        denial = self._deny()
        self.assertEqual(self._levels(denial), {1: "Reconsideration"})
        appeal = self._appeal(denial)
        self.assertFalse(appeal.level_is_placeholder)
        self.assertEqual(str(appeal.date_deadline), "2026-06-08")

    def test_medicare_has_five_levels_each_counted_from_the_receipt_of_the_notice(self):
        self.payer.claim_filing = "MB"
        denial = self._deny()
        self.assertEqual(self._levels(denial), {
            1: "Redetermination",
            2: "Reconsideration",
            3: "Hearing before an administrative law judge",
            4: "Review by the Medicare Appeals Council",
            5: "Federal district court",
        })
        levels = self.env["billing.appeal.level"]._find_levels(denial.claim_id)[denial.claim_id]
        self.assertEqual([levels[number].days for number in range(1, 6)], [120, 180, 60, 60, 60])
        appeal = self._appeal(denial)
        self.assertFalse(appeal.level_is_placeholder)
        # Notice of 10 March, taken to have come on 15 March: 120 days (42 CFR 405.942).
        self.assertEqual(str(appeal.date_deadline), "2026-07-13")

    def test_medicares_second_level_counts_from_the_receipt_of_the_first_decision(self):
        self.payer.claim_filing = "MB"
        appeal = self._appeal(self._deny())
        appeal.action_send()
        with freeze_time("2026-04-01"):
            appeal.write({"result": "upheld", "date_answered": "2026-04-01"})
            appeal.action_answer()
        # 1 April and five days: 6 April; 180 days.
        self.assertEqual(str(appeal.denial_ids.date_deadline), "2026-10-03")

    def test_medicare_advantage_has_the_levels_of_its_plans(self):
        self.payer.claim_filing = "16"
        self.assertEqual(self._levels(self._deny())[1], "First appeal")

    def test_a_medicare_payer_with_levels_of_its_own_has_those(self):
        self.payer.claim_filing = "MB"
        self.env["billing.appeal.level"].create({
            "name": "Redetermination", "payer_id": self.payer.id, "level": 1, "days": 100,
        })
        self.assertEqual(len(self._levels(self._deny())), 1)

    def test_a_level_is_a_payers_or_of_medicare(self):
        with self.assertRaisesRegex(ValidationError, "Remove one of the two"):
            self.env["billing.appeal.level"].create({
                "name": "Both", "payer_id": self.payer.id, "for_medicare": True,
            })

    def test_a_level_is_described_once(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["billing.appeal.level"].create({"name": "Again", "for_medicare": True, "level": 1})

    def test_another_company_sees_no_appeal_of_ours(self):
        appeal = self._appeal(self._deny())
        other = self.env["res.company"].create({"name": "Other practice"})
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["billing.appeal"].with_user(stranger).search([]))
        for action in ("action_send", "action_make_packet", "action_withdraw"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(appeal.with_user(stranger), action)()
        level = self.env["billing.appeal.level"].create({
            "name": "Ours", "payer_id": self.payer.id, "level": 7, "company_id": self.company.id,
        })
        self.assertFalse(self.env["billing.appeal.level"].with_user(stranger).search([("id", "=", level.id)]))
