from odoo import fields, models


class BillingContactPurpose(models.Model):
    """What a payer's contact is asked about: eligibility, authorizations, claims, appeals."""

    _name = "billing.contact.purpose"
    _description = "Purpose of a payer's contact"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char(
        required=True,
        help="Short key by which screens find the contact to offer.",
    )
    sequence = fields.Integer(
        default=10,
    )
    color = fields.Integer()

    _code_unique = models.Constraint(
        "UNIQUE (code)",
        "There is already a purpose with this code.",
    )
