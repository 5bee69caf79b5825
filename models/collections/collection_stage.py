from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.dunning import Stage
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..figures import check_not_negative

DEBTOR_CLASSES = [
    ("person", "Patients and other people"),
    ("company", "Companies and agencies"),
    ("payer", "Insurers and other payers"),
]


class BillingCollectionStage(models.Model):
    """A step of the pipeline: when it comes, and what is done.

    Each company has a pipeline for each class of debtors; its stages come one after the other, none is skipped. Amounts
    are in the currency of the company.
    """

    _name = "billing.collection.stage"
    _description = "Collection stage"
    _order = "company_id, debtor_class, sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    active = fields.Boolean(
        default=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    debtor_class = fields.Selection(
        selection=DEBTOR_CLASSES,
        string="For",
        required=True,
        default="person",
    )
    fold = fields.Boolean(
        string="Folded in the pipeline",
        help="And not shown as long as nobody stands there.",
    )
    case_count = fields.Integer(
        string="Cases",
        compute="_compute_case_count",
    )

    # When it comes
    days = fields.Integer(
        string="Days past due",
        default=1,
        aggregator=None,
        help="A bill comes to this stage so many days after its due date. Less than nothing: a reminder so many days "
             "before it, which is over once the bill is late.",
    )
    wait = fields.Integer(
        string="Days since the last step",
        default=14,
        aggregator=None,
        help="Time to pay: so many days lie between the step before and this one.",
    )
    amount_min = fields.Monetary(
        string="From",
        help="What has to be due in all. Smaller sums wait at the stage before.",
    )

    # What is done
    review = fields.Selection(
        selection=[
            ("none", "By itself"),
            ("user", "After somebody has looked at it"),
            ("manager", "After a manager has looked at it"),
        ],
        string="Happens",
        required=True,
        default="none",
    )
    channel = fields.Selection(
        selection=[
            ("preferred", "As the debtor prefers"),
            ("letter", "Always a letter"),
            ("email", "E-mail, else a letter"),
            ("sms", "Text message, else e-mail or letter"),
            ("none", "Nothing is written"),
        ],
        string="Written by",
        required=True,
        default="preferred",
    )
    subject = fields.Char(
        translate=True,
        help="Of the letter and the e-mail.",
    )
    text = fields.Html(
        translate=True,
        sanitize_attributes=True,
        help="What stands above the list of bills. Amounts, days and how to pay are added by themselves.",
    )
    sms_text = fields.Text(
        string="Text message",
        translate=True,
        help="Short, and nothing about health. {company}, {amount} and {reference} are filled in.",
    )
    script = fields.Html(
        string="Words for a call",
        translate=True,
        help="What to say and to ask when somebody at this stage is called.",
    )
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Somebody is asked to",
        help="A call or a visit, for instance.",
        ondelete="restrict",
    )
    fee = fields.Monetary(
        help="Invoiced on its own account with this step.",
    )
    charges_interest = fields.Boolean(
        string="Asks for interest",
        help="Interest since the due date, or since the interest before, at the rate in the settings of the company.",
    )
    offers_plan = fields.Boolean(
        string="Offers a payment plan",
    )
    holds_account = fields.Boolean(
        string="Puts the account on hold",
        help="No further services are billed before somebody has released it.",
    )
    is_placement = fields.Boolean(
        string="Hands over to an agency",
        help="Somebody always looks at it first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "debtor_class", "company_id")
    @api.depends_context("lang", "billing_stage_class")
    def _compute_display_name(self):
        """Its name; with the class of debtors where stages of several stand together."""
        classes = dict(self._fields["debtor_class"]._description_selection(self.env))
        for stage in self:
            stage.display_name = (
                f"{stage.name} ({classes.get(stage.debtor_class)})"
                if self.env.context.get("billing_stage_class") else stage.name
            )

    def _compute_case_count(self):
        counts = dict(self.env["billing.collection.case"]._read_group(
            [("state", "=", "open"), ("stage_id", "in", self.ids)], ["stage_id"], ["__count"],
        ))
        for stage in self:
            stage.case_count = counts.get(stage, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("wait", "amount_min", "fee", "name")
    def _check_figures(self):
        check_not_negative(self, ("wait", "amount_min", "fee"))

    @api.constrains("days", "fee", "charges_interest", "holds_account", "is_placement")
    def _check_reminder(self):
        """A reminder before the due date is friendly: it costs nothing and threatens with nothing."""
        for stage in self:
            harsh = stage.fee or stage.charges_interest or stage.holds_account or stage.is_placement
            if stage.days <= 0 and harsh:
                raise ValidationError(self.env._(
                    "%(stage)s comes before anything is late: it asks for no fee or interest, holds no account and "
                    "hands nothing over. Let it come later, or take that off.",
                    stage=stage.name,
                ))

    @api.constrains("channel", "text", "subject")
    def _check_text(self):
        """Nobody is sent an empty letter."""
        for stage in self:
            if stage.channel != "none" and not (stage.subject and stage.text):
                raise ValidationError(self.env._(
                    "%(stage)s writes to people: type the subject and the text, or choose that nothing is written.",
                    stage=stage.name,
                ))

    # === CRUD METHODS === #

    def write(self, vals):
        moved = self.filtered(lambda stage: any(
            name in vals and self._fields[name].convert_to_cache(vals[name], stage)
            != self._fields[name].convert_to_cache(stage[name], stage) for name in ("company_id", "debtor_class")
        ))
        if used := moved._find_used():
            raise UserError(self.env._(
                "%(stage)s is part of the history of collection cases, and stays with its company and its debtors. "
                "Archive it, and create another one.", stage=used.name,
            ))
        return super().write(vals)

    def _find_used(self):
        """One of these stages at which somebody stands or stood; nothing where there is none."""
        step = self.env["billing.collection.step"].sudo().search([("stage_id", "in", self.ids)], limit=1)
        case = self.env["billing.collection.case"].sudo().search([("stage_id", "in", self.ids)], limit=1)
        return step.stage_id or case.stage_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What was done stays on record, and with it the stage."""
        if used := self._find_used():
            raise UserError(self.env._(
                "%(stage)s is part of the history of collection cases. Archive it instead: bills that are there go on "
                "with the next one.", stage=used.name,
            ))

    # === ACTIONS === #

    def action_cases(self):
        """The open cases at this stage."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_collection_case_action")
        return {**action, "domain": [("stage_id", "in", self.ids), ("state", "=", "open")], "context": {}}

    # === BUSINESS METHODS === #

    @api.model
    def _get_pipelines(self, company):
        """{class of debtors: stages in their order} of a company."""
        return self.search([("company_id", "=", company.id)]).grouped("debtor_class")

    @api.model
    def _get_places(self):
        """{stage id: its place in its pipeline, from 1}; an archived one has that of the stage before it, or 0."""
        self.flush_model()
        return dict(self.env.execute_query(SQL(
            """
            SELECT last.id, COUNT(stage.id)
              FROM billing_collection_stage last
         LEFT JOIN billing_collection_stage stage ON stage.active
                                                 AND stage.company_id = last.company_id
                                                 AND stage.debtor_class = last.debtor_class
                                                 AND (stage.sequence, stage.id) <= (last.sequence, last.id)
          GROUP BY last.id
            """,
        )))

    def _get_first(self):
        """Where somebody stands who is late and of whom nothing was asked yet."""
        stages = self.sorted(lambda stage: (stage.sequence, stage.id))
        return stages.filtered(lambda stage: stage.days > 0)[:1] or stages[:1]

    def _get_steps(self):
        """These stages as :class:`tools.dunning.Stage`, in their order; their place in it is counted from 1."""
        return [
            Stage(
                order=order,
                days=stage.days,
                wait=stage.wait,
                amount_min=to_decimal(stage.amount_min),
                places=stage.is_placement,
            )
            for order, stage in enumerate(self.sorted(lambda stage: (stage.sequence, stage.id)), start=1)
        ]
