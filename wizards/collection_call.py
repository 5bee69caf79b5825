from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.billing_coordinator.models.contacts.collection_contact import CHANNELS, OUTCOMES, TALKED
from odoo.addons.billing_coordinator.tools.contact_rules import Attempt

# The last contacts that the screen shows.
SHOWN = 5
PROMISE_DAYS = 7


class BillingCollectionCall(models.TransientModel):
    """The screen for a call about a debt: what to say, what is open, whether it is allowed now, and what came of it."""

    _name = "billing.collection.call"
    _description = "Call about a debt"

    # What the caller sees
    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
        string="Who owes",
    )
    currency_id = fields.Many2one(
        related="case_id.currency_id",
    )
    amount_overdue = fields.Monetary(
        related="case_id.amount_overdue",
    )
    stage_id = fields.Many2one(
        related="case_id.stage_id",
    )
    lang = fields.Selection(
        related="partner_id.lang",
        string="Speaks",
    )
    concerns = fields.Text(
        related="partner_id.special_concerns",
    )
    phone_status = fields.Selection(
        related="partner_id.billing_phone_status",
        string="Number is",
    )
    phone_note = fields.Char(
        related="partner_id.billing_phone_note",
    )
    person_id = fields.Many2one(
        comodel_name="res.partner",
        string="Speak with",
        compute="_compute_person_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="['|', ('id', '=', partner_id), ('parent_id', '=', partner_id)]",
    )
    has_persons = fields.Boolean(
        compute="_compute_person_id",
        store=True,
        precompute=True,
    )
    number = fields.Char(
        string="Phone",
        compute="_compute_number",
        store=True,
        readonly=False,
        precompute=True,
    )
    local_time = fields.Char(
        string="Time there",
        compute="_compute_refusal",
    )
    refusal = fields.Char(
        string="Not now",
        compute="_compute_refusal",
    )
    script = fields.Html(
        compute="_compute_script",
        sanitize=False,
    )
    item_ids = fields.Many2many(
        comodel_name="billing.collection.item",
        string="Open bills",
        compute="_compute_lists",
    )
    has_held = fields.Boolean(
        compute="_compute_lists",
    )
    contact_ids = fields.Many2many(
        comodel_name="billing.collection.contact",
        string="Before",
        compute="_compute_lists",
    )
    promise_note = fields.Char(
        string="Promises so far",
        compute="_compute_promise_note",
    )

    # What came of it
    channel = fields.Selection(
        selection=CHANNELS,
        required=True,
        default="call",
    )
    is_incoming = fields.Boolean(
        string="They called us",
    )
    at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
    )
    outcome = fields.Selection(
        selection=OUTCOMES,
        string="What came of it",
        compute="_compute_outcome",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Text()
    is_manager = fields.Boolean(
        compute="_compute_is_manager",
    )
    part_ids = fields.One2many(
        comodel_name="billing.collection.call.part",
        inverse_name="call_id",
        string="What is promised",
        compute="_compute_part_ids",
        store=True,
        readonly=False,
    )
    way = fields.Selection(
        selection="_select_way",
        string="Pays by",
        default="bank",
    )
    promised_by = fields.Char(
        string="Promised by",
        compute="_compute_promised_by",
        store=True,
        readonly=False,
        precompute=True,
        help="Who promised, where it is not the debtor: a spouse, an accountant.",
    )
    wish = fields.Selection(
        selection=[
            ("none", "Will not pay, says nothing about contact"),
            ("phone", "Does not want to be called any more"),
            ("stop", "Does not want to be contacted at all"),
        ],
        string="Wishes",
        default="none",
    )
    date_next = fields.Date(
        string="Call again on",
        compute="_compute_date_next",
        store=True,
        readonly=False,
        precompute=True,
    )
    they_asked = fields.Boolean(
        string="They asked to be called then",
        help="On the day on which somebody asked to be called, neither the quiet days nor the number of calls stands "
             "against it.",
    )

    @api.model
    def _select_way(self):
        return self.env["billing.collection.promise"]._fields["way"]._description_selection(self.env)

    # === COMPUTE METHODS === #

    @api.depends("case_id")
    def _compute_person_id(self):
        for call in self:
            persons = call.partner_id.child_ids.filtered(lambda person: person.phone)
            call.has_persons = bool(persons)
            call.person_id = call.partner_id if call.partner_id.phone or not persons else persons[0]

    @api.depends("person_id")
    def _compute_number(self):
        for call in self:
            call.number = call.person_id.phone

    @api.depends("case_id", "channel", "is_incoming", "at")
    @api.depends_context("lang", "tz")
    def _compute_refusal(self):
        """What the clock shows there, and the rule that stands against an attempt at this moment."""
        for call in self:
            call.refusal = call.local_time = False
            if not (call.case_id and call.at):
                continue
            call.local_time = call.case_id._say_local_time(call.at)
            if not call.is_incoming:
                answer = call.case_id._ask_rules(call.channel or "call", call.at)[call.case_id]
                call.refusal = bool(answer.refusal) and call.case_id._say_refusal(answer, call.at, call.channel)

    @api.depends("case_id")
    def _compute_script(self):
        for call in self:
            call.script = call.case_id and call.case_id._get_script()

    @api.depends("case_id")
    def _compute_lists(self):
        for call in self:
            call.item_ids = call.case_id.item_ids.filtered(lambda item: item.amount_open > 0)
            call.has_held = any(call.item_ids.mapped("held_note"))
            call.contact_ids = call.case_id.contact_ids[:SHOWN]

    @api.depends("case_id")
    @api.depends_context("lang")
    def _compute_promise_note(self):
        for call in self:
            case, told = call.case_id, []
            if case.promise_id:
                told.append(self.env._("Running: %(promise)s.", promise=case.promise_id._say()))
            if case.broken_promise_count:
                told.append(self.env._("Broken so far: %(count)s.", count=case.broken_promise_count))
            call.promise_note = " ".join(told) or False

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self.env.user.has_group("billing_coordinator.group_manager")

    @api.depends("outcome", "case_id")
    def _compute_part_ids(self):
        """All that is asked for, a week ahead: usual, and quick to change."""
        for call in self:
            if call.outcome == "promise" and not call.part_ids:
                today = fields.Date.context_today(call)
                asked = sum(item.asked for item in call.case_id._get_items()[call.case_id.id] if item.due <= today)
                call.part_ids = [Command.create({
                    "date": fields.Date.add(today, days=PROMISE_DAYS),
                    "amount": float(asked) or call.case_id.amount_open,
                })]

    @api.depends("person_id")
    def _compute_promised_by(self):
        for call in self:
            call.promised_by = (call.person_id or call.partner_id).name

    @api.depends("outcome", "at", "channel", "is_incoming", "case_id")
    def _compute_date_next(self):
        """The first day on which they may be called again, after this attempt."""
        for call in self:
            call.date_next = call._find_next_day() if call.outcome in ("no_answer", "reached", "third_party") else False

    def _find_next_day(self):
        """The first day from tomorrow on which a call is allowed, counting this one; False where none is."""
        self.ensure_one()
        at = self.at or fields.Datetime.now()
        this = Attempt(at, "incoming" if self.is_incoming else self.channel, self.outcome in TALKED)
        tomorrow = at + timedelta(days=1)
        answer = self.case_id._ask_rules("call", tomorrow, extra=[this])[self.case_id]
        if answer.refusal and not answer.moment:
            return False
        return fields.Datetime.context_timestamp(self, answer.moment or tomorrow).date()
