from odoo import api, fields, models

# Figures and dates that stand under the same names on check and coverage.
IDENTITY = ("member_number", "group_number")
PERIOD = ("date_from", "date_to")
FIGURES = ("copay", "deductible", "coinsurance", "oop_max")
COVERAGE_FIELDS = (*IDENTITY, *PERIOD, *FIGURES)
# What was met so far, and the opening figure of the coverage behind it.
MET = {"deductible_met": "deductible_opening", "oop_met": "oop_opening"}


def _as_on_file(name, source="on_file"):
    """A compute for one figure: as on file. One each, so that typing one does not bring back or empty the others."""

    @api.depends(source)
    def compute(self):
        for check in self:
            check[name] = (check[source] or {}).get(name) or False

    return compute


class BillingEligibilityCheck(models.Model):
    """What the payer says about the coverage.

    The form starts with what is on file, so that only what the payer says differently is typed. ``on_file`` keeps
    those first values: an answer that comes weeks later changes what it says differently, and nothing that somebody
    else has corrected on the coverage meanwhile.
    """

    _inherit = "billing.eligibility.check"

    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        string="The plan it is now",
        domain="[('company_id', '=', company_id), ('id', '!=', on_file_plan_id)]",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The plan that the payer names instead of the one on file.",
    )
    plan_name = fields.Char(
        string="or its name",
        help="The plan's name, when it is not among the plans recorded here: somebody is asked to add it.",
    )
    on_file_plan_id = fields.Many2one(
        related="coverage_id.plan_id",
        string="Plan on file",
    )
    on_file = fields.Json(
        compute="_compute_on_file",
        store=True,
        precompute=True,
        help="What the coverage said when the payer was asked.",
    )
    on_file_met = fields.Json(
        compute="_compute_on_file_met",
        store=True,
        help="What counted towards deductible and out-of-pocket maximum when the payer was asked.",
    )
    member_number = fields.Char(
        compute=_as_on_file("member_number"),
        store=True,
        readonly=False,
    )
    group_number = fields.Char(
        compute=_as_on_file("group_number"),
        store=True,
        readonly=False,
    )
    date_from = fields.Date(
        string="Insured from",
        compute=_as_on_file("date_from"),
        store=True,
        readonly=False,
    )
    date_to = fields.Date(
        string="Insured until",
        compute=_as_on_file("date_to"),
        store=True,
        readonly=False,
        help="Last day of the coverage. Empty: until further notice.",
    )
    copay = fields.Monetary(
        compute=_as_on_file("copay"),
        store=True,
        readonly=False,
    )
    deductible = fields.Monetary(
        compute=_as_on_file("deductible"),
        store=True,
        readonly=False,
    )
    coinsurance = fields.Float(
        compute=_as_on_file("coinsurance"),
        store=True,
        readonly=False,
    )
    oop_max = fields.Monetary(
        compute=_as_on_file("oop_max"),
        store=True,
        readonly=False,
    )
    deductible_met = fields.Monetary(
        string="Deductible met this year",
        compute=_as_on_file("deductible_met", "on_file_met"),
        store=True,
        readonly=False,
        help="What the payer has counted towards the deductible in the calendar year of its answer. Our own posted "
        "visits are in it; what lies beyond them becomes “Deductible already met” of the coverage.",
    )
    oop_met = fields.Monetary(
        string="Out of pocket paid this year",
        compute=_as_on_file("oop_met", "on_file_met"),
        store=True,
        readonly=False,
        help="What the payer has counted towards the out-of-pocket maximum in the calendar year of its answer.",
    )

    # === COMPUTE METHODS === #

    @api.depends("coverage_id", "plan_id")
    def _compute_on_file(self):
        """The coverage; once another plan is named, that plan's usual figures and no dates yet."""
        for check in self:
            coverage = check.coverage_id
            check.on_file = {
                **{name: coverage[name] or None for name in IDENTITY},
                **{name: fields.Date.to_string(coverage[name]) or None for name in PERIOD if not check.plan_id},
                **{name: (check.plan_id or coverage)[name] for name in FIGURES},
            }

    @api.depends("coverage_id", "date", "plan_id")
    def _compute_on_file_met(self):
        for (date, other_plan), checks in self.grouped(lambda c: (c.date, bool(c.plan_id))).items():
            coverages = checks.coverage_id._origin
            used = coverages._get_used(date) if coverages and date and not other_plan else {}
            for check in checks:
                figures = used.get(check.coverage_id._origin, {"deductible": 0, "oop": 0})
                check.on_file_met = {
                    "deductible_met": float(figures["deductible"]),
                    "oop_met": float(figures["oop"]),
                }

    # === CONSTRAINT METHODS === #

    @api.constrains(*MET)
    def _check_met(self):
        self._check_benefits()

    @api.model
    def _get_benefit_amounts(self):
        return [*super()._get_benefit_amounts(), *MET]

    # === BUSINESS METHODS === #

    def _get_differences(self):
        """{name: value} of what stands on the form and was not on file."""
        self.ensure_one()
        on_file = {**(self.on_file or {}), **(self.on_file_met or {})}
        differences = {}
        for name in (*COVERAGE_FIELDS, *MET):
            value = fields.Date.to_string(self[name]) if name in PERIOD else self[name]
            if (value or None) != (on_file.get(name) or None):
                differences[name] = value
        return differences

    def _get_typed_answer(self):
        """What somebody typed into the form, as the dictionary that :meth:`_answer` takes."""
        self.ensure_one()
        told = self._get_differences()
        if self.result == "inactive":
            told = {"date_to": self.date_to}
        elif self.result == "unclear":
            told = {}
        elif self.result == "other_plan":
            told = {name: self[name] for name in (*COVERAGE_FIELDS, *MET)}
            told["plan"] = self.plan_id.name or self.plan_name
        return {
            **{name: self[name] for name in ("result", "responder", "reference", "date", "valid_until")},
            **told,
        }
