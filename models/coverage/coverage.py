from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class BillingCoverage(models.Model):
    """A person's policy with an insurance plan: member number, rank, from when to when.

    On any day a person has at most one primary, one secondary and one tertiary coverage per company;
    claims go to them in that order.
    """

    _name = "billing.coverage"
    _description = "Insurance coverage"
    _inherit = ["billing.benefits", "mail.thread"]
    _order = "patient_id, rank, date_from desc, id desc"
    _rec_names_search = ["member_number", "patient_id", "plan_id"]
    _check_company_auto = True

    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Insured person",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain="[('is_payer', '=', False)]",
        check_company=True,
    )
    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        # No check_company: the coverage takes its company from the plan.
    )
    payer_id = fields.Many2one(
        related="plan_id.payer_id",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
        store=True,
        # The exclusion constraint needs it in the very first INSERT.
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    member_number = fields.Char(
        required=True,
        index=True,
        tracking=True,
        help="The number on the insurance card that names this person.",
    )
    group_number = fields.Char(
        help="The number of the employer's or association's group, if the card shows one.",
    )
    group_name = fields.Char(
        help="The employer or association whose group it is. Claims name it where there is no group number.",
    )
    medicare_reason = fields.Selection(
        selection=[
            ("12", "Working aged, or their spouse, with employer's insurance"),
            ("13", "Kidney disease, within the months that the employer's insurance pays first"),
            ("14", "No-fault insurance, such as of a car, pays first"),
            ("15", "Workers' compensation pays first"),
            ("16", "Public health service or another federal agency pays first"),
            ("41", "Black lung programme pays first"),
            ("42", "Veterans Affairs pays first"),
            ("43", "Disabled and under 65, with a large employer's insurance"),
            ("47", "Liability insurance pays first"),
        ],
        string="Medicare pays later because",
        help="Medicare as second or third payer wants every claim to say why somebody else pays first.",
    )
    relationship = fields.Selection(
        selection=[
            ("self", "Policy holder"),
            ("spouse", "Spouse or partner"),
            ("child", "Child"),
            ("other", "Other dependent"),
        ],
        string="Insured as",
        required=True,
        default="self",
        help="What the insured person is to the one who took out the policy.",
    )
    subscriber_id = fields.Many2one(
        comodel_name="res.partner",
        string="Policy holder",
        compute="_compute_subscriber_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    rank = fields.Selection(
        selection=[
            ("1", "Primary"),
            ("2", "Secondary"),
            ("3", "Tertiary"),
        ],
        required=True,
        default="1",
        tracking=True,
        help="The order in which payers are billed.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
    )
    date_to = fields.Date(
        string="Until",
        tracking=True,
        help="Last day of the coverage. Empty: until further notice.",
    )
    active = fields.Boolean(
        default=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("patient_id", "relationship")
    def _compute_subscriber_id(self):
        for coverage in self:
            if coverage.relationship == "self":
                coverage.subscriber_id = coverage.patient_id
            elif coverage.subscriber_id == coverage.patient_id:
                # Whoever pays a child's bills mostly holds the policy, too.
                coverage.subscriber_id = coverage.patient_id.guarantor_id

    @api.depends("patient_id", "plan_id", "rank", "member_number")
    def _compute_display_name(self):
        ranks = dict(self._fields["rank"]._description_selection(self.env))
        for coverage in self:
            coverage.display_name = self.env._(
                "%(plan)s, %(rank)s (member %(number)s)",
                plan=coverage.plan_id.name or "",
                rank=(ranks.get(coverage.rank) or "").lower(),
                number=coverage.member_number or "",
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("relationship", "subscriber_id", "patient_id")
    def _check_subscriber(self):
        for coverage in self:
            is_self = coverage.subscriber_id == coverage.patient_id
            if is_self != (coverage.relationship == "self"):
                raise ValidationError(
                    self.env._(
                        "The policy holder of %(patient)s's %(plan)s is %(subscriber)s, which does not "
                        "agree with “Insured as”. Choose the person who took out the policy and what "
                        "%(patient)s is to them.",
                        patient=coverage.patient_id.name,
                        plan=coverage.plan_id.name,
                        subscriber=coverage.subscriber_id.name,
                    )
                )

    @api.constrains("member_number")
    def _check_member_number(self):
        for coverage in self:
            if not (coverage.member_number or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(plan)s of %(patient)s has no member number. Type the number from the insurance "
                        "card.",
                        plan=coverage.plan_id.name,
                        patient=coverage.patient_id.name,
                    )
                )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for coverage in self:
            if coverage.date_to and coverage.date_to < coverage.date_from:
                raise ValidationError(
                    self.env._(
                        "%(plan)s of %(patient)s would end on %(date_to)s, before it begins on "
                        "%(date_from)s. Correct one of the two dates.",
                        plan=coverage.plan_id.name,
                        patient=coverage.patient_id.name,
                        date_from=format_date(self.env, coverage.date_from),
                        date_to=format_date(self.env, coverage.date_to),
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._tidy(vals) for vals in vals_list]
        for vals in vals_list:
            # The account page adds a coverage before its person exists: nobody yet, not “no policy holder”.
            if not vals.get("subscriber_id"):
                vals.pop("subscriber_id", None)
        return super().create(vals_list)

    def write(self, vals):
        return super().write(self._tidy(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for coverage in self._has_postings():
            raise UserError(
                self.env._(
                    "%(coverage)s of %(patient)s has claims behind it and cannot be deleted. Give it an end "
                    "date instead.",
                    coverage=coverage.display_name,
                    patient=coverage.patient_id.name,
                )
            )

    # === BUSINESS METHODS === #

    def _has_postings(self, outside=None):
        """Which of these coverages money was posted for.

        Hook: no money moves in this room, the room of claims answers.

        :param outside: (date_from, date_to or False): only services rendered before or after these dates
        :return: the coverages with postings
        """
        return self.browse()

    @api.model
    def _tidy(self, vals):
        """The values without the blanks that copying from a card leaves around numbers."""
        numbers = {
            name: vals[name] for name in ("member_number", "group_number") if isinstance(vals.get(name), str)
        }
        return {**vals, **{name: number.strip() for name, number in numbers.items()}}
