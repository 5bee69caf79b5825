from base64 import b64decode

from odoo import fields, models


class BillingRecoveryImport(models.TransientModel):
    """Read what an agency reports to have collected from its file."""

    _name = "billing.recovery.import"
    _description = "Read a collection agency's report"

    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        default=lambda self: self._get_only_agreement(),
        domain=lambda self: [("company_id", "in", self.env.companies.ids)],
    )
    currency_id = fields.Many2one(
        related="agreement_id.currency_id",
    )
    reference = fields.Char(
        required=True,
        help="The number that the agency has given its report, and its bill.",
    )
    date = fields.Date(
        string="Received on",
        required=True,
        default=fields.Date.context_today,
    )
    amount_received = fields.Float(
        string="Received",
        digits=(16, 2),
        help="The money that came, as the bank says it. It can be typed later.",
    )
    file = fields.Binary(
        required=True,
        attachment=False,
    )
    file_name = fields.Char()

    def _get_only_agreement(self):
        found = self.env["billing.agency.agreement"].search([("company_id", "=", self.env.company.id)], limit=2)
        return found if len(found) == 1 else False

    def action_read(self):
        """Read it: all of it or nothing."""
        self.ensure_one()
        recovery = self.env["billing.recovery"]._read_report(
            self.agreement_id, b64decode(self.file), reference=self.reference, date=self.date,
            amount_received=self.amount_received,
        )
        self.env["ir.attachment"].create({
            "name": self.file_name or self.reference,
            "datas": self.file,
            "res_model": recovery._name,
            "res_id": recovery.id,
        })
        return recovery._get_records_action()
