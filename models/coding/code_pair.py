from odoo import api, fields, models

SETTINGS = [
    ("practitioner", "Practitioners"),
    ("facility", "Hospital outpatient"),
    ("supplier", "Suppliers of equipment"),
]


class BillingCodePair(models.Model):
    """Two codes of which payers pay only the first when both are billed for a patient on a day.

    From the NCCI procedure-to-procedure edits of CMS, or an office's own. Codes are kept as text: CPT codes stand in
    these lists, and an office may not have loaded them.
    """

    _name = "billing.code.pair"
    _description = "Codes not billed together"
    _order = "code_1, code_2, setting, date_from desc, id"
    _rec_names_search = ["code_1", "code_2"]

    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        required=True,
        index=True,
        ondelete="cascade",
        help="The list that the codes belong to. HCPCS stands for CPT codes, too: they are its first level.",
    )
    code_1 = fields.Char(
        string="Paid",
        required=True,
        help="The code that is paid: column 1 of the published list.",
    )
    code_2 = fields.Char(
        string="Not paid beside it",
        required=True,
        index=True,
        help="The code that is not paid beside it: column 2 of the published list.",
    )
    setting = fields.Selection(
        selection=SETTINGS,
        required=True,
        default="practitioner",
        help="Whose services the pair is about.",
    )
    date_from = fields.Date(
        string="Counts from",
        help="First date of service. Empty: since ever.",
    )
    date_to = fields.Date(
        string="Counts until",
        help="Last date of service. Empty: until further notice.",
    )
    modifier_allowed = fields.Boolean(
        string="Modifier lifts it",
        help="Both are paid when a modifier says that they were separate services (59, XE, XP, XS, XU and others).",
    )
    reason = fields.Char(
        help="Why, in the words of whoever published the pair.",
    )

    _key_unique = models.UniqueIndex(
        "(system_id, code_1, code_2, setting, COALESCE(date_from, '0001-01-01'::date))",
        "This pair is there already from the same date. Change the existing one.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The last date is before the first one. Correct one of the two.",
    )
    _two_codes = models.Constraint(
        "CHECK(code_1 <> code_2)",
        "A pair is of two different codes. For one code billed too often, add a unit limit.",
    )

    @api.depends("code_1", "code_2")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.code_1 or ''} / {pair.code_2 or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_upper(vals, "code_1", "code_2") for vals in vals_list])

    def write(self, vals):
        return super().write(_upper(vals, "code_1", "code_2"))


def _upper(vals, *names):
    """The values with these codes as payers write them: capitals, no blanks around."""
    return {
        **vals, **{name: vals[name].strip().upper() for name in names if isinstance(vals.get(name), str)},
    }
