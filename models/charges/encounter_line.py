from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..product_template import MAX_POINTERS


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
        compute="_compute_diagnosis_ids",
        store=True,
        readonly=False,
        domain="[('encounter_id', '=', encounter_id)]",
        help="The diagnoses that explain this service. Left empty, the first one of the visit counts.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id", "encounter_id.diagnosis_ids.code_id")
    def _compute_diagnosis_ids(self):
        for line in self:
            # What somebody has chosen stays.
            line.diagnosis_ids = line.diagnosis_ids or line._get_usual_diagnoses()

    # === CONSTRAINS AND ONCHANGE === #

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.diagnosis_ids = self._get_usual_diagnoses()

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
        # A screen sends an empty list where nobody has chosen: what the service usually points to counts then.
        lines = super().create([
            {name: value for name, value in vals.items() if name != "diagnosis_ids" or value} for vals in vals_list
        ])
        lines.encounter_id._check_editable({"line_ids": True})
        return lines

    def write(self, vals):
        self.encounter_id._check_editable({"line_ids": True})
        result = super().write(vals)
        if "encounter_id" in vals:
            self.encounter_id._check_editable({"line_ids": True})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.encounter_id._check_editable({"line_ids": True})

    # === BUSINESS METHODS === #

    def _get_usual_diagnoses(self):
        """The diagnoses of the visit that its service usually points to: those of its codes, then by letter."""
        self.ensure_one()
        diagnoses = self.encounter_id.diagnosis_ids._origin.sorted(lambda d: (d.sequence, d.id))
        product = self.product_id.product_tmpl_id.sudo()
        usual = diagnoses.filtered(lambda diagnosis: diagnosis.code_id in product.billing_diagnosis_ids)
        if not usual and product.billing_pointers:
            usual = diagnoses.filtered(lambda diagnosis: diagnosis.letter in product.billing_pointers)
        return usual[:MAX_POINTERS]

    def _get_pointers(self):
        """The letters of the diagnoses that explain the service; the first one of the visit where none is chosen."""
        self.ensure_one()
        diagnoses = self.diagnosis_ids or self.encounter_id.diagnosis_ids[:1]
        return "".join(sorted(diagnosis.letter or "" for diagnosis in diagnoses))
