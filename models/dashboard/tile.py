from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..domain import DOMAIN_ERRORS


class BillingDashboardTile(models.Model):
    """A tile of the dashboard, which tells managers where the money is stuck and whether the office gets better.

    *Stations* are the places where money can be on its way: how much, how many, since when. No cent stands in two of
    them, and those of receivables add up to the receivable accounts. *Figures* are those of ``billing.figure.month``:
    now, against the month before and a year ago, against the target. *Headings* stand above them. Tiles are declared as
    records in XML and arranged by managers.
    """

    _name = "billing.dashboard.tile"
    _description = "Tile of the dashboard"
    _inherit = ["billing.domain.mixin"]
    _order = "sequence, id"

    # === FIELDS === #

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char(
        required=True,
        help="Short key by which the addon finds this tile again.",
    )
    kind = fields.Selection(
        selection=[
            ("heading", "Heading"),
            ("station", "Where money is"),
            ("figure", "Figure"),
        ],
        required=True,
        default="station",
    )
    explanation = fields.Char(
        translate=True,
        help="What stands here and what moves it on, in one sentence.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    icon = fields.Char(
        help="Name of a Font Awesome icon, for example fa-inbox.",
    )
    action_id = fields.Many2one(
        comodel_name="ir.actions.act_window",
        string="Opens",
        required=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(
        string="Model",
        help="Technical name of the records that stand at a station.",
    )
    amount_field = fields.Char(
        help="Technical name of the amount that a station adds up, by currency.",
    )
    date_field = fields.Char(
        help="Technical name of the date since when something stands at a station.",
    )
    is_credit = fields.Boolean(
        string="Not ours",
        help="Money that is to be given back: no part of what is on its way to us.",
    )
    figure_field = fields.Char(
        string="Figure",
        help="Technical name of a figure by month, for example days_receivable.",
    )
    better = fields.Selection(
        selection=[
            ("up", "More is better"),
            ("down", "Less is better"),
            ("none", "Neither"),
        ],
        required=True,
        default="none",
    )
    target = fields.Float(
        company_dependent=True,
        digits=(16, 2),
        help="What this company wants to reach. Zero: no target.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)",
        "There is already a tile with this code.",
    )
    _station_complete = models.Constraint(
        "CHECK (kind != 'station' OR res_model IS NOT NULL AND amount_field IS NOT NULL)",
        "A station needs the records that stand there, and their amount.",
    )
    _figure_complete = models.Constraint(
        "CHECK (kind != 'figure' OR figure_field IS NOT NULL)",
        "A tile with a figure needs the name of that figure.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "res_model", "domain", "amount_field", "date_field", "figure_field", "action_id")
    def _check_definition(self):
        """What a manager writes can be read; a model whose module is not installed is left alone."""
        for tile in self:
            name = "billing.figure.month" if tile.kind == "figure" else tile.res_model
            model = self.env.get(name) if name else None
            if model is None or tile.kind == "heading":
                continue
            names = [tile.figure_field] if tile.kind == "figure" else [tile.amount_field, tile.date_field]
            try:
                Domain(tile._get_domain()).validate(model.sudo())
                if missing := [fname for fname in names if fname and fname not in model._fields]:
                    raise ValueError(self.env._("%(model)s has no field %(field)s", model=name, field=missing[0]))
                if tile.action_id.res_model != name:
                    raise ValueError(self.env._(
                        "it reads %(model)s, but opens a window on %(other)s",
                        model=name, other=tile.action_id.res_model,
                    ))
            except DOMAIN_ERRORS as error:
                raise ValidationError(self.env._(
                    "The tile %(name)s would not work: %(error)s.", name=tile.name, error=error,
                )) from error

    # === ACTIONS === #

    def action_open(self):
        """Open what stands behind the tile: exactly the records of a station, a figure by month."""
        self.ensure_one()
        action = self.action_id.sudo()._get_action_dict()
        if self.kind == "heading":
            return action
        return {**action, "name": self.name, "display_name": self.name, **self._get_opening()}

    def _get_opening(self):
        """What the tile puts on its window. Hook: each kind its own."""
        return {}
