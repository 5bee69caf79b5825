from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..written_numbers import format_number

# What a manager decides, while the application waits.
DECISION = frozenset({"discount_percent", "date_from", "date_to", "decision_note"})
# What the steps themselves write down.
TRACES = frozenset({"submitted_date", "decided_by_id", "decision_date", "previous_id", "is_discount_typed"})
GRANTED = ("accepted", "expired")


class BillingAssistanceApplication(models.Model):
    """What becomes of an application: handed in, decided by a manager."""

    _inherit = "billing.assistance.application"

    _state_moves = {
        "draft": ("submitted", "withdrawn"),
        "submitted": ("draft", "accepted", "refused", "withdrawn"),
        "accepted": ("expired", "withdrawn"),
        "refused": (),
        "withdrawn": (),
        "expired": (),
    }

    state = fields.Selection(
        selection=[
            ("draft", "Being filled in"),
            ("submitted", "To decide"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    submitted_date = fields.Date(
        string="Handed in on",
        readonly=True,
        copy=False,
    )
    discount_percent = fields.Float(
        string="Discount (%)",
        digits=(5, 2),
        compute="_compute_discount_percent",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="What is forgiven of each bill. Another discount than the proposed one needs a reason.",
    )
    is_discount_typed = fields.Boolean(
        readonly=True,
        copy=False,
        help="A manager typed the discount: whatever the programme proposes, it stays.",
    )
    decision_note = fields.Text(
        string="Reason of the decision",
        copy=False,
        help="Why it was decided otherwise than proposed, in words that the applicant may read: they stand on the "
             "letter.",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        copy=False,
    )
    decision_date = fields.Date(
        string="Decided on",
        readonly=True,
        copy=False,
    )
    can_decide = fields.Boolean(
        compute="_compute_can_decide",
    )

    # === COMPUTE METHODS === #

    @api.depends("discount_proposed")
    def _compute_discount_percent(self):
        for application in self:
            if application.is_discount_typed or application.state not in (False, "draft"):
                application.discount_percent = application.discount_percent
            else:
                application.discount_percent = application.discount_proposed

    @api.depends_context("uid")
    def _compute_can_decide(self):
        self.can_decide = self._is_manager()

    # === CONSTRAINT METHODS === #

    @api.constrains("discount_percent")
    def _check_discount_percent(self):
        for application in self:
            if not 0 <= application.discount_percent <= 100:
                raise ValidationError(self.env._(
                    "%(application)s cannot give a discount of %(discount)s %%. Type a percentage from 0 to 100.",
                    application=application.name,
                    discount=format_number(self.env, application.discount_percent),
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Defaults of a screen or a user are another way in.
            if any(not DECISION.isdisjoint(vals) for vals in (*vals_list, self.default_get(list(DECISION)))):
                self._check_manager()
            vals_list = [{**vals, **dict.fromkeys(TRACES, False)} for vals in vals_list]
        return super().create([
            {**vals, "is_discount_typed": True} if "discount_percent" in vals else vals for vals in vals_list
        ])

    def write(self, vals):
        if "state" not in vals and not self.env.su:
            if not TRACES.isdisjoint(vals):
                raise UserError(self.env._(
                    "Who decided about %(application)s and when is written down by its buttons, never typed.",
                    application=self[:1].name,
                ))
            if not DECISION.isdisjoint(vals):
                self._check_manager()
                for application in self:
                    if application.state not in ("draft", "submitted"):
                        raise UserError(self.env._(
                            "%(application)s is decided and is not changed any more. Withdraw it, or end it, and "
                            "decide about a new application.",
                            application=application.name,
                        ))
        if "discount_percent" in vals:
            vals = {**vals, "is_discount_typed": True}
        return super().write(vals)

    # === ACTIONS === #

    def action_submit(self):
        """Hand it in: from now on the account says that it waits for a decision."""
        for application in self:
            if not application.programme_id.bracket_ids:
                raise UserError(self.env._(
                    "%(programme)s has no discounts yet, so that nobody can decide about %(application)s. Ask a "
                    "manager to fill in its table under Configuration > Assistance Programmes.",
                    programme=application.programme_id.name,
                    application=application.name,
                ))
        self.filtered(lambda application: application.state == "draft")._propose_anew()
        # Worked out while they are drafts still: afterwards it stands.
        self.flush_recordset(["discount_percent"])
        self._set_state("submitted", submitted_date=fields.Date.context_today(self))

    def action_back_to_draft(self):
        """Something is missing or wrong: the applicant's facts can be typed again."""
        self._set_state("draft", submitted_date=False)

    def action_accept(self):
        """Say yes. This is the approval behind every discount that follows from it.

        :raise UserError: without evidence, without a discount or a reason for another one than proposed, or when
            another application is in force on some of these days
        """
        self._check_manager()
        self._lock_or_refuse()
        for application in self:
            application._check_acceptable()
            application._set_state("accepted", application.decision_note, **application._get_decision_vals())

    def action_refuse(self):
        """Say no; where the programme would give something the reason is told."""
        self._check_manager()
        for application in self:
            if application.discount_proposed and not (application.decision_note or "").strip():
                raise UserError(self.env._(
                    "The programme proposes %(discount)s %% for %(application)s. Say under “Reason of the decision” "
                    "why it is refused: the applicant reads it in the letter.",
                    discount=format_number(self.env, application.discount_proposed),
                    application=application.name,
                ))
            application._set_state("refused", application.decision_note, **application._get_decision_vals())

    def action_withdraw(self):
        """Take it back. What was discounted stays until each discount is taken back by itself."""
        if any(application.state == "accepted" for application in self):
            self._check_manager()
        self._set_state("withdrawn", self.env._("Withdrawn by %(user)s", user=self.env.user.name))

    def action_print_letter(self):
        """The letter that tells the applicant what was decided."""
        return self.env.ref("billing_coordinator.action_report_assistance_letter").report_action(self)

    # === BUSINESS METHODS === #

    def _get_decision_vals(self):
        return {"decided_by_id": self.env.uid, "decision_date": fields.Date.context_today(self)}

    def _is_manager(self):
        return self.env.su or self.env.user.has_group("billing_coordinator.group_manager")

    def _check_manager(self):
        """Coordinators collect applications; managers decide."""
        if not self._is_manager():
            raise AccessError(self.env._(
                "Only a billing manager decides about financial assistance. Hand the application in; it then waits in "
                "the managers' list.",
            ))

    def _check_acceptable(self):
        self.ensure_one()
        if self.state == "submitted" and self.programme_id._get_documents() and not self.evidence_ids:
            raise UserError(self.env._(
                "%(application)s has no evidence attached. %(programme)s asks for: %(documents)s.",
                application=self.name,
                programme=self.programme_id.name,
                documents=", ".join(self.programme_id._get_documents()),
            ))
        if not self.discount_percent:
            raise UserError(self.env._(
                "%(application)s cannot be accepted with a discount of 0 %%. Refuse it, or type a discount and the "
                "reason for it.",
                application=self.name,
            ))
        if not (self.date_from and self.date_to):
            raise UserError(self.env._(
                "Type from when until when %(application)s holds.", application=self.name,
            ))
        differs = round(self.discount_percent - self.discount_proposed, 2)
        if differs and not (self.decision_note or "").strip():
            raise UserError(self.env._(
                "%(application)s gives %(discount)s %% where the programme proposes %(proposed)s %%. Say why under "
                "“Reason of the decision”.",
                application=self.name,
                discount=format_number(self.env, self.discount_percent),
                proposed=format_number(self.env, self.discount_proposed),
            ))
        rival = self.search([
            ("id", "!=", self.id),
            ("applicant_id", "=", self.applicant_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "in", GRANTED),
            ("date_from", "<=", self.date_to),
            ("date_to", ">=", self.date_from),
        ], limit=1)
        if rival:
            raise UserError(self.env._(
                "%(applicant)s already has %(rival)s from %(date_from)s to %(date_to)s. End that one first, or let "
                "%(application)s begin after it.",
                applicant=self.applicant_id.name,
                rival=rival.name,
                date_from=format_date(self.env, rival.date_from),
                date_to=format_date(self.env, rival.date_to),
                application=self.name,
            ))
