from odoo import api, fields, models
from odoo.tools import format_amount


class BillingCollectionItem(models.Model):
    """A bill in a case, and the last step that covered it: so a part payment skips none and repeats none."""

    _name = "billing.collection.item"
    _description = "Bill in a collection case"
    _order = "case_id, date_due, id"
    # Written by the hundred thousand, and by nobody in person.
    _log_access = False

    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
    )
    currency_id = fields.Many2one(
        related="case_id.currency_id",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Bill",
    )
    date_due = fields.Date(
        related="move_line_id.date_maturity",
        store=True,
        string="Due on",
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual",
        string="Open",
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Last step",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date_stage = fields.Date(
        string="Step of",
        readonly=True,
    )
    held_note = fields.Char(
        string="Left alone",
        compute="_compute_held_note",
    )

    _once = models.UniqueIndex(
        # In this order it finds the cases of a bill as well.
        "(move_line_id, case_id)",
        "A bill stands once in a case.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("move_line_id.amount_residual", "date_due")
    def _compute_held_note(self):
        """What of it nobody asks for, and why."""
        held, words = self.case_id._get_held(self.move_line_id.ids), self.case_id._get_held_words()
        for item in self:
            item.held_note = ", ".join(
                words.get(why, why) if amount is None else self.env._(
                    "%(amount)s: %(why)s",
                    amount=format_amount(self.env, float(amount), item.move_line_id.currency_id),
                    why=words.get(why, why),
                )
                for why, amount in held.get(item.move_line_id.id, ())
            ) if item.amount_open else False

    # === ACTIONS === #

    def action_open_bill(self):
        """The bill itself."""
        return self.move_id._get_records_action(name=self.env._("Bill"))
