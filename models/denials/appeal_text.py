from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.letter_text import find_unknown

# What a text may name in braces; see billing.appeal, where each is filled in.
PLACEHOLDERS = (
    "payer", "patient", "member", "claims", "payer_numbers", "services", "service_dates", "sent_on", "amount",
    "denied_on", "reasons", "authorizations", "level", "decision", "company", "provider", "contract",
)


class BillingAppealText(models.Model):
    """What a letter of appeal argues, by cause and level; the facts stand in the letter by themselves."""

    _name = "billing.appeal.text"
    _description = "Text of appeals"
    _order = "level desc, category_id, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    active = fields.Boolean(default=True)
    category_id = fields.Many2one(
        comodel_name="billing.denial.category",
        string="Cause",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: every cause without a text of its own.",
    )
    level = fields.Integer(
        help="From this level on. Zero: from the first.",
    )
    body = fields.Text(
        string="Text",
        required=True,
        translate=True,
        help="Names in braces are filled in: {patient}, {claims}, {services}, {amount}, {reasons}, {denied_on} …",
    )
    placeholders = fields.Char(
        string="What can be filled in",
        compute="_compute_placeholders",
    )

    # === COMPUTE METHODS === #

    @api.depends("body")
    def _compute_placeholders(self):
        self.placeholders = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)

    # === CONSTRAINT METHODS === #

    @api.constrains("body")
    def _check_placeholders(self):
        """A name that cannot be filled in would stand in braces on the letter."""
        for text in self:
            if unknown := find_unknown(text.body, PLACEHOLDERS):
                raise ValidationError(self.env._(
                    "“%(text)s” names {%(unknown)s}, which cannot be filled in. What can: %(known)s.",
                    text=text.name, unknown="}, {".join(unknown), known=text.placeholders,
                ))

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, category, level):
        """The text for a cause at a level: of those for the highest level not above it, that of the cause first."""
        texts = self.sudo().search([("category_id", "in", (category.id, False)), ("level", "<=", level)])
        return texts.sorted(lambda text: (text.level, bool(text.category_id)))[-1:].sudo(False)
