from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class PlanCase(BillingCase):
    """Nora Neu, who pays herself, owes 200 of January and 400 of February, and can pay a hundred a month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["billing.plan.policy"].create({
            "name": "Six months", "count_usual": 6, "proposal_days": 14, "grace_days": 5, "missed_max": 2,
            "late_max": 45, "company_id": cls.company.id,
        })
        cls.nora = cls._create_patient("Nora Neu")
        cls.nora._set_state("pending")
        cls.nora._set_state("active")
        cls.january = cls._bill_nora(200.0, "2026-01-10")
        cls.february = cls._bill_nora(400.0, "2026-02-10")

    @classmethod
    def _bill_nora(cls, price, date, **values):
        """A bill to Nora, due thirty days later."""
        visit = cls._create_encounter(cls.nora, [(cls.service, price)], date=date, **values)
        return cls._bill(visit, date=date)

    @classmethod
    def _draw_up(cls, **values):
        """A plan for everything that Nora owes: six times a hundred, from 1 April on."""
        plan = cls.env["billing.payment.plan"].create({
            "partner_id": cls.nora.id, "policy_id": cls.policy.id, "date": TODAY, "date_first": "2026-04-01", **values,
        })
        plan._take_debts()
        return plan

    @classmethod
    def _run(cls, **values):
        """A plan that Nora has signed."""
        plan = cls._draw_up(**values)
        plan.action_propose()
        plan.action_accept()
        return plan

    def _night(self, day=TODAY):
        """What happens by itself in the night to this day."""
        self.env.flush_all()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with freeze_time(day), progress:
            self.env["billing.payment.plan"].with_user(SUPERUSER_ID).with_context(tz=False)._cron_follow()
            self.env.flush_all()
        self.env.invalidate_all()

    def _schedule(self, plan):
        """The instalments in words: day, to pay, paid."""
        return [
            (str(row.date), row.amount, row.amount_paid) for row in plan.instalment_ids.sorted("date")
        ]

    def _paid(self, plan):
        return [row.amount_paid for row in plan.instalment_ids.sorted("date")]

    def _due(self, *bills):
        """When the receivable items of these bills are due, and the bills themselves."""
        return [
            (str(bill._get_billing_receivable_item().date_maturity), str(bill.invoice_date_due)) for bill in bills
        ]

    @classmethod
    def _credit(cls, bill, amount, date="2026-03-20"):
        """A credit note of the office for a part of a plain invoice."""
        wizard = cls.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids,
        ).create({"journal_id": bill.journal_id.id, "date": date, "reason": "Too much"})
        note = cls.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        note.invoice_line_ids.write({"price_unit": amount, "quantity": 1, "tax_ids": [Command.clear()]})
        note.action_post()
        items = (note + bill).line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and not item.reconciled
        )
        if items:
            items.reconcile()
        return note
