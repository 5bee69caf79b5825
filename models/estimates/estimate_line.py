from dataclasses import replace

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.split_steps import dump_steps, load_steps


class BillingEstimateLine(models.Model):
    """One planned service: what it will cost, and who is expected to pay how much of it and why."""

    _name = "billing.estimate.line"
    _description = "Estimated service"
    _inherit = ["billing.service.line"]
    _order = "estimate_id, sequence, id"
    _check_company_auto = True

    _document_field = "estimate_id"

    estimate_id = fields.Many2one(
        comodel_name="billing.estimate",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="estimate_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        related="estimate_id.currency_id",
    )
    provider_id = fields.Many2one(
        comodel_name="res.partner",
        string="By",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_provider', '=', True)]",
        check_company=True,
        help="Who renders this service, where that is somebody else than for the rest.",
    )
    split = fields.Json(
        compute="_compute_expected",
        store=True,
        help="The figures behind the expected amounts, kept as they were when they were worked out.",
    )
    amount_total = fields.Monetary(
        string="Expected charge",
        compute="_compute_expected",
        store=True,
        help="The charge with the taxes that come on top.",
    )
    amount_payer = fields.Monetary(
        string="Insurance",
        compute="_compute_expected",
        store=True,
        help="What payers are expected to pay.",
    )
    amount_discount = fields.Monetary(
        string="Contract discount",
        compute="_compute_expected",
        store=True,
        help="What payers' contracts take off; nobody is asked for it.",
    )
    amount_patient = fields.Monetary(
        string="Patient",
        compute="_compute_expected",
        store=True,
        help="What is left to the patient.",
    )
    reasons = fields.Text(
        string="Why",
        compute="_compute_reasons",
        help="How the patient's amount comes about, figure by figure.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id", "code_id", "quantity", "amount", "tax_ids", "sequence",
        "estimate_id.line_ids.amount", "estimate_id.line_ids.product_id", "estimate_id.line_ids.code_id",
        "estimate_id.line_ids.sequence", "estimate_id.date", "estimate_id.patient_id", "estimate_id.company_id",
        "estimate_id.is_self_pay", "estimate_id.currency_id",
        *(
            f"estimate_id.patient_id.coverage_ids.{name}"
            for name in (
                "rank", "date_from", "date_to", "active", "plan_id", "copay", "deductible", "coinsurance", "oop_max",
                "deductible_opening", "oop_opening", "opening_date",
            )
        ),
    )
    def _compute_expected(self):
        for estimate, lines in self.grouped("estimate_id").items():
            if estimate.state in (False, "draft"):
                expected = estimate._expect()
                for line in lines:
                    line._set_expected(expected.get(line))

    def _set_expected(self, expected):
        """Take over what was worked out for this service, see ``service_document.Expected``."""
        self.ensure_one()
        if not expected:
            self.split, self.amount_total = False, self.amount
            self.amount_payer = self.amount_discount = self.amount_patient = 0.0
            return
        self.amount_payer = float(expected.payer)
        self.amount_discount = float(expected.discount)
        self.amount_patient = float(expected.patient)
        self.amount_total = float(expected.payer + expected.discount + expected.patient)
        self.split = {
            "steps": dump_steps(expected.steps),
            "left": [[kind, str(amount)] for kind, amount in (expected.left or {}).items()],
        }

    @api.depends("split")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for line in self:
            line.reasons = "\n".join(line._get_sentences()) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.estimate_id._check_editable({"line_ids": True})
        return lines

    def write(self, vals):
        self.estimate_id._check_editable({"line_ids": True})
        result = super().write(vals)
        if "estimate_id" in vals:
            self.estimate_id._check_editable({"line_ids": True})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        self.estimate_id._check_editable({"line_ids": True})

    # === BUSINESS METHODS === #

    def _get_steps(self):
        """The figures kept with this service, in the order of explaining.

        Those of a coverage that has been deleted since are left out; of a rule that is gone only the name is lost.
        """
        self.ensure_one()
        coverages = self.estimate_id.patient_id.sudo().with_context(active_test=False).coverage_ids
        plans = {coverage.id: coverage.plan_id for coverage in coverages}
        steps = []
        for step in load_steps((self.split or {}).get("steps")):
            if step.cover in plans:
                known = step.terms.rule in plans[step.cover].rule_ids.ids
                steps.append(step if known else replace(step, terms=replace(step.terms, rule=None, copay=None)))
        return steps

    def _get_sentences(self):
        """How the patient's amount of this service comes about, in words."""
        self.ensure_one()
        coverage = self.env["billing.coverage"]
        return [coverage._explain(step, self.currency_id) for step in self._get_steps()]

    def _get_provider(self):
        """Who renders this service."""
        self.ensure_one()
        return self.provider_id or self.estimate_id.provider_id

    def _prepare_visit_line_vals(self):
        """The service as a line of a visit."""
        self.ensure_one()
        names = ("product_id", "name", "code_id", "modifier_1_id", "modifier_2_id", "modifier_3_id", "modifier_4_id",
                 "sequence", "quantity", "price_unit", "discount", "tax_ids")
        return {name: self._fields[name].convert_to_write(self[name], self) for name in names}
