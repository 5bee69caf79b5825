from odoo import api, fields, models


class BillingDisputeMailbox(models.Model):
    """The e-mail address at which a company is asked about its bills: each message becomes a dispute."""

    _name = "billing.dispute.mailbox"
    _description = "Address for questions about bills"
    _inherit = ["mail.alias.mixin"]
    _order = "company_id, id"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who sorts them",
        domain="[('share', '=', False)]",
        help="Gets what comes in until its reason says who answers. Empty: it waits on the Today screen for everybody.",
    )

    _one_each = models.UniqueIndex(
        "(company_id)",
        "A company has one address for questions about its bills.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if {"company_id", "user_id"} & vals.keys():
            for mailbox in self:
                mailbox.alias_id.sudo().write(mailbox._get_alias_vals())
        return result

    # === BUSINESS METHODS === #

    def _alias_get_creation_values(self):
        # Odoo asks twice: before the record is there, and again with what it says.
        return {**super()._alias_get_creation_values(), **self._get_alias_vals()}

    def _get_alias_vals(self):
        """What a message to this address becomes."""
        return {
            "alias_model_id": self.env["ir.model"]._get_id("billing.dispute"),
            "alias_defaults": self._get_message_defaults(),
        }

    @api.model
    def _get_message_defaults(self):
        company = self.company_id or self.env.company
        return str({"company_id": company.id, "user_id": self.user_id.id})
