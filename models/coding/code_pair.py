from odoo import fields, models


class BillingCodePair(models.Model):
    """Two procedures that payers do not pay together: the first one is paid, the second one is not.

    Kept by the text of the codes, because a published list names codes that the office has not loaded (NCCI procedure
    to procedure edits).
    """

    _name = "billing.code.pair"
    _description = "Pair of codes"
    _order = "code_1, code_2, date_from desc, id"

    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code_1 = fields.Char(
        string="Paid",
        required=True,
        index=True,
    )
    code_2 = fields.Char(
        string="Not paid",
        required=True,
        index=True,
    )
    setting = fields.Selection(
        selection=[
            ("practitioner", "Practitioner"),
            ("facility", "Facility"),
        ],
        required=True,
        default="practitioner",
    )
    date_from = fields.Date(
        string="From",
    )
    date_to = fields.Date(
        string="Until",
    )
    modifier_allowed = fields.Boolean(
        help="Both are paid when a modifier says that they were apart.",
    )
    reason = fields.Char()
