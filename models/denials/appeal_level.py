from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.denials import find_deadline
from odoo.addons.billing_coordinator.tools.x12.claim837 import MEDICARE

from ..figures import check_days


class BillingAppealLevel(models.Model):
    """One round of objecting to what a payer decided: by when, where to, and what it wants to see.

    A level of a plan counts before that of its payer, and that before the one of every payer. Medicare's own levels
    (42 CFR 405.900 and following) hold for payers whose claims say Medicare and that have none described.
    """

    _name = "billing.appeal.level"
    _description = "Level of appeal"
    _order = "for_medicare, level, plan_id, payer_id, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="As the payer calls it: reconsideration, redetermination, external review.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: every company.",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('is_payer', '=', True)]",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: every payer that has no level of its own.",
    )
    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        domain="[('payer_id', '=', payer_id)]",
        index="btree_not_null",
        ondelete="cascade",
        help="Only where this plan differs from the others of its payer.",
    )
    for_medicare = fields.Boolean(
        string="Of Medicare",
        help="It holds for payers whose claims say “Medicare Part A” or “Part B” and that have no levels of their own; "
             "not for Medicare Advantage, whose plans have theirs (42 CFR 422).",
    )
    is_placeholder = fields.Boolean(
        string="To be checked with the contract",
        compute="_compute_is_placeholder",
        help="It holds where nobody has described the payer's own level: the contract may say something else.",
    )
    level = fields.Integer(
        default=1,
        required=True,
        help="The first appeal is level 1.",
    )
    days = fields.Integer(
        string="Within",
        default=180,
        required=True,
    )
    unit = fields.Selection(
        selection=[("days", "days"), ("business", "business days"), ("months", "months")],
        default="days",
        required=True,
    )
    counted_from = fields.Selection(
        selection=[("denial", "the denial"), ("decision", "the decision before")],
        default="denial",
        required=True,
        help="The decision before: the payer's answer to the appeal of the level below.",
    )
    mail_days = fields.Integer(
        string="Days in the post",
        help="Where the days count from the receipt of the payer's letter: so many days after its date it is taken to "
             "have come. Medicare says five (42 CFR 405.942).",
    )
    weekend = fields.Selection(
        selection=[
            ("same", "Saturdays, Sundays and holidays count"),
            ("next", "moves to the next business day"),
            ("before", "moves to the business day before"),
        ],
        string="A last day on a weekend",
        default="same",
        required=True,
    )
    answer_days = fields.Integer(
        string="Answered within (days)",
        default=60,
        help="After so many days without an answer somebody is asked to call the payer. Zero: nobody is.",
    )
    channel = fields.Selection(
        selection=lambda self: self.env["billing.appeal"]._fields["channel"]._description_selection(self.env),
        string="Sent by",
    )
    address = fields.Text(
        string="Where to",
        help="Address, fax number or web page. Empty: the payer's contact for appeals.",
    )
    needs = fields.Text(
        string="What has to be in it",
        help="Forms, records and signatures that this payer wants to see.",
    )

    _level_positive = models.Constraint(
        "CHECK (level >= 1)",
        "The first level of appeal is 1.",
    )
    _level_once = models.UniqueIndex(
        "(level, COALESCE(company_id, 0), COALESCE(payer_id, 0), COALESCE(plan_id, 0), for_medicare) WHERE active",
        "This level is described already for the same payer and plan. Change that one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("payer_id", "for_medicare")
    def _compute_is_placeholder(self):
        for level in self:
            level.is_placeholder = not level.payer_id and not level.for_medicare

    # === CONSTRAINT METHODS === #

    @api.constrains("days", "answer_days", "mail_days")
    def _check_days(self):
        check_days(self, ("days", "answer_days", "mail_days"))

    @api.constrains("payer_id", "for_medicare")
    def _check_medicare(self):
        for level in self:
            if level.payer_id and level.for_medicare:
                raise ValidationError(self.env._(
                    "“%(level)s” is a level of %(payer)s; “Of Medicare” is for what holds for every Medicare payer. "
                    "Remove one of the two.",
                    level=level.name, payer=level.payer_id.name,
                ))

    # === BUSINESS METHODS === #

    @api.model
    def _find_levels(self, claims):
        """The levels of appeal open to these claims.

        :return: {claim: {number of the level: its record}}
        """
        levels = self.sudo().search([
            "|", ("payer_id", "=", False), ("payer_id", "in", claims.payer_id.ids),
            ("company_id", "in", [False, *claims.company_id.ids]),
        ])
        return {claim: levels._choose_for(claim) for claim in claims}

    def _choose_for(self, claim):
        """Of these levels those that hold for a claim: a payer with levels of its own has no others.

        :return: {number: record}
        """
        plan = claim.coverage_id.plan_id
        mine = self.filtered(lambda level: level.company_id in (claim.company_id, self.env["res.company"])
                             and level.payer_id in (claim.payer_id, self.env["res.partner"])
                             and level.plan_id in (plan, self.env["billing.insurance.plan"]))
        own = mine.filtered("payer_id")
        shared = mine.filtered("for_medicare") if claim.payer_id.claim_filing in MEDICARE else self.browse()
        ranked = (own or shared or mine.filtered(lambda level: not level.for_medicare)).sorted(
            lambda level: (bool(level.plan_id), bool(level.company_id)),
        )
        return {level.level: level for level in ranked}

    def _get_deadline(self, denied_on, decided_on, company):
        """The last day for an appeal of this level.

        :param denied_on: the day of the payer's denial
        :param decided_on: the day of its answer to the appeal before, where there was one
        """
        self.ensure_one()
        start = decided_on if self.counted_from == "decision" and decided_on else denied_on
        start += timedelta(days=self.mail_days)
        holidays = company._get_billing_holidays() if self.unit == "business" or self.weekend != "same" else ()
        return find_deadline(start, self.days, self.unit, self.weekend, holidays)

    def _say_deadline(self, day):
        """The last day, as people write it."""
        return format_date(self.env, day)
