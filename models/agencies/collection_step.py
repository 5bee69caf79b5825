from odoo import models
from odoo.exceptions import UserError

# Identity, not value: nothing that arrives by RPC can be this object.
HANDING_OVER = object()


class BillingCollectionStep(models.Model):
    """A step that hands over is taken by handing over, and in no other way."""

    _inherit = "billing.collection.step"

    # === ACTIONS === #

    def action_approve(self):
        placing = self._get_placing()
        super(BillingCollectionStep, self - placing).action_approve()
        return placing._open_placing() if placing else None

    def action_do(self):
        placing = self._get_placing()
        done = super(BillingCollectionStep, self - placing).action_do()
        return placing._open_placing() if placing else done

    # === BUSINESS METHODS === #

    def _act(self):
        placing = self.filtered("stage_id.is_placement")
        if placing and self.env.context.get("billing_handing_over") is not HANDING_OVER:
            raise UserError(self.env._(
                "“%(stage)s” of %(debtor)s is done by handing the debt over to an agency. Open the step and press Do "
                "it.",
                stage=placing[0].stage_id.name, debtor=placing[0].partner_id.display_name,
            ))
        return super()._act()

    def _get_placing(self):
        """Of these steps, those that wait for somebody to hand over."""
        return self.filtered(lambda step: step.stage_id.is_placement and step.state in ("review", "ready"))

    def _open_placing(self):
        """The window that says what may go, and to whom."""
        self._check_reviewer()
        return self.case_id.action_hand_over()
