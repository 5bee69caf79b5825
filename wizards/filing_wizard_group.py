from odoo import fields, models


class BillingFilingWizardGroup(models.TransientModel):
    """Claims that go together: one file, or one pile of forms."""

    _name = "billing.filing.wizard.group"
    _description = "Claims that go together"

    wizard_id = fields.Many2one(
        comodel_name="billing.filing.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    route_id = fields.Many2one(comodel_name="billing.filing.route", string="Goes by", ondelete="cascade")
    format = fields.Selection(related="route_id.format", string="As")
    usage = fields.Selection(related="route_id.usage")
    company_id = fields.Many2one(related="route_id.company_id")
    currency_id = fields.Many2one(comodel_name="res.currency")
    payers = fields.Char(string="To")
    claim_count = fields.Integer(string="Claims")
    amount = fields.Monetary(string="In all")
