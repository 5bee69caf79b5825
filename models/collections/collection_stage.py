from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.dunning import Stage
from odoo.addons.billing_coordinator.tools.money import to_decimal

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
    )

    # When it comes
    days = fields.Integer(
        string="Days past due",
        default=1,
        help="A bill comes to this stage so many days after its due date. Less than nothing: a reminder so many days "
             "before it.",
    )
    wait = fields.Integer(
        string="Days since the last step",
        default=14,
        help="Time to pay: so many days lie between the step before and this one.",
    )
    amount_min = fields.Monetary(
        string="From",
        help="What has to be due in all. Smaller sums wait at the stage before.",
    )

    # What is done
    is_automatic = fields.Boolean(
        string="By itself",
        default=True,
        help="Otherwise somebody looks at each step first.",
    )
    writes = fields.Boolean(
        string="Letter or e-mail",
        default=True,
        help="As the debtor prefers: a letter on the pile to print, or an e-mail.",
    )
    subject = fields.Char(
        translate=True,
    )
    text = fields.Html(
        translate=True,
        help="What stands above the list of bills. Amounts, days and how to pay are added by themselves.",
    )
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Somebody is asked to",
        help="A call or a visit, for instance.",
    )
    fee = fields.Monetary(
        help="Invoiced on its own account with this step.",
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
        help="Always with somebody's yes.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("wait", "amount_min", "fee", "name")
    def _check_figures(self):
        for stage in self:
            for name in ("wait", "amount_min", "fee"):
                if stage[name] < 0:
                    raise ValidationError(self.env._(
                        "“%(field)s” of stage %(stage)s cannot be less than nothing (%(value)s). Type zero or more.",
                        field=self._fields[name]._description_string(self.env),
                        stage=stage.name,
                        value=f"{stage[name]:g}",
                    ))

    @api.constrains("days", "fee", "holds_account", "is_placement")
    def _check_reminder(self):
        """A reminder before the due date is friendly: it costs nothing and threatens with nothing."""
        for stage in self:
            if stage.days <= 0 and (stage.fee or stage.holds_account or stage.is_placement):
                raise ValidationError(self.env._(
                    "%(stage)s comes before anything is late: it asks for no fee, holds no account and hands nothing "
                    "over. Let it come later, or take that off.",
                    stage=stage.name,
                ))

    # === BUSINESS METHODS === #

    @api.model
    def _get_pipelines(self, company):
        """{class of debtors: stages in their order} of a company."""
        return self.search([("company_id", "=", company.id)]).grouped("debtor_class")

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
