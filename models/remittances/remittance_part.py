from odoo import api, fields, models
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingRemittancePart(models.AbstractModel):
    """A part of a remittance file that is posted, or not for a reason that is told: a payment, an answer in it.

    Each kind of part adds its reasons to ``why``, says in ``_tell_reason`` what to do about them, and has a
    ``currency_id``.
    """

    _name = "billing.remittance.part"
    _description = "Part of a remittance file"
    _inherit = ["billing.state.gate", "mail.thread"]
    _order = "id desc"
    _keeps_readonly = True

    why = fields.Selection(
        selection=[],
        string="Why",
        readonly=True,
        copy=False,
    )
    note = fields.Text(
        readonly=True,
        copy=False,
        help="What was said when it was to be posted.",
    )
    reason_text = fields.Text(
        string="What to do",
        compute="_compute_reason_text",
    )

    # === COMPUTE METHODS === #

    @api.depends("why", "note")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for part in self:
            part.reason_text = part._tell_reason() if part.why else False

    # === HOOKS === #

    def _tell_reason(self):
        """Why it is not posted, or waits, and what to do: a sentence in the user's language."""
        raise NotImplementedError

    # === BUSINESS METHODS === #

    def _format(self, amount):
        """An amount as people write it."""
        return format_amount(self.env, amount, self.currency_id)

    def _exact(self, amount):
        """An amount as decisions reckon with it."""
        return to_decimal(amount, to_unit(self.currency_id.rounding))
