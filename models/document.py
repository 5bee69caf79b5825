from odoo import api, fields, models

UNNUMBERED = "New"


class BillingDocument(models.AbstractModel):
    """What the documents of a billing office have in common: a number, one gate for their state, a history.

    The number comes from the sequence whose code is the model's name, of the document's company and in the range of
    its date.
    """

    _name = "billing.document"
    _description = "Billing document"
    _inherit = ["billing.state.gate", "mail.thread", "mail.activity.mixin", "billing.asking"]
    _check_company_auto = True

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default=UNNUMBERED,
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            {**vals, "name": self._get_next_number(vals)} if vals.get("name", UNNUMBERED) == UNNUMBERED else vals
            for vals in vals_list
        ])

    @api.model
    def _get_next_number(self, vals):
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        return self.env["ir.sequence"].with_company(company).next_by_code(
            self._name, sequence_date=fields.Date.to_date(vals.get("date")),
        )
