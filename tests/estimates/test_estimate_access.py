from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import EstimateCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateAccess(EstimateCase):
    """Who may tell patients what it costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.coordinator = new_test_user(cls.env, "cora", groups="billing_coordinator.group_coordinator", **values)
        cls.readonly = new_test_user(cls.env, "rosa", groups="billing_coordinator.group_readonly", **values)
        cls.accountant = new_test_user(
            cls.env, "arno", groups="base.group_user,account.group_account_manager", **values,
        )

    def test_a_coordinator_does_all_of_it_alone(self):
        action = self.self_payer.with_user(self.coordinator).action_billing_new_estimate()
        estimate = self.env["billing.estimate"].with_user(self.coordinator).with_context(**action["context"]).create({
            "date": "2026-04-15", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id})],
        })
        self.env.invalidate_all()
        self.assertEqual((estimate.patient_id, estimate.amount_patient), (self.self_payer, 500.0))
        self.assertTrue(estimate.advice and estimate.explanation and estimate.date_due)
        composer = self.env["mail.compose.message"].with_user(self.coordinator).with_context(
            **estimate.action_send()["context"],
        ).create({})
        self.assertEqual(composer.partner_ids, self.self_payer)
        estimate.action_print()
        estimate.action_accept()
        visit = estimate._make_visits()
        self.env.invalidate_all()
        self.assertEqual((visit.estimate_level, estimate.is_billed), ("none", False))

    def test_a_reader_reads_and_changes_nothing(self):
        estimate = self._create_estimate()
        self.env.invalidate_all()
        mine = estimate.with_user(self.readonly)
        self.assertTrue(mine.read() and mine.line_ids.read() and mine.explanation and mine.advice)
        for action in (mine.action_print, mine.action_refresh, mine.unlink, lambda: mine.write({"notes": "x"})):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                action()
            self.env.invalidate_all()

    def test_accounting_and_other_companies_see_none(self):
        estimate = self._create_estimate()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, login="sam", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.invalidate_all()
        for user in (self.accountant, stranger):
            for record in (estimate, estimate.line_ids):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])

    def test_a_code_on_an_estimate_is_not_deleted(self):
        estimate = self._create_estimate()
        estimate.line_ids.code_id = self._create_code("S701", "Scan, both sides", "procedure")
        for code in (self.diagnosis, estimate.line_ids.code_id):
            with self.assertRaisesRegex(UserError, f"{code.code} .* cannot be deleted: {estimate.name} .* uses it"):
                code.unlink()
