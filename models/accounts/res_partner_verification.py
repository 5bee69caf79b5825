from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..groups import HEALTH_GROUP

# What each way of reaching somebody is made of; a change of it has to be verified anew.
WAYS = {
    "phone": ("phone",),
    "email": ("email",),
    "address": ("street", "street2", "zip", "city", "state_id", "country_id"),
}
STATUSES = [
    ("missing", "None"),
    ("unverified", "To verify"),
    ("verified", "Verified"),
    ("stale", "Verified long ago"),
    ("failed", "Does not work"),
]


class ResPartner(models.Model):
    """Whether phone, e-mail and address of an account still reach the person: verified when and by whom.

    A verification grows stale after the time that the company sets. A bounced e-mail or a letter that came back says
    at once that the way does not work. Whoever changes a number or an address makes it unverified again.
    """

    _inherit = "res.partner"

    billing_phone_verified = fields.Date(
        string="Phone verified on",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_phone_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Phone verified by",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_phone_failure = fields.Char(
        string="Phone does not work",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_phone_note = fields.Char(
        compute="_compute_billing_statuses",
        groups=HEALTH_GROUP,
    )
    billing_phone_status = fields.Selection(
        selection=STATUSES,
        string="Phone is",
        compute="_compute_billing_statuses",
        groups=HEALTH_GROUP,
    )
    billing_email_verified = fields.Date(
        string="E-mail verified on",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_email_user_id = fields.Many2one(
        comodel_name="res.users",
        string="E-mail verified by",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_email_failure = fields.Char(
        string="E-mail does not work",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_email_note = fields.Char(
        compute="_compute_billing_statuses",
        groups=HEALTH_GROUP,
    )
    billing_email_status = fields.Selection(
        selection=STATUSES,
        string="E-mail is",
        compute="_compute_billing_statuses",
        groups=HEALTH_GROUP,
    )
    billing_address_verified = fields.Date(
        string="Address verified on",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_address_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Address verified by",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_address_failure = fields.Char(
        string="Address does not work",
        readonly=True,
        copy=False,
        groups=HEALTH_GROUP,
    )
    billing_address_note = fields.Char(
        compute="_compute_billing_statuses",
        groups=HEALTH_GROUP,
    )
    billing_address_status = fields.Selection(
        selection=STATUSES,
        string="Address is",
        compute="_compute_billing_statuses",
        groups=HEALTH_GROUP,
    )
    billing_to_verify = fields.Char(
        string="To verify",
        compute="_compute_billing_statuses",
        search="_search_billing_to_verify",
        groups=HEALTH_GROUP,
        help="Which of phone, e-mail and address nobody has verified, or too long ago, and which do not work.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        *(name for names in WAYS.values() for name in names),
        *(f"billing_{way}_{part}" for way in WAYS for part in ("verified", "user_id", "failure")),
    )
    @api.depends_context("company", "lang")
    def _compute_billing_statuses(self):
        limit = self._get_billing_verification_limit()
        names = self._get_billing_way_names()
        for partner in self:
            to_verify = []
            for way in WAYS:
                status = partner._get_billing_way_status(way, limit)
                partner[f"billing_{way}_status"] = status
                partner[f"billing_{way}_note"] = partner._get_billing_way_note(way)
                if status in ("unverified", "stale", "failed"):
                    to_verify.append(way)
            partner.billing_to_verify = ", ".join(names[way] for way in to_verify)

    def _get_billing_way_status(self, way, limit):
        self.ensure_one()
        # An address is one that a letter could be sent to: a country alone is none.
        if not self[WAYS[way][0]]:
            return "missing"
        if self[f"billing_{way}_failure"]:
            return "failed"
        verified = self[f"billing_{way}_verified"]
        if not verified:
            return "unverified"
        return "stale" if limit and verified < limit else "verified"

    def _get_billing_way_note(self, way):
        """When and by whom this way was verified, or why it does not work."""
        self.ensure_one()
        if self[f"billing_{way}_failure"] or not self[f"billing_{way}_verified"]:
            return self[f"billing_{way}_failure"]
        return self.env._(
            "%(date)s, %(user)s",
            date=format_date(self.env, self[f"billing_{way}_verified"]),
            user=self[f"billing_{way}_user_id"].sudo().name,
        )

    @api.model
    def _get_billing_verification_limit(self):
        """The day before which a verification is stale; None when it never is."""
        days = self.env.company.billing_verification_days
        return fields.Date.context_today(self) - timedelta(days=days) if days else None

    @api.model
    def _get_billing_way_names(self):
        return {"phone": self.env._("Phone"), "email": self.env._("E-mail"), "address": self.env._("Address")}

    # === CRUD METHODS === #

    def write(self, vals):
        # What was verified is not what stands there now.
        changed = self._find_changed_billing_ways(vals)
        result = super().write(vals)
        for way, partners in changed.items():
            partners._forget_billing_way(way)
        return result

    def _update_address(self, vals):
        # An address that comes from the parent, or goes to it, is written below all that extends ``write``.
        changed = self._find_changed_billing_ways(vals)
        super()._update_address(vals)
        if "address" in changed:
            changed["address"]._forget_billing_way("address")

    def _find_changed_billing_ways(self, vals):
        """Whom these values would reach in another way than before: {way: partners}."""
        return {
            way: self.filtered(lambda partner, names=names: any(
                name in vals and partner._fields[name].convert_to_write(partner[name], partner) != (vals[name] or False)
                for name in names
            ))
            for way, names in WAYS.items()
            if not vals.keys().isdisjoint(names)
        }

    def _forget_billing_way(self, way):
        names = [f"billing_{way}_{part}" for part in ("verified", "user_id", "failure")]
        # Whoever may change the address need not be of the billing office.
        known = self.sudo().filtered(lambda partner: any(partner[name] for name in names))
        known.write(dict.fromkeys(names, False))

    # === ACTIONS === #

    def action_billing_verify_phone(self):
        """The person was reached under this number, or said that it is right."""
        self._billing_verify("phone")

    def action_billing_verify_email(self):
        """The person answered from this address, or said that it is right."""
        self._billing_verify("email")

    def action_billing_verify_address(self):
        """The person said that the address is right."""
        self._billing_verify("address")

    def action_billing_wrong_number(self):
        """Somebody else, or nobody, answers under this number."""
        self._billing_fail("phone", self.env._("Wrong number"))

    def action_billing_letter_back(self):
        """A letter to this address came back."""
        self._billing_fail("address", self.env._("A letter came back"))

    # === BUSINESS METHODS === #

    def _billing_verify(self, way):
        """Record that these people are reached this way, today, by the user.

        :raise UserError: when there is nothing to verify
        """
        name = self._get_billing_way_names()[way]
        for partner in self:
            if not partner[WAYS[way][0]]:
                raise UserError(self.env._(
                    "%(account)s has nothing to verify here: %(way)s is empty. Type it first.",
                    account=partner.display_name,
                    way=name,
                ))
        today = fields.Date.context_today(self)
        self.write({
            f"billing_{way}_verified": today,
            f"billing_{way}_user_id": self.env.uid,
            f"billing_{way}_failure": False,
        })
        self._message_log_batch(bodies={
            partner.id: self.env._("%(way)s verified: %(value)s", way=name, value=partner._get_billing_way_value(way))
            for partner in self
        })

    def _billing_fail(self, way, reason):
        """Record that these people cannot be reached this way any more, and why."""
        today = format_date(self.env, fields.Date.context_today(self))
        said = self.env._("%(reason)s (%(date)s)", reason=reason, date=today)
        self.write({
            f"billing_{way}_verified": False,
            f"billing_{way}_user_id": False,
            f"billing_{way}_failure": said,
        })
        self._message_log_batch(bodies={
            partner.id: self.env._("%(reason)s: %(value)s", reason=reason, value=partner._get_billing_way_value(way))
            for partner in self
        })

    def _get_billing_way_value(self, way):
        self.ensure_one()
        if way == "address":
            return ", ".join(filter(None, (self.street, self.street2, self.zip, self.city)))
        return self[way]

    def _message_receive_bounce(self, email, partner):
        # Mail says so itself: this address does not work any more.
        super()._message_receive_bounce(email, partner)
        accounts = self.filtered(lambda account: account.billing_state and account.email_normalized == email)
        accounts.sudo()._billing_fail("email", self.env._("A message bounced"))
