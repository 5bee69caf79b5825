from odoo import api, fields, models

from .code_pair import SETTINGS, _upper


class BillingCodeCeiling(models.Model):
    """How many units of a code payers pay, on one line or for one day.

    From the NCCI medically unlikely edits of CMS, or an office's own. Codes are kept as text, as in pairs.
    """

    _name = "billing.code.ceiling"
    _description = "Unit limit of a code"
    _order = "code, setting, date_from desc, id"
    _rec_name = "code"

    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        required=True,
        index=True,
        ondelete="cascade",
        help="The list that the code belongs to. HCPCS stands for CPT codes, too: they are its first level.",
    )
    code = fields.Char(
        required=True,
        index=True,
    )
    setting = fields.Selection(
        selection=SETTINGS,
        required=True,
        default="practitioner",
        help="Whose services the limit is about.",
    )
    units = fields.Integer(
        string="Units at most",
        required=True,
        help="More units than that are not paid. Zero: the code is not paid in this setting.",
    )
    per = fields.Selection(
        selection=[("line", "Line"), ("day", "Day")],
        required=True,
        default="day",
        help="Line: each line of a claim for itself, so more may be billed on further lines with a modifier. Day: all "
        "lines of a day together.",
    )
    date_from = fields.Date(
        string="Counts from",
        help="First date of service. Empty: since ever.",
    )
    date_to = fields.Date(
        string="Counts until",
        help="Last date of service. Empty: until further notice.",
    )
    reason = fields.Char(
        help="Why, in the words of whoever published the limit.",
    )
    edition = fields.Char(
        help="The edition of the list that brought this limit. Empty: typed by hand.",
        readonly=True,
        copy=False,
    )

    _key_unique = models.UniqueIndex(
        "(system_id, code, setting, COALESCE(date_from, '0001-01-01'::date))",
        "This code has a limit from the same date already. Change the existing one.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The last date is before the first one. Correct one of the two.",
    )
    _units_not_negative = models.Constraint(
        "CHECK(units >= 0)",
        "A limit is zero units or more.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_upper(vals, "code") for vals in vals_list])

    def write(self, vals):
        return super().write(_upper(vals, "code"))
