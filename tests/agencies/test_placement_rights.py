from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementRights(AgencyCase):
    """Who hands over, who posts, who only reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._open_cases()

        def user(login, groups):
            return new_test_user(cls.env, login=login, groups=groups)

        cls.cora = user("cora", "billing_coordinator.group_coordinator")
        cls.rosa = user("rosa", "billing_coordinator.group_readonly")

    def _hand_over(self, user):
        wizard = self.env["billing.placement.wizard"].with_user(user).create({
            "case_ids": self.case.ids, "agreement_id": self.agreement.id,
        })
        batch = self.env["billing.placement.batch"].with_user(user).browse(wizard.action_hand_over()["res_id"])
        return batch.placement_ids

    def test_a_coordinator_hands_over_posts_and_takes_back(self):
        placement = self._hand_over(self.cora)
        self.assertEqual((placement.state, placement.batch_id.state), ("placed", "sent"))
        self.assertTrue(placement.batch_id.file_id.with_user(self.cora).datas)
        recovery = self.env["billing.recovery"].with_user(self.cora).create({
            "agreement_id": self.agreement.id, "reference": "R-1", "pays": "net", "amount_received": 75.0,
            "line_ids": [Command.create({"placement_id": placement.id, "amount": 100.0})],
        })
        recovery.action_post()
        self.assertEqual((recovery.state, placement.amount_open), ("posted", 500.0))
        recovery.action_reverse()
        self.assertEqual((recovery.state, placement.amount_open), ("reversed", 600.0))
        placement.action_print_notice()
        self.assertFalse(placement.notice_waits)
        placement._recall("other")
        self.assertEqual(placement.state, "recalled")
        self.assertConserved()

    def test_who_only_reads_changes_nothing(self):
        placement = self._place()
        seen = placement.with_user(self.rosa)
        self.assertEqual((seen.amount_open, seen.recall_note, seen.agreement_id.name),
                         (600.0, False, "Agreement of 1 January 2026"))
        for change in (
            lambda: self._hand_over(self.rosa),
            lambda: seen._recall("other"),
            lambda: self.env["billing.recovery"].with_user(self.rosa).create({
                "agreement_id": self.agreement.id, "reference": "R",
            }),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_commission_that_was_not_agreed_is_for_a_manager(self):
        placement = self._place()
        recovery = self._report(
            {"placement_id": placement.id, "amount": 100.0, "commission_told": 30.0}, pays="net", post=False,
        )
        with self.assertRaisesRegex(UserError, "asks for .*30.00 on PLC.*25.00 was agreed. A manager decides"):
            recovery.with_user(self.cora).action_post()
        recovery.action_post()
        self.assertEqual(recovery.bill_id.amount_total, 30.0)

    def test_a_coordinator_does_not_change_agreements(self):
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.cora).fee_minimum = 1.0

    def test_another_company_sees_nothing_of_it(self):
        placement = self._place()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        eve = new_test_user(self.env, login="eve", groups="billing_coordinator.group_manager",
                            company_id=other.id, company_ids=[Command.set(other.ids)])
        for record in (placement, placement.batch_id, placement.item_ids, self.agreement, self.agreement.fee_ids):
            self.assertFalse(self.env[record._name].with_user(eve).search([]))
            with self.assertRaises(AccessError):
                record.with_user(eve).check_access("read")
        self.env.flush_all()
        self.assertFalse(self.env["billing.placement.figure"].with_user(eve).search([]))
