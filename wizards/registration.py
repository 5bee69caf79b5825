from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _lang_get

ADULT = 18
CONSENTS = ("assignment", "release", "financial", "email", "sms", "phone")
# What an account has in common with its registration, field by field.
SAME_FIELDS = (
    "is_company", "name", "phone", "email", "street", "street2", "zip", "city", "lang", "birth_date", "sex",
    "special_concerns", "billing_channel", "billing_addressee", "billing_confidential_address",
)


class BillingRegistration(models.TransientModel):
    """Register a patient or client on one screen: person, guarantor, contact, insurance, concerns, consents.

    Who looks like the same person is shown while typing (see ``registration_duplicate.py``); a second account for
    somebody who is likely here already is opened only when the user says so.
    """

    _name = "billing.registration"
    _description = "Registration of an account"

    # Who
    is_company = fields.Boolean(
        string="A company",
    )
    name = fields.Char(
        help="First name and last name; the order does not matter when looking for the same person.",
    )
    birth_date = fields.Date()
    sex = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["sex"]._description_selection(self.env),
    )
    is_minor = fields.Boolean(
        compute="_compute_is_minor",
    )
    # Who pays
    guarantor_kind = fields.Selection(
        selection=[
            ("self", "The person"),
            ("existing", "Somebody we know"),
            ("new", "Somebody new"),
        ],
        string="Who pays the rest",
        default="self",
        required=True,
        help="Who is asked for what insurance does not pay: for a child, a parent.",
    )
    guarantor_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('is_payer', '=', False), ('is_company', '=', False)]",
    )
    guarantor_name = fields.Char(
        string="Guarantor's name",
    )
    guarantor_phone = fields.Char(
        string="Guarantor's phone",
    )
    guarantor_email = fields.Char(
        string="Guarantor's e-mail",
    )
    # How to reach them
    phone = fields.Char()
    email = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        domain="[('country_id', '=?', country_id)]",
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        default=lambda self: self.env.company.country_id,
    )
    lang = fields.Selection(
        selection=_lang_get,
        string="Language",
        default=lambda self: self.env.lang,
        help="The language of bills and statements.",
    )
    billing_channel = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["billing_channel"]._description_selection(self.env),
        string="Prefers",
    )
    billing_addressee = fields.Char(
        string="To the attention of",
    )
    billing_confidential_address = fields.Text(
        string="Confidential address",
        help="Where this person asked to be written to instead of at home.",
    )
    special_concerns = fields.Text()
    # Insurance
    coverage_line_ids = fields.One2many(
        comodel_name="billing.registration.coverage",
        inverse_name="registration_id",
        string="Insurance",
    )
    next_rank = fields.Char(
        compute="_compute_next_rank",
    )
    # Consents
    consent_assignment = fields.Boolean(
        string="Assignment of benefits",
        help="The payer pays the office, not the patient.",
    )
    consent_release = fields.Boolean(
        string="Release of information to payers",
    )
    consent_financial = fields.Boolean(
        string="Financial responsibility",
        help="The person pays what insurance does not.",
    )
    consent_email = fields.Boolean(
        string="Contact by e-mail",
    )
    consent_sms = fields.Boolean(
        string="Contact by text message",
    )
    consent_phone = fields.Boolean(
        string="Contact by phone",
    )
    consent_channel = fields.Selection(
        selection=lambda self: self.env["billing.consent"]._fields["channel"]._description_selection(self.env),
        string="Given how",
        default="paper",
        required=True,
    )
    consent_given_by = fields.Char(
        string="Given by",
    )
    # === COMPUTE METHODS === #

    @api.depends("birth_date", "is_company")
    def _compute_is_minor(self):
        adult_since = fields.Date.context_today(self) - relativedelta(years=ADULT)
        for registration in self:
            born = registration.birth_date
            registration.is_minor = bool(born and born > adult_since and not registration.is_company)

    @api.depends("coverage_line_ids.rank")
    def _compute_next_rank(self):
        for registration in self:
            taken = set(registration.coverage_line_ids.mapped("rank"))
            registration.next_rank = next((rank for rank in "123" if rank not in taken), "3")

    # === ONCHANGE METHODS === #

    @api.onchange("guarantor_id")
    def _onchange_guarantor_id(self):
        # A child mostly lives where its parents do.
        if self.guarantor_id and not self.street:
            for name in ("street", "street2", "zip", "city", "state_id", "country_id"):
                self[name] = self.guarantor_id[name]
            self.phone = self.phone or self.guarantor_id.phone
            self.lang = self.guarantor_id.lang or self.lang

    @api.onchange("state_id")
    def _onchange_state_id(self):
        if self.state_id:
            self.country_id = self.state_id.country_id

    # === ACTIONS === #

    def action_register(self):
        """Open the account, and submit it: rules approve it or a manager is asked.

        :raise UserError: when something is missing or wrong, or somebody like this is here already
        """
        self.ensure_one()
        self._check_complete()
        if self.is_likely_duplicate and not self.env.context.get("billing_no_duplicate"):
            raise UserError(self.env._(
                "%(name)s is likely here already:\n%(people)s\nUse that account, or say that this is somebody else.",
                name=self.name,
                people=self.duplicate_reasons,
            ))
        account = self.env["res.partner"].create(self._prepare_account_vals())
        self._add_coverages(account)
        self._add_consents(account)
        account.action_billing_submit()
        # Odoo tracks nothing of what happens while a record is created.
        account._message_log(body=self.env._("Registered. %(approval)s", approval=account.billing_state_reason))
        return account._get_records_action(
            views=[(self.env.ref("billing_coordinator.billing_partner_view_form").id, "form")],
        )

    # === BUSINESS METHODS === #

    def _check_complete(self):
        """What the form asks for, checked again for whoever does not come from the form."""
        if not (self.name or "").strip():
            raise UserError(self.env._("Whom do you register? Type the name."))
        for email in filter(None, (self.email, self.guarantor_kind == "new" and self.guarantor_email)):
            if not tools.email_normalize(email):
                raise UserError(self.env._(
                    "“%(email)s” is no e-mail address. Correct it, or leave it empty.", email=email,
                ))
        if self.is_company:
            return
        if self.guarantor_kind == "existing" and not self.guarantor_id:
            raise UserError(self.env._("Who pays for %(name)s? Choose the guarantor.", name=self.name))
        if self.guarantor_kind == "new" and not (self.guarantor_name or "").strip():
            raise UserError(self.env._("Who pays for %(name)s? Type the guarantor's name.", name=self.name))

    def _prepare_account_vals(self):
        self.ensure_one()
        vals = self._get_same_values()
        return {**vals, "is_billing_account": True, "guarantor_id": self._get_guarantor().id}

    def _get_same_values(self):
        vals = {name: self[name] for name in SAME_FIELDS}
        vals.update(state_id=self.state_id.id, country_id=self.country_id.id, name=self.name.strip())
        if self.is_company:
            vals.update(birth_date=False, sex=False)
        return vals

    def _get_guarantor(self):
        """Who pays: nobody else, somebody known, or somebody new, who lives at the same address."""
        partners = self.env["res.partner"]
        if self.is_company or self.guarantor_kind == "self":
            return partners
        if self.guarantor_kind == "existing":
            return self.guarantor_id
        address = ("street", "street2", "zip", "city", "lang")
        return partners.create({
            "name": self.guarantor_name.strip(),
            "phone": self.guarantor_phone,
            "email": self.guarantor_email,
            "state_id": self.state_id.id,
            "country_id": self.country_id.id,
            **{name: self[name] for name in address},
        })

    def _add_coverages(self, account):
        """The policies typed, as far as the account does not have them yet; companies have none."""
        if self.is_company:
            return
        known = {(coverage.plan_id, coverage.member_number) for coverage in account.coverage_ids}
        lines = self.coverage_line_ids.filtered(
            lambda line: (line.plan_id, (line.member_number or "").strip()) not in known
        )
        self.env["billing.coverage"].create([line._prepare_coverage_vals(account) for line in lines])

    def _add_consents(self, account):
        """The consents given today, as far as they are not on record."""
        known = set(account.billing_consent_ids.filtered(lambda consent: not consent.date_withdrawn).mapped("kind"))
        self.env["billing.consent"].create([
            {
                "partner_id": account.id,
                "kind": kind,
                "channel": self.consent_channel,
                "given_by": self.consent_given_by,
            }
            for kind in CONSENTS
            if self[f"consent_{kind}"] and kind not in known
        ])
