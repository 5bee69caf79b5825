from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_DIAGNOSES = 12


class BillingEncounterDiagnosis(models.Model):
    """A diagnosis of a visit, in the order of its weight; its letter is what service lines point to.

    Twelve at most, lettered A to L (CMS-1500 02/12, box 21).
    """

    _name = "billing.encounter.diagnosis"
    _description = "Visit diagnosis"
    _order = "encounter_id, sequence, id"
    _rec_name = "code_id"

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
    sequence = fields.Integer(
        default=10,
    )
    letter = fields.Char(
        compute="_compute_letter",
    )
    code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Diagnosis",
        required=True,
        domain="[('kind', '=', 'diagnosis')]",
        ondelete="restrict",
    )

    _code_unique = models.UniqueIndex(
        "(encounter_id, code_id)",
        "The same diagnosis stands twice on this visit. Remove one of the two.",
    )

    @api.depends("encounter_id.diagnosis_ids.sequence")
    def _compute_letter(self):
        for encounter, diagnoses in self.grouped("encounter_id").items():
            ordered = encounter.diagnosis_ids.sorted(lambda d: (d.sequence, d._origin.id or 0))
            letters = {diagnosis: chr(ord("A") + index) for index, diagnosis in enumerate(ordered)}
            for diagnosis in diagnoses:
                diagnosis.letter = letters.get(diagnosis, "")

    @api.depends("letter", "code_id")
    def _compute_display_name(self):
        for diagnosis in self:
            diagnosis.display_name = f"{diagnosis.letter}: {diagnosis.code_id.code or ''}"

    @api.constrains("encounter_id", "code_id")
    def _check_diagnoses(self):
        for encounter in self.encounter_id:
            if len(encounter.diagnosis_ids) > MAX_DIAGNOSES:
                raise ValidationError(self.env._(
                    "%(visit)s has %(count)s diagnoses; a claim has room for %(max)s. Keep the ones that explain the "
                    "services.",
                    visit=encounter.display_name,
                    count=len(encounter.diagnosis_ids),
                    max=MAX_DIAGNOSES,
                ))

    @api.model_create_multi
    def create(self, vals_list):
        diagnoses = super().create(vals_list)
        diagnoses.encounter_id._check_editable({"diagnosis_ids": True})
        return diagnoses

    def write(self, vals):
        self.encounter_id._check_editable({"diagnosis_ids": True})
        result = super().write(vals)
        if "encounter_id" in vals:
            self.encounter_id._check_editable({"diagnosis_ids": True})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.encounter_id._check_editable({"diagnosis_ids": True})
