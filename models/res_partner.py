from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.billing_coordinator.tools.npi import is_valid_npi

from .groups import HEALTH_GROUP


class ResPartner(models.Model):
    """The people and companies of a billing office: whom it bills (patients and clients), who pays for them
    (guarantors, payers) and who renders the services."""

    _inherit = "res.partner"

    # Patients and clients
    is_billing_account = fields.Boolean(
        string="Patient or client",
        index="btree_not_null",
        help="Visits of this person or company are billed here, under an account number of its own.",
    )
    billing_account_number = fields.Char(
        string="Account number",
        readonly=True,
        copy=False,
        help="Stands on every paper; given once and never changed.",
    )
    billing_turn = fields.Integer(
        copy=False,
        readonly=True,
        groups="base.group_no_one",
        export_string_translation=False,
        help="How often this account was billed: sessions that bill it at the same moment wait for one another here.",
    )
    guarantor_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_payer', '=', False), ('id', '!=', id)]",
        help="Who pays this person's bills: a parent, for instance. Empty: the person.",
    )
    birth_date = fields.Date(
        copy=False,
        groups=HEALTH_GROUP,
    )
    age = fields.Char(
        compute="_compute_age",
        groups=HEALTH_GROUP,
    )
    sex = fields.Selection(
        selection=[
            ("female", "Female"),
            ("male", "Male"),
            ("other", "Other"),
            ("unknown", "Unknown"),
        ],
        copy=False,
        groups=HEALTH_GROUP,
        help="As the person's insurance has it on record.",
    )
    special_concerns = fields.Text(
        copy=False,
        groups=HEALTH_GROUP,
        help="What everybody who handles this account has to know first. Shown on top of the account and "
        "its visits.",
    )
    coverage_ids = fields.One2many(
        comodel_name="billing.coverage",
        inverse_name="patient_id",
        string="Coverage",
        groups=HEALTH_GROUP,
    )
    # Payers
    is_payer = fields.Boolean(
        string="Payer",
        index="btree_not_null",
        help="Pays for other people's visits: an insurer, an agency, an employer.",
    )
    payer_type = fields.Selection(
        selection=[
            ("insurer", "Insurer"),
            ("agency", "Government agency"),
            ("employer", "Employer"),
            ("other", "Other"),
        ],
    )
    payer_code = fields.Char(
        string="Payer ID",
        help="The identifier that claims to this payer carry.",
    )
    plan_ids = fields.One2many(
        comodel_name="billing.insurance.plan",
        inverse_name="payer_id",
        string="Insurance plans",
        groups=HEALTH_GROUP,
    )
    # Providers
    is_provider = fields.Boolean(
        string="Renders services",
        index="btree_not_null",
        help="A doctor, therapist or practice whose services are billed.",
    )
    npi = fields.Char(
        string="NPI",
        help="National Provider Identifier: ten digits.",
    )

    _billing_account_number_unique = models.UniqueIndex(
        "(billing_account_number) WHERE billing_account_number IS NOT NULL",
        "Another account already has this account number. Account numbers are given once.",
    )

    # === COMPUTE METHODS === #

    @api.depends("birth_date")
    @api.depends_context("lang", "tz")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for partner in self:
            partner.age = partner.birth_date and self._get_age_text(relativedelta(today, partner.birth_date))

    @api.model
    def _get_age_text(self, age):
        """An age as people say it: days for the newborn, months for babies, then years."""
        if age.years >= 2:
            return self.env._("%s years", age.years)
        months = 12 * age.years + age.months
        if months >= 2:
            return self.env._("%s months", months)
        if months == 1:
            return self.env._("1 month")
        return self.env._("1 day") if age.days == 1 else self.env._("%s days", max(age.days, 0))

    @api.depends("is_billing_account")
    def _compute_commercial_partner(self):
        # A patient filed under an employer owes their own bills: they are none of the employer's business.
        super()._compute_commercial_partner()
        for partner in self:
            if partner.is_billing_account and not partner.is_company and partner.commercial_partner_id.is_company:
                partner.commercial_partner_id = partner

    # === CONSTRAINT METHODS === #

    @api.constrains("birth_date")
    def _check_birth_date(self):
        today = fields.Date.context_today(self)
        for partner in self:
            if partner.birth_date and partner.birth_date > today:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be born on %(date)s, which is still to come. Check the year.",
                        person=partner.name,
                        date=format_date(self.env, partner.birth_date),
                    )
                )

    @api.constrains("guarantor_id", "is_payer")
    def _check_guarantor(self):
        if self._has_cycle("guarantor_id"):
            raise ValidationError(
                self.env._(
                    "%(people)s would pay their own bills through one another. Leave “Guarantor” empty for "
                    "the one who pays.",
                    people=", ".join(name for name in (self + self.guarantor_id).mapped("name") if name),
                )
            )
        payers = self.filtered("is_payer")
        guaranteed = self.filtered("guarantor_id.is_payer") or self.search(
            [("guarantor_id", "in", payers.ids)], limit=1
        )
        for partner in guaranteed:
            raise ValidationError(
                self.env._(
                    "%(payer)s is a payer and cannot be the guarantor of %(person)s. Give %(person)s a "
                    "coverage with that payer instead; the guarantor is who pays what insurance leaves.",
                    payer=partner.guarantor_id.name,
                    person=partner.name,
                )
            )

    @api.constrains("npi")
    def _check_npi(self):
        for partner in self:
            if partner.npi and not is_valid_npi(partner.npi):
                raise ValidationError(
                    self.env._(
                        "%(npi)s cannot be the NPI of %(provider)s: an NPI has ten digits, begins with 1 or "
                        "2 and ends with a check digit. Compare it with the provider's papers, digit by "
                        "digit.",
                        npi=partner.npi,
                        provider=partner.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        by_default = self.default_get(["is_billing_account"]).get("is_billing_account")
        vals_list = [self._tidy_npi(vals) for vals in vals_list]
        numberless = [
            vals
            for vals in vals_list
            if vals.get("is_billing_account", by_default) and not vals.get("billing_account_number")
        ]
        for vals, number in zip(numberless, self._next_account_numbers(len(numberless)), strict=True):
            vals["billing_account_number"] = number
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(self._tidy_npi(vals))
        if vals.get("is_billing_account"):
            numberless = self.filtered(lambda partner: not partner.billing_account_number)
            for partner, number in zip(numberless, self._next_account_numbers(len(numberless)), strict=True):
                partner.billing_account_number = number
        return result

    # === BUSINESS METHODS === #

    def _get_billing_debtor(self):
        """Who is asked for what insurance leaves of this person's bills: the guarantor, or the person.

        One step only: a guarantor answers for others even when somebody else pays the guarantor's own bills.
        """
        self.ensure_one()
        return self.guarantor_id or self

    def _billing_take_turn(self):
        """Bill these accounts one session after the other.

        What a deductible or a limit leaves, and whether an account is still open, is read from what is posted: a second
        session waits here until the first has finished, and then begins anew with what that one has posted.
        """
        ids = [partner.id for partner in self]
        if ids:
            self.env.cr.execute(SQL(
                """UPDATE res_partner SET billing_turn = COALESCE(billing_turn, 0) + 1
                    WHERE id IN (SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)""",
                ids,
            ))

    @api.model
    def _next_account_numbers(self, count):
        """As many new account numbers, in one query, for users who may not touch sequences."""
        if not count:
            return []
        sequence = self.env.ref("billing_coordinator.sequence_billing_account").sudo()
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    @api.model
    def _search_display_name(self, operator, value):
        """Find people by account number, too, and in the billing office by an insurance card's number."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "=") or not isinstance(value, str) or not value.strip():
            return domain
        domain = Domain(domain) | Domain("billing_account_number", operator, value.strip())
        if self.env.user.has_group(HEALTH_GROUP):
            domain |= Domain("coverage_ids.member_number", "=", value.strip())
        return domain

    @api.model
    def _tidy_npi(self, vals):
        """A copy of the values, without the blanks that people type into an NPI to read it better."""
        npi = vals.get("npi")
        return {**vals, "npi": "".join(npi.split())} if isinstance(npi, str) else dict(vals)
