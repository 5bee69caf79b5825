from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..claims import adjustment


class BillingAdjustment(models.Model):
    """Discounts that financial assistance gives."""

    _inherit = "billing.adjustment"

    assistance_id = fields.Many2one(
        comodel_name="billing.assistance.application",
        string="Assistance application",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        # Who may not see the application sees the discount and its reason all the same.
        groups="billing_coordinator.group_coordinator",
    )

    _decided_fields = adjustment.BillingAdjustment._decided_fields | {"assistance_id"}

    # === CONSTRAINT METHODS === #

    @api.constrains("assistance_id", "reason_id", "move_id")
    def _check_assistance(self):
        reason = self.env.ref("billing_coordinator.reason_office_assist")
        for decision in self.sudo().filtered("assistance_id"):
            application = decision.assistance_id
            if decision.reason_id != reason or decision.partner_id != application.applicant_id:
                raise ValidationError(self.env._(
                    "%(application)s gives “%(reason)s” on bills of %(applicant)s alone. Apply it from the "
                    "application or the bill.",
                    application=application.name,
                    reason=reason.name,
                    applicant=application.applicant_id.name,
                ))

    # === LIMITS === #

    def _is_granted(self):
        """Whether an accepted application gives this discount.

        A manager has decided about the person: that decision is the approval of every discount that follows from it,
        whatever its amount, so that nobody is asked a second time. What is more than the application gives, for
        another bill or another person, is an ordinary request.
        """
        self.ensure_one()
        application = self.sudo().assistance_id
        if not application or not self.env.user.has_group("billing_coordinator.group_coordinator"):
            return False
        bill = self.move_id._origin
        discount = application._find_discounts(bill).get(bill)
        return bool(
            discount
            and discount.application == application
            and self.reason_id == self.env.ref("billing_coordinator.reason_office_assist")
            and self.currency_id.compare_amounts(self.amount, discount.amount) <= 0
        )

    def _is_within_limit(self):
        return self._is_granted() or super()._is_within_limit()

    def _get_earlier_domain(self):
        # What a manager granted by an application uses up nobody's own limit.
        return [*super()._get_earlier_domain(), ("assistance_id", "=", False)]

    # === POSTING === #

    def _get_approver(self):
        return self.sudo().assistance_id.decided_by_id.sudo(False) if self._is_granted() else super()._get_approver()

    def _get_adjustable(self):
        adjustable = super()._get_adjustable()
        if self.sudo().assistance_id.programme_id.refund_paid:
            # What was paid of the part that is forgiven becomes credit, to refund or to apply.
            flow = self.env["billing.charge.flow"]._get_flows(self.move_id)[self.move_id]
            adjustable += max(flow["paid"], 0.0)
        return adjustable
