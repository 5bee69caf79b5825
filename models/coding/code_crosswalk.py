from odoo import api, fields, models
from odoo.fields import Domain


class BillingCodeCrosswalk(models.Model):
    """What a code of one list is called in another: ICD-9-CM to ICD-10-CM, or a payer's own to a published one.

    A suggestion for a person, never a translation. Codes are kept as text.
    """

    _name = "billing.code.crosswalk"
    _description = "Crosswalk of codes"
    _order = "code_from, scenario, choice, is_approximate, code_to, id"
    _rec_names_search = ["code_from", "code_to"]

    system_from_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="From list",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code_from = fields.Char(
        string="Old code",
        required=True,
        index=True,
    )
    system_to_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="To list",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code_to = fields.Char(
        string="New code",
        help="Empty: the new list has nothing that corresponds.",
    )
    is_approximate = fields.Boolean(
        string="Approximate",
        help="The new code says about the same, not exactly the same.",
    )
    is_no_map = fields.Boolean(
        string="No counterpart",
        help="The new list has nothing that corresponds.",
    )
    is_combination = fields.Boolean(
        string="One of several",
        help="Only together with others of the same scenario does it say what the old one said.",
    )
    scenario = fields.Integer(
        help="Combinations that belong together have the same number.",
    )
    choice = fields.Integer(
        string="Choice list",
        help="Within a scenario, one code of each choice list is taken.",
    )
    edition = fields.Char(
        readonly=True,
        copy=False,
    )

    @api.depends("code_from", "code_to")
    def _compute_display_name(self):
        for crosswalk in self:
            crosswalk.display_name = f"{crosswalk.code_from or ''} → {crosswalk.code_to or '∅'}"

    @api.model
    def _suggest(self, codes, system_to):
        """What codes are called in another list. One query, however many codes.

        :param codes: ``billing.code`` records
        :param system_to: the ``billing.code.system`` wanted
        :return: {code: crosswalk lines in order}, for the codes with lines only
        """
        lines = self.search(
            Domain("system_from_id", "in", codes.system_id.ids)
            & Domain("code_from", "in", [code.upper() for code in codes.mapped("code")])
            & Domain("system_to_id", "=", system_to.id)
        ).grouped(lambda line: (line.system_from_id, line.code_from))
        return {
            code: lines[code.system_id, code.code.upper()]
            for code in codes if (code.system_id, code.code.upper()) in lines
        }
