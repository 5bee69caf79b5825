from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingEncounterLine(models.Model):
    """One service of a visit: its procedure code and modifiers, how often, at what price, and why (diagnoses)."""

    _name = "billing.encounter.line"
    _description = "Visit service"
    _inherit = ["billing.service.line"]
    _order = "encounter_id, sequence, id"
    _check_company_auto = True

    _document_field = "encounter_id"

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
        precompute=True,
    )
    currency_id = fields.Many2one(
        related="encounter_id.currency_id",
    )
    state = fields.Selection(
        related="encounter_id.state",
    )
    diagnosis_ids = fields.Many2many(
        comodel_name="billing.encounter.diagnosis",
        string="Because of",
        domain="[('encounter_id', '=', encounter_id)]",
        help="The diagnoses that explain this service. Left empty, the first one of the visit counts.",
    )

    # === CONSTRAINS AND ONCHANGE === #

    @api.constrains("diagnosis_ids")
    def _check_diagnoses(self):
        for line in self:
            if line.diagnosis_ids.encounter_id - line.encounter_id:
                raise ValidationError(self.env._(
                    "“%(service)s” points to a diagnosis of another visit. Choose from the diagnoses of %(visit)s.",
                    service=line.name,
                    visit=line.encounter_id.display_name,
                ))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.encounter_id._check_editable({"line_ids": True})
        return lines

    def write(self, vals):
        self.encounter_id._check_editable({"line_ids": True})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.encounter_id._check_editable({"line_ids": True})
