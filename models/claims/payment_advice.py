from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingPaymentAdvice(models.AbstractModel):
    """What somebody else says they have paid: typed from their paper, posted once, and taken back whole or not at all.

    What was posted is not edited, by whatever way; the wrong one is reversed and typed again.
    """

    _name = "billing.payment.advice"
    _description = "Payment advice"
    _inherit = ["billing.settlement"]

    _state_moves = {
        "draft": ("posted",),
        "posted": ("reversed",),
        "reversed": (),
    }

    state = fields.Selection(
        selection=[
            ("draft", "To post"),
            ("posted", "Posted"),
            ("reversed", "Reversed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )

    # === CRUD === #

    def write(self, vals):
        self._check_editable(vals)
        return super().write(vals)

    def _check_editable(self, vals):
        """
        :param vals: what is to be written; the state has its own gate, and messages and activities go on
        :raise UserError: one of these is posted
        """
        touched = any(
            name in self._fields and name != "state" and not name.startswith(("message_", "activity_"))
            for name in vals
        )
        settled = self.filtered(lambda advice: advice.state != "draft")
        if touched and settled:
            raise UserError(self.env._(
                "%(document)s is posted and is not edited. Reverse it and type it again.",
                document=settled[0].display_name,
            ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for advice in self:
            if advice.state != "draft":
                raise UserError(self.env._(
                    "%(document)s has postings behind it and cannot be deleted. Reverse it instead: the record of "
                    "what happened stays.",
                    document=advice.display_name,
                ))
