from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class BillingCodeSuggestion(models.AbstractModel):
    """A code on a visit that was not valid on its day, or that the plan does not understand: what to use instead.

    It is found by the same code of the same list that was valid then, and by the crosswalk. A person takes it.
    """

    _name = "billing.code.suggestion"
    _description = "Code with a suggestion"

    suggested_code_ids = fields.Many2many(
        comodel_name="billing.code",
        string="Could be",
        compute="_compute_suggestion",
    )
    suggestion = fields.Char(
        string="Better code",
        compute="_compute_suggestion",
    )

    @api.depends("code_id", "encounter_id.date", "encounter_id.patient_id", "encounter_id.is_self_pay")
    @api.depends_context("lang")
    def _compute_suggestion(self):
        asking = self.filtered(lambda coded: coded._needs_suggestion())
        found = asking._find_suggestions()
        for coded in self:
            codes = found.get(coded, self.env["billing.code"])
            coded.suggested_code_ids = codes
            coded.suggestion = coded._explain_suggestion(codes) if codes else False

    def _needs_suggestion(self):
        """Whether the code was not valid on the day of service, or is of a list that the first plan does not know."""
        self.ensure_one()
        encounter = self.encounter_id
        if not self.code_id or not encounter.date or encounter.state not in (False, "draft"):
            return False
        systems = encounter.primary_coverage_id.plan_id.sudo().code_system_ids
        return not self.code_id._is_valid_on(encounter.date) or bool(systems and self.code_id.system_id not in systems)

    def _find_suggestions(self):
        """{line: codes valid on its day}, in a few queries, however many lines."""
        codes = self.code_id
        if not codes:
            return {}
        again = self.env["billing.code"].search(
            Domain("system_id", "in", codes.system_id.ids) & Domain("code", "in", codes.mapped("code")),
        ).grouped(lambda code: (code.system_id, code.code, code.kind))
        groups = self.env["billing.code.crosswalk"]._read_group(
            [("system_from_id", "in", codes.system_id.ids)], ["system_to_id"],
        )
        systems = self.env["billing.code.system"].union(*(system for (system,) in groups))
        translations = codes._translate(systems)
        found = {}
        for coded in self:
            code, date = coded.code_id, coded.encounter_id.date
            understood = coded.encounter_id.primary_coverage_id.plan_id.sudo().code_system_ids
            wanted = understood or systems
            candidates = code.browse()
            if not understood or code.system_id in understood:
                candidates = again.get((code.system_id, code.code, code.kind), candidates) - code
            candidates = candidates.union(*(
                translations.get((code, system), code.browse()) for system in wanted & systems
            ))
            found[coded] = candidates.filtered(lambda other, date=date: other._is_valid_on(date))
        return found

    def _explain_suggestion(self, codes):
        """What to use, and what is wrong with the code; a narrow column shows the answer first."""
        self.ensure_one()
        date = self.encounter_id.date
        names = ", ".join(f"{code.code} ({code.system_id.code})" for code in codes[:5])
        if self.code_id._is_valid_on(date):
            return self.env._(
                "%(codes)s? %(plan)s does not know codes of %(list)s.",
                plan=self.encounter_id.primary_coverage_id.plan_id.name,
                list=self.code_id.system_id.name,
                codes=names,
            )
        return self.env._(
            "%(codes)s? %(code)s was not valid on %(date)s.",
            code=self.code_id.code,
            date=format_date(self.env, date),
            codes=names,
        )

    def action_take_suggestion(self):
        """Use the code that is suggested; the closest one where there are several."""
        for coded in self:
            if coded.suggested_code_ids:
                coded.code_id = coded.suggested_code_ids[0]


class BillingEncounterLine(models.Model):
    """Services whose procedure code is old get a suggestion."""

    _name = "billing.encounter.line"
    _inherit = ["billing.encounter.line", "billing.code.suggestion"]


class BillingEncounterDiagnosis(models.Model):
    """Diagnoses whose code is old get a suggestion."""

    _name = "billing.encounter.diagnosis"
    _inherit = ["billing.encounter.diagnosis", "billing.code.suggestion"]


class BillingEncounter(models.Model):
    """Whether a visit has codes that should be others."""

    _inherit = "billing.encounter"

    has_code_suggestions = fields.Boolean(
        compute="_compute_has_code_suggestions",
    )
    has_diagnosis_suggestions = fields.Boolean(
        compute="_compute_has_code_suggestions",
    )

    @api.depends("line_ids.suggestion", "diagnosis_ids.suggestion")
    def _compute_has_code_suggestions(self):
        for encounter in self:
            encounter.has_code_suggestions = any(encounter.line_ids.mapped("suggestion"))
            encounter.has_diagnosis_suggestions = any(encounter.diagnosis_ids.mapped("suggestion"))
