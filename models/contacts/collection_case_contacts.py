from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.contact_rules import Wishes, ask, find_wish

# Days beyond those of a rule for which attempts are read: elsewhere it may be another day.
MARGIN_DAYS = 2


class BillingCollectionCase(models.Model):
    """How somebody may be contacted: what the rules of the company and the wishes of the debtor allow, and when."""

    _inherit = "billing.collection.case"

    contact_ids = fields.One2many(
        comodel_name="billing.collection.contact",
        inverse_name="case_id",
        string="Contacts",
        readonly=True,
    )
    date_call = fields.Date(
        string="Call on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The first day on which somebody is asked to call, as the activities say.",
    )
    last_contact_at = fields.Datetime(
        string="Last contact",
        readonly=True,
        copy=False,
        help="The last time that somebody was called or visited, whether they were reached or not.",
    )
    phone = fields.Char(
        related="partner_id.phone",
        string="Phone number",
    )
    local_time = fields.Char(
        string="Time there",
        compute="_compute_calling",
        help="What the clock shows where the debtor lives.",
    )
    can_call = fields.Boolean(
        compute="_compute_calling",
    )
    call_note = fields.Char(
        string="May be called",
        compute="_compute_calling",
    )
    refused_channels = fields.Char(
        compute="_compute_refused_channels",
        help="Keys of the ways in which this debtor may not be written to.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id", "contact_ids")
    @api.depends_context("lang", "tz")
    def _compute_calling(self):
        now = fields.Datetime.now()
        answers = self._ask_rules("call", now)
        for case in self:
            answer = answers[case]
            case.local_time = case._say_local_time(now)
            case.can_call = not answer.refusal
            case.call_note = case._say_when(answer, now)

    @api.depends(
        "partner_id.billing_consent_ids.kind", "partner_id.billing_consent_ids.date_withdrawn",
        "partner_id.billing_contact_stopped_on", "partner_id.billing_bankrupt_on", "partner_id.billing_deceased_on",
        "partner_id.birth_date", "company_id.billing_sms_consent",
    )
    def _compute_refused_channels(self):
        for company, cases in self.grouped("company_id").items():
            wishes = self.env["res.partner"]._get_contact_wishes(cases.partner_id, company)
            for case in cases:
                mine = wishes.get(case.partner_id, Wishes())
                case.refused_channels = ",".join(name for name in ("email", "sms") if find_wish(name, mine))

    # === ACTIONS === #

    def action_call(self):
        """The screen for a call: words, bills, the time there, whether it is allowed, and what comes of it."""
        self.ensure_one()
        return self._open_call(self.env._("Call %(debtor)s", debtor=self.partner_id.name))

    def action_called_us(self):
        """The same screen for somebody who has called or come by themselves."""
        self.ensure_one()
        return self._open_call(
            self.env._("%(debtor)s has called", debtor=self.partner_id.name), default_is_incoming=True,
        )

    def _open_call(self, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "billing.collection.call",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id, "dialog_size": "extra-large", **defaults},
        }

    # === BUSINESS METHODS === #

    def _get_channel(self, stage):
        """What was taken back, or needs a consent that nobody gave, is not used; nor is what does not work."""
        channel, address = super()._get_channel(stage)
        refused, partner = set((self.refused_channels or "").split(",")), self.partner_id.sudo()
        if partner.billing_phone_failure:
            refused.add("sms")
        if partner.billing_email_failure:
            refused.add("email")
        if channel == "sms" and "sms" in refused:
            channel, address = ("email", partner.email) if partner.email else ("letter", False)
        if channel == "email" and "email" in refused:
            return "letter", False
        return channel, address

    def _ask_rules(self, channel, now, extra=()):
        """Whether these debtors may be contacted at a moment, in a fixed number of queries for each company.

        :param now: in UTC
        :param extra: attempts on top of those on record
        :return: {case: :class:`tools.contact_rules.Answer`}
        """
        answers = {}
        for company, cases in self.grouped("company_id").items():
            partners, rules = cases.partner_id, company._get_contact_rules()
            since = now - timedelta(days=max(rules.window, rules.quiet) + MARGIN_DAYS)
            wishes = self.env["res.partner"]._get_contact_wishes(partners, company)
            attempts, asked = self.env["billing.collection.contact"]._get_attempts(partners, company, since)
            for case in cases:
                partner = case.partner_id
                answers[case] = ask(
                    now, partner._get_contact_zones(company), channel, [*attempts.get(partner, ()), *extra], rules,
                    replace(wishes.get(partner, Wishes()), asked=frozenset(asked.get(partner, ()))),
                )
        return answers

    def _check_attempt(self, at, channel, note):
        """Refuse an attempt against a rule; a manager records one that was made all the same, and says why.

        :return: the rule against which it was made, in words; False where there is none
        :raise UserError: naming the rule and the next moment at which it is allowed
        """
        self.ensure_one()
        answer = self._ask_rules(channel, at)[self]
        if not answer.refusal:
            return False
        sentence = self._say_refusal(answer, at, channel)
        if not self.env.user.has_group("billing_coordinator.group_manager"):
            raise UserError(sentence)
        if not (note or "").strip():
            raise UserError(self.env._(
                "%(rule)s If the attempt was made all the same, write in the note why.", rule=sentence,
            ))
        return sentence

    # === CALLING === #

    def _get_script(self):
        """The words for a call at the stage of this case, in the debtor's language; those of the next stage before one.

        :return: HTML, or False
        """
        self.ensure_one()
        stage = self.stage_id or self.next_stage_id
        return stage.with_context(lang=self.partner_id.lang or self.env.lang).script

    def _close_calls(self, feedback):
        """Whoever was to call has done so."""
        calls = self.activity_ids.filtered(lambda activity: activity.activity_type_id.category == "phonecall")
        calls.action_feedback(feedback=feedback)

    def _plan_call(self, day, summary):
        """Somebody calls on that day: whoever looks after the case, else whoever asks for it."""
        for case in self:
            user = case.user_id.filtered("active") or self.env.user
            case.activity_schedule(
                "billing_coordinator.activity_collection_call", date_deadline=day, summary=summary, user_id=user.id,
            )

    def _action_dispute(self, contact=None):
        """What follows when somebody disputes a bill: an action, or None. Hook: the room of disputes records it.

        :param contact: the ``billing.collection.contact`` in which it was said, or None
        """
