from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.contact_rules import Attempt

CHANNELS = [
    ("call", "Call"),
    ("visit", "Visit"),
]
OUTCOMES = [
    ("reached", "Reached"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("promise", "Promises to pay"),
    ("dispute", "Disputes a bill"),
    ("refuses", "Refuses"),
    ("plan", "Asks for a plan"),
    ("third_party", "Somebody else"),
]
# With these it became a conversation, which quiet days follow.
TALKED = frozenset({"reached", "promise", "dispute", "refuses", "plan"})
# Nobody calls by themselves and does not answer.
NOT_REACHED = frozenset({"no_answer", "wrong_number"})


class BillingCollectionContact(models.Model):
    """Somebody was called or visited about what they owe, or it was tried; or they called or came themselves.

    Written once: what was said, was said. Which attempts are allowed is decided by the rules of the company
    (``tools.contact_rules``); one made against them is for a manager to record, with the reason. Never about health.
    """

    _name = "billing.collection.contact"
    _description = "Contact about a debt"
    _order = "at desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
        string="Who owes",
        store=True,
        index=True,
    )
    channel = fields.Selection(
        selection=CHANNELS,
        required=True,
        default="call",
    )
    is_incoming = fields.Boolean(
        string="They called or came",
        help="Whoever calls by themselves may be spoken with at any time; it counts as no attempt of ours.",
    )
    at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        index=True,
    )
    local_time = fields.Char(
        string="Time there",
        readonly=True,
        help="What the clock showed where the person lives.",
    )
    number = fields.Char(
        string="Number called",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    outcome = fields.Selection(
        selection=OUTCOMES,
        required=True,
    )
    talked = fields.Boolean(
        compute="_compute_talked",
        store=True,
        help="It became a conversation with the debtor.",
    )
    note = fields.Text(
        help="What was said about the money. Nothing about illness or treatment.",
    )
    next_step = fields.Char(
        readonly=True,
        help="What it leads to.",
    )
    date_asked = fields.Date(
        string="Asked to be called on",
        help="On this day neither the conversation nor the number of attempts stands against a call.",
    )
    promise_id = fields.Many2one(
        comodel_name="billing.collection.promise",
        string="Promise",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    rule_broken = fields.Char(
        string="Against the rule",
        readonly=True,
        help="The rule that stood against this attempt when it was made.",
    )

    # === COMPUTE METHODS === #

    @api.depends("outcome")
    def _compute_talked(self):
        for contact in self:
            contact.talked = contact.outcome in TALKED

    @api.depends("partner_id", "outcome")
    @api.depends_context("lang")
    def _compute_display_name(self):
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for contact in self:
            contact.display_name = f"{contact.partner_id.name or ''}: {outcomes.get(contact.outcome, '')}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Who records it is who records it, and what the rules say of it nobody types.
        contacts = self.browse()
        for vals in vals_list:
            case = self.env["billing.collection.case"].browse(vals["case_id"])
            at = fields.Datetime.to_datetime(vals.get("at")) or fields.Datetime.now()
            channel, note = vals.get("channel") or "call", vals.get("note")
            contacts += super().create([{
                **vals,
                "at": at,
                "user_id": self.env.uid,
                "local_time": case._say_local_time(at),
                "rule_broken": not vals.get("is_incoming") and case._check_attempt(at, channel, note),
            }])
        contacts._check_said()
        contacts._note_on_cases()
        return contacts

    def write(self, vals):
        raise UserError(self.env._(
            "%(contact)s is on record and stays as it was written. Record what is to be added as another contact.",
            contact=self[:1].display_name,
        ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(self.env._(
            "%(contact)s is on record and cannot be deleted: it tells how often this person was contacted.",
            contact=self[:1].display_name,
        ))

    # === BUSINESS METHODS === #

    def _note_on_cases(self):
        """The cases know of their last contact; whoever speaks with them knows of a broken promise.

        Two clerks who write down an attempt at the same moment meet here: the second one is counted anew.
        """
        for case, contacts in self.grouped("case_id").items():
            latest = max(contacts.mapped("at"))
            if not case.last_contact_at or case.last_contact_at < latest:
                case.sudo().last_contact_at = latest
        self.case_id.sudo().promise_ids.filtered("needs_look").needs_look = False

    def _check_said(self):
        """
        :raise UserError: it lies ahead, or cannot have been
        """
        for contact in self:
            if contact.is_incoming and contact.outcome in NOT_REACHED:
                raise UserError(self.env._(
                    "%(debtor)s cannot have called and not answered. Choose what was said, or that you have called.",
                    debtor=contact.partner_id.name,
                ))
            if contact.at > fields.Datetime.now() + timedelta(minutes=1):
                raise UserError(self.env._(
                    "A contact with %(debtor)s cannot be recorded before it was made. Type when it was.",
                    debtor=contact.partner_id.name,
                ))

    def _say(self):
        """What came of it, in a few words."""
        self.ensure_one()
        outcome = dict(self._fields["outcome"]._description_selection(self.env))[self.outcome]
        return ". ".join(filter(None, (outcome, self.next_step, self.note)))

    @api.model
    def _get_attempts(self, partners, company, since):
        """What was tried with these people before, in one query.

        :return: {partner: [:class:`tools.contact_rules.Attempt`]}, times in UTC; and {partner: days on which they have
            asked to be called}
        """
        found = self.sudo().search_fetch(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("at", ">=", since)],
            ["partner_id", "at", "channel", "is_incoming", "talked", "date_asked"],
        )
        attempts, asked = {}, {}
        for contact in found:
            partner = contact.partner_id.with_env(self.env)
            # Who calls by themselves is not counted as called, but a conversation is one.
            channel = "incoming" if contact.is_incoming else contact.channel
            attempts.setdefault(partner, []).append(Attempt(contact.at, channel, contact.talked))
            if contact.date_asked:
                asked.setdefault(partner, set()).add(contact.date_asked)
        return attempts, asked
