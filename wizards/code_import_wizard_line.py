from odoo import fields, models


class BillingCodeImportWizardLine(models.TransientModel):
    """An example of what a file would change, or a line of it that cannot be read."""

    _name = "billing.code.import.wizard.line"
    _description = "What a code file would change"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        comodel_name="billing.code.import.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer()
    what = fields.Selection(
        selection=[
            ("unreadable", "Unreadable"),
            ("new", "New"),
            ("changed", "Changed"),
            ("ending", "Ends"),
        ],
        required=True,
    )
    line = fields.Integer()
    code = fields.Char()
    text = fields.Char()
    before = fields.Char(
        string="Until now",
    )
