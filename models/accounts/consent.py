from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# What was said when the consent was given.
RECORDED = frozenset({"partner_id", "kind", "channel", "given_by", "date_given", "user_id"})


class BillingConsent(models.Model):
    """What a patient or client has allowed the office to do, from when to when, and who recorded it.

    A consent taken back is not deleted: it says that what was done until then was allowed.
    """

    _name = "billing.consent"
    _description = "Consent"
    _inherit = ["mail.thread"]
    _order = "partner_id, date_withdrawn desc, kind, id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Account",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_billing_account', '=', True)]",
    )
    kind = fields.Selection(
        selection=[
            ("assignment", "Assignment of benefits"),
            ("release", "Release of information to payers"),
            ("financial", "Financial responsibility"),
            ("email", "Contact by e-mail"),
            ("sms", "Contact by text message"),
            ("phone", "Contact by phone"),
        ],
        required=True,
        tracking=True,
        help="Assignment of benefits: the payer pays the office, not the patient. Release of information: the office "
        "may tell payers what they need to know for a claim.",
    )
    channel = fields.Selection(
        selection=[
            ("paper", "Signed on paper"),
            ("spoken", "Spoken, in person or by phone"),
            ("email", "By e-mail"),
            ("portal", "In the portal"),
        ],
        string="Given how",
        required=True,
        default="paper",
    )
    given_by = fields.Char(
        help="Who signed or spoke, when it was not the person: a parent, a guardian.",
    )
    date_given = fields.Date(
        string="Given on",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_withdrawn = fields.Date(
        string="Taken back on",
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )

    _given_once = models.UniqueIndex(
        "(partner_id, kind) WHERE date_withdrawn IS NULL",
        "This consent is on record already and has not been taken back.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for consent in self:
            consent.display_name = f"{kinds.get(consent.kind, '')}, {consent.partner_id.name or ''}".strip(", ")

    # === CONSTRAINT METHODS === #

    @api.constrains("date_given", "date_withdrawn")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for consent in self:
            if consent.date_given > today:
                raise ValidationError(self.env._(
                    "%(consent)s cannot be given on %(date)s, which is still to come. Record it on the day.",
                    consent=consent.display_name,
                    date=format_date(self.env, consent.date_given),
                ))
            if consent.date_withdrawn and consent.date_withdrawn < consent.date_given:
                raise ValidationError(self.env._(
                    "%(consent)s cannot be taken back on %(withdrawn)s, before it was given on %(given)s. Correct one "
                    "of the two dates.",
                    consent=consent.display_name,
                    withdrawn=format_date(self.env, consent.date_withdrawn),
                    given=format_date(self.env, consent.date_given),
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # One that was taken back a moment ago makes room for the new one in the database, too.
        self.flush_model(["date_withdrawn"])
        # Who records it is who records it, whatever the screen says.
        return super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])

    def write(self, vals):
        recorded = {name for name in vals if name in RECORDED}
        for consent in self:
            if recorded or ("date_withdrawn" in vals and consent.date_withdrawn):
                raise UserError(self.env._(
                    "%(consent)s is on record and stays as it was given. Take it back and record it anew.",
                    consent=consent.display_name,
                ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        for consent in self:
            raise UserError(self.env._(
                "%(consent)s is on record and cannot be deleted. Take it back instead: what was done until then was "
                "allowed.",
                consent=consent.display_name,
            ))

    # === ACTIONS === #

    def action_withdraw(self):
        """The person takes the consent back, from today on."""
        given = self.filtered(lambda consent: not consent.date_withdrawn)
        given.write({"date_withdrawn": fields.Date.context_today(self)})
