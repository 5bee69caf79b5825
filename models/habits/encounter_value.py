from odoo import api, fields, models


class BillingEncounterValue(models.Model):
    """Something more that a payer asks for with a visit, such as a referral number, and what it is."""

    _name = "billing.encounter.value"
    _description = "What a payer asks for"
    _order = "encounter_id, id"
    _rec_name = "label"

    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="encounter_id.company_id",
        store=True,
        index=True,
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
    )
    label = fields.Char(
        string="Asked for",
        required=True,
    )
    value = fields.Char()
    is_required = fields.Boolean(
        string="Needed to bill",
    )
    reason = fields.Text(
        string="Why",
    )

    _label_unique = models.UniqueIndex(
        "(encounter_id, payer_id, lower(label))",
        "The payer asks for this once. Type it in the line that is there.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        values.encounter_id._check_editable({"value_ids": True})
        return values

    def write(self, vals):
        self.encounter_id._check_editable({"value_ids": True})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.encounter_id._check_editable({"value_ids": True})
