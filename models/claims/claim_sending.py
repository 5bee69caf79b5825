from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_MAY_LEAVE


class BillingClaim(models.Model):
    """A claim is sent, and the payer's side says whether it has arrived: each sending is a fact of its own."""

    _inherit = "billing.claim"

    submission_ids = fields.One2many(
        comodel_name="billing.claim.submission",
        inverse_name="claim_id",
        string="Sendings",
    )
    last_submission_id = fields.Many2one(
        comodel_name="billing.claim.submission",
        string="Last sending",
        compute="_compute_last_submission",
        store=True,
        index="btree_not_null",
        help="The last time it was sent, and really was.",
    )
    last_channel = fields.Selection(
        related="last_submission_id.channel",
        string="Sent how",
    )
    last_reference = fields.Char(
        related="last_submission_id.reference",
    )
    last_answer_text = fields.Text(
        related="last_submission_id.answer_text",
        string="Sent back because",
    )
    date_first_sent = fields.Date(
        string="First sent on",
        readonly=True,
        copy=False,
        help="Sent again after a denial, a claim keeps the day on which its payer had it first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("submission_ids.state")
    def _compute_last_submission(self):
        for claim in self:
            claim.last_submission_id = claim.submission_ids.filtered(
                lambda sent: sent.state != "withdrawn"
            ).sorted("id")[-1:]

    # === SENDING === #

    def _submit(self, channel, reference=None, date=None, note=None, **values):
        """These claims have been sent.

        :param str channel: one of :data:`CHANNELS`
        :param str reference: control number of the file, tracking number of the parcel …
        :param date: when, a date or datetime (UTC); empty: now
        :param str note: anything else worth knowing
        :param values: further fields of the sendings, for instance ``attachment_id`` or ``frequency``
        :return: the sendings, one for each claim
        :raise UserError: when one of them must not leave, was taken back, or on a day that cannot be
        """
        self._lock_or_refuse()
        if values.get("frequency") != "8":
            self._check_submittable()
        if date:
            self._check_day_sent(self._get_moment(date)[1])
        return self._note_sending(channel, reference, date, note, **values)

    def _note_sending(self, channel, reference=None, date=None, note=None, **values):
        """Write down a sending of each of these claims, whoever sent it. Parameters as for :meth:`_submit`.

        :return: the sendings
        """
        moment, day = self._get_moment(date)
        submissions = self.env["billing.claim.submission"].sudo().create([
            {
                **claim._prepare_submission_vals(),
                "channel": channel,
                "reference": reference or False,
                "note": note or False,
                "date": moment,
                "day": day,
                **values,
            }
            for claim in self
        ])
        submissions._check_original()
        if values.get("frequency") != "8":
            self._set_state("sent", self._say_sent(channel, reference), date_sent=day)
            self.filtered(lambda claim: not claim.date_first_sent).date_first_sent = day
        return submissions.sudo(False)

    def _check_submittable(self):
        """Hook: refuse to send claims that must not leave, with the sentence that says what to do."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for claim in self:
            if claim.state not in CLAIM_MAY_LEAVE:
                raise UserError(self.env._(
                    "%(claim)s is “%(state)s” and is not sent any more.",
                    claim=claim.display_name,
                    state=labels[claim.state],
                ))

    def _prepare_submission_vals(self):
        """What is written down of a sending, as the claim stands now."""
        self.ensure_one()
        return {
            "claim_id": self.id,
            "payer_id": self.payer_id.id,
            "amount": self.amount_charged,
            "user_id": self.env.uid,
        }

    def _say_sent(self, channel, reference):
        """The sentence for the history: how it was sent, and under which number."""
        channels = dict(self.env["billing.claim.submission"]._fields["channel"]._description_selection(self.env))
        if reference:
            return self.env._("Sent: %(channel)s, %(reference)s", channel=channels[channel], reference=reference)
        return self.env._("Sent: %(channel)s", channel=channels[channel])

    @api.model
    def _get_moment(self, moment):
        """(datetime in UTC, day where the office is) of a date, a datetime, a text of one, or now."""
        if not moment:
            return fields.Datetime.now(), fields.Date.context_today(self)
        if isinstance(moment, str):
            moment = fields.Datetime.to_datetime(moment) if len(moment) > 10 else fields.Date.to_date(moment)
        if isinstance(moment, datetime):
            return moment, fields.Datetime.context_timestamp(self, moment).date()
        # Of a day alone nobody knows the hour: noon is that day almost everywhere.
        return datetime.combine(moment, time(12)), moment

    def _check_day_sent(self, day):
        """
        :raise UserError: on a day that is still to come or before the service, which is a slip of the pen
        """
        for claim in self:
            if day > fields.Date.context_today(self):
                raise UserError(self.env._(
                    "%(claim)s cannot have been sent on %(date)s, which is still to come. Type the day on which it "
                    "was sent.",
                    claim=claim.display_name,
                    date=format_date(self.env, day),
                ))
            if claim.service_date and day < claim.service_date:
                raise UserError(self.env._(
                    "%(claim)s cannot have been sent on %(date)s, before its service of %(service)s. Type the day on "
                    "which it was sent.",
                    claim=claim.display_name,
                    date=format_date(self.env, day),
                    service=format_date(self.env, claim.service_date),
                ))

    def _withdraw(self):
        """These claims were not sent after all: the last sending stays on record as a mistake, the one before counts.

        :raise UserError: when the payer's side has confirmed that it has one of them
        """
        self._lock_or_refuse()
        last = self.last_submission_id.sudo()
        for submission in last.filtered(lambda sent: sent.state != "sent"):
            raise UserError(self.env._(
                "%(payer)s has received %(claim)s, sent on %(date)s: that it was sent stays on record.",
                payer=submission.payer_id.display_name,
                claim=submission.claim_id.name,
                date=format_date(self.env, submission.day),
            ))
        if last:
            last._set_state("withdrawn")
        for claim in self:
            in_force = claim.submission_ids.filtered(lambda sent: sent.state != "withdrawn").sorted("id")
            claim._set_state(
                "ready", self.env._("Not sent after all"),
                date_sent=in_force[-1:].day, date_first_sent=in_force[:1].day,
            )

    # === WHAT COMES BACK === #

    def _acknowledge(self, text, date=None, payer_control_number=None):
        """The payer's side has these claims.

        What it says is written on their last sending. A claim that the payer has decided about meanwhile keeps its
        state.

        :param str text: in words
        :param date: when it said so; empty: now
        :param str payer_control_number: the number that the payer gave the claim
        :raise UserError: when one of them was never sent
        """
        facts = {"payer_control_number": payer_control_number} if payer_control_number else {}
        self._note_return("acknowledged", text, date, **facts)
        moved = self.filtered(lambda claim: claim.state in ("sent", "rejected"))
        if moved:
            moved._set_state("acknowledged", text, **facts)
        if others := self - moved:
            others.write(facts)

    def _reject(self, text, date=None):
        """The payer's side has sent these claims back unread: they count as never filed, and are mended and sent again.

        :param str text: why, in words
        :param date: when it said so; empty: now
        :raise UserError: when one of them was never sent
        """
        self._note_return("rejected", text, date)
        moved = self.filtered(lambda claim: claim.state in ("sent", "acknowledged"))
        if moved:
            moved._set_state("rejected", text)

    def _note_return(self, state, text, date=None, **facts):
        """Write on the last sending of each of these claims what came back."""
        self._lock_or_refuse()
        for claim in self.filtered(lambda claim: not claim.last_submission_id):
            raise UserError(self.env._(
                "%(claim)s has not been sent, so nothing can have come back. Mark it as sent first.",
                claim=claim.display_name,
            ))
        moment, _day = self._get_moment(date)
        self.last_submission_id.sudo()._set_state(state, answer_text=text, answer_date=moment, **facts)
