from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..domain import DOMAIN_ERRORS


class BillingWorklist(models.Model):
    """A kind of work that waits: a card on the Today screen that counts records and opens exactly those.

    Each room of the addon declares its worklists as records in XML. It shows the records that its domain
    finds under the reader's own rights and companies.
    """

    _name = "billing.worklist"
    _description = "Worklist"
    _inherit = ["billing.domain.mixin"]
    _order = "sequence, id"

    # === FIELDS === #

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char(
        required=True,
        help="Short key by which the addon finds this worklist again.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    res_model = fields.Char(
        string="Model",
        required=True,
        help="Technical name of the records that wait, for example account.move.",
    )
    domain = fields.Char(
        required=True,
        default="[]",
        help="Which of them wait. Dates may be relative, as in [('date', '<', 'today -30d')]; "
        "uid, company_id, company_ids and today stand for the reader, their companies and the day.",
    )
    action_id = fields.Many2one(
        comodel_name="ir.actions.act_window",
        string="Opens",
        required=True,
        index=True,
        ondelete="cascade",
        help="The window in which the records open; the worklist puts its own name and domain on it.",
    )
    amount_field = fields.Char(
        help="Technical name of the amount that the card adds up, by currency. Empty: no money is shown.",
    )
    date_field = fields.Char(
        help="Technical name of the date that tells how long a record waits. Empty: no age is shown.",
    )
    warn_after = fields.Integer(
        string="Warn after (days)",
        help="The card turns red when the oldest record has waited longer than this many days. Zero: never. "
        "For deadlines a negative number warns ahead: -7 from one week before the day.",
    )
    group_ids = fields.Many2many(
        comodel_name="res.groups",
        string="Shown to",
        help="Nobody chosen: everyone who may read the records.",
    )
    icon = fields.Char(
        default="fa-inbox",
        help="Name of a Font Awesome icon, for example fa-inbox.",
    )
    color = fields.Integer()
    empty_text = fields.Char(
        translate=True,
        help="What the card says when nothing waits.",
    )

    is_available = fields.Boolean(
        compute="_compute_is_available",
        search="_search_is_available",
        help="You may read the records of this worklist.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)",
        "There is already a worklist with this code.",
    )

    # === COMPUTE METHODS === #

    @api.depends("res_model")
    @api.depends_context("uid")
    def _compute_is_available(self):
        for worklist in self:
            model = self.env.get(worklist.res_model)
            worklist.is_available = model is not None and model.has_access("read")

    def _search_is_available(self, operator, value):
        if operator != "in":
            return NotImplemented
        readable = self.search([]).filtered("is_available")
        return [("id", "in" if True in value else "not in", readable.ids)]

    # === CONSTRAINT METHODS === #

    @api.constrains("res_model", "domain", "amount_field", "date_field", "action_id")
    def _check_definition(self):
        """What a manager writes can be counted; a model whose module is not installed is left alone."""
        for worklist in self:
            model = self.env.get(worklist.res_model)
            if model is None:
                continue
            try:
                Domain(worklist._get_domain()).validate(model.sudo())
                worklist._check_column(model, worklist.amount_field, ("monetary", "float", "integer"))
                worklist._check_column(model, worklist.date_field, ("date", "datetime"))
                if worklist.action_id.res_model != worklist.res_model:
                    raise ValueError(
                        self.env._(
                            "it counts %(model)s, but opens a window on %(other)s",
                            model=worklist.res_model,
                            other=worklist.action_id.res_model,
                        )
                    )
            except DOMAIN_ERRORS as error:
                raise ValidationError(
                    self.env._(
                        "The worklist %(name)s would not work: %(error)s.",
                        name=worklist.name,
                        error=error,
                    )
                ) from error

    def _check_column(self, model, fname, types):
        """Raise ValueError unless the database can add up, or compare, this field of the model."""
        if not fname:
            return
        field = model._fields.get(fname)
        if (
            field is None
            or field.type not in types
            or not field.get_description(self.env, ["sortable"]).get("sortable")
        ):
            raise ValueError(
                self.env._(
                    "%(model)s has no stored field %(field)s of the right kind",
                    model=model._name,
                    field=fname,
                )
            )

    # === ACTION METHODS === #

    def action_open(self):
        """Open exactly the records that the card counts, under the worklist's name."""
        self.ensure_one()
        if not self.is_available:
            raise AccessError(
                self.env._(
                    "You may not read the records of the worklist %(name)s. Ask an administrator for access.",
                    name=self.name,
                )
            )
        action = self.action_id.sudo()._get_action_dict()
        names = {"uid": self.env.uid, "active_id": False, "active_ids": []}
        context = safe_eval(action.get("context") or "{}", names)
        # A filter that the window or a favourite sets by itself would hide some of the records.
        kept = {key: value for key, value in context.items() if not key.startswith("search_default_")}
        return action | {
            "name": self.name,
            "display_name": self.name,
            "domain": self._get_domain(),
            "context": kept | {"search_disable_custom_filters": True},
        }
