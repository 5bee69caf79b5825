from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class DisputeCase(CollectionCase):
    """Nora Neu says that 80 of the 200 of January are wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wrong_amount = cls.env.ref("billing_coordinator.dispute_category_amount")
        # Nothing goes out of these tests but what they ask for.
        cls.company.billing_dispute_confirm = False

    @classmethod
    def _item(cls, bill):
        return bill._get_billing_receivable_item()

    @classmethod
    def _dispute(cls, *amounts, **values):
        """A dispute over (bill, amount) pairs: 80 of January, where nothing is said."""
        amounts = amounts or ((cls.january, 80.0),)
        return cls.env["billing.dispute"].create({
            "partner_id": amounts[0][0].commercial_partner_id.id,
            "category_id": cls.wrong_amount.id,
            "claim": "Two visits were billed, and I was there once.",
            "item_ids": [
                Command.create({"move_line_id": cls._item(bill).id, "amount": amount}) for bill, amount in amounts
            ],
            **values,
        })

    def _resolve(self, dispute, resolution, amounts=None, channel="told", **values):
        """The wizard, as the office fills it in."""
        wizard = self.env["billing.dispute.resolve"].with_context(dispute.action_resolve()["context"]).create({
            "resolution": resolution, "channel": channel, "answer": "We looked at the visit again.", **values,
        })
        for line, amount in zip(wizard.line_ids, amounts or (), strict=False):
            line.amount = amount
        return wizard.action_resolve()

    def _held(self, *bills):
        """What disputes hold of these bills: an amount each."""
        held = self.env["billing.collection.case"]._get_held([self._item(bill).id for bill in bills])
        return [
            sum(float(amount) for why, amount in held.get(self._item(bill).id, ()) if why == "dispute")
            for bill in bills
        ]

    def _dispute_night(self, day):
        self.env.flush_all()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with freeze_time(day), progress:
            self.env["billing.dispute"].with_user(SUPERUSER_ID).with_context(tz=False)._cron_follow()
            self.env.flush_all()
        self.env.invalidate_all()

    def _sum(self, moves):
        """What moves add up to on each account and debtor: positive is debit."""
        sums = {}
        for line in moves.line_ids:
            key = (line.account_id, line.partner_id if line.account_id.account_type == "asset_receivable" else None)
            sums[key] = round(sums.get(key, 0.0) + line.balance, 2)
        return sums
