from odoo import fields, models

# What may stand in a file of an agency: who owes, how to reach them, how much. Never what was done to them.
COLUMNS = [
    ("reference", "Reference"),
    ("creditor", "Creditor"),
    ("account_number", "Account number"),
    ("name", "Name"),
    ("birth_date", "Birth date"),
    ("street", "Street"),
    ("street2", "Street, second line"),
    ("zip", "Post code"),
    ("city", "City"),
    ("state", "State"),
    ("country", "Country"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("language", "Language"),
    ("bills", "Bills"),
    ("date_bill", "Billed on"),
    ("date_oldest", "Due on"),
    ("date_placed", "Handed over on"),
    ("amount_first", "Billed"),
    ("amount_paid", "Paid or taken off"),
    ("amount", "Amount"),
    ("currency", "Currency"),
]
AMOUNTS = ("amount", "amount_first", "amount_paid")


class BillingAgencyColumn(models.Model):
    """A column of the file that an agency gets. Nothing about health is among what can be chosen."""

    _name = "billing.agency.column"
    _description = "Column of an agency's file"
    _order = "agreement_id, sequence, id"

    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id",
        store=True,
        index=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    key = fields.Selection(
        selection=COLUMNS,
        string="What",
        required=True,
    )
    head = fields.Char(
        help="As the agency calls it. Empty: as it is called here.",
    )
