from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class DenialCase(BillingCase):
    """Blue Insurance has refused a visit of Ana López of 500 on 10 March 2026; Gold Insurance comes second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = cls._create_service("Blood test", 80.0)
        for reason in ("co_16", "co_29", "co_197", "oa_22", "pi_45"):
            setattr(cls, reason, cls.env.ref(f"billing_coordinator.reason_{reason}"))
        cls.give_up = cls.env.ref("billing_coordinator.reason_office_giveup")

    @classmethod
    def _category(cls, key):
        return cls.env.ref(f"billing_coordinator.denial_category_{key}")

    @classmethod
    def _deny(cls, reason=None, amount=500.0, paid=0.0, services=None, **values):
        """The denial of a visit that was billed, sent and answered."""
        claim = cls._bill(services=services).claim_ids
        claim.payer_control_number = f"ICN-{claim.id}"
        claim.action_send()
        cls._answer(claim, paid, [(reason or cls.co_50, amount)], **values)
        return cls._denials(claim)

    @classmethod
    def _denials(cls, claims):
        return cls.env["billing.denial"].search([("claim_id", "in", claims.ids)], order="id")

    @classmethod
    def _deny_two(cls, first=None, second=None):
        """Denials of the two services of one claim: 500 and 80."""
        claim = cls._bill(services=[cls.service, cls.lab]).claim_ids
        claim.payer_control_number = f"ICN-{claim.id}"
        claim.action_send()
        remittance = cls._prepare_answer(claim, 0.0, reference=f"TWO {claim.name}")
        for line, reason in zip(remittance.line_ids, (first or cls.co_50, second or cls.co_16), strict=True):
            line.adjustment_ids = [Command.create({"reason_id": reason.id, "amount": line.amount_asked})]
        remittance.action_post()
        return cls._denials(claim)

    @classmethod
    def _wizard(cls, denials, action, user=None, **values):
        """The window in which somebody decides."""
        denials = denials.with_user(user) if user else denials
        return denials.env["billing.denial.wizard"].with_context(denials.action_decide()["context"]).create({
            "action": action, **values,
        })

    @classmethod
    def _appeal(cls, denials, **values):
        """A drafted appeal, ready to send."""
        appeal = denials._appeal()
        appeal.write({"channel": "registered", **values})
        return appeal

    def _night(self, day):
        """The nightly work of a day."""
        self.env.flush_all()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with freeze_time(day), progress:
            self.env["billing.denial"].with_user(SUPERUSER_ID).with_context(tz=False)._cron_follow()
            self.env.flush_all()
        self.env.invalidate_all()

    def assertRefused(self, action, denial, sentence):
        """An action refuses a denial with exactly this sentence."""
        self.assertEqual(denial._get_refusals(action), {denial: sentence})
