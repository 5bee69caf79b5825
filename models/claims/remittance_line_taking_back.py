from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BillingRemittanceLine(models.Model):
    """A line that undoes an earlier one: the payer takes back what it answered to a claim, to answer anew or not.

    The earlier remittance stays posted; its lines about that claim are not in force any more. A line of kind
    *reversal* repeats what is taken back, with the signs that it had; posting negates it (X12 835: CLP02 = 22 carries
    the original reasons).
    """

    _inherit = "billing.remittance.line"

    kind = fields.Selection(
        selection=[
            ("answer", "Answer"),
            ("reversal", "Taken back"),
        ],
        required=True,
        default="answer",
        help="Taken back: the payer undoes what it answered before.",
    )
    reversed_line_id = fields.Many2one(
        comodel_name="billing.remittance.line",
        string="Takes back",
        index="btree_not_null",
        ondelete="restrict",
        help="The earlier answer that this line undoes.",
    )
    reversal_line_ids = fields.One2many(
        comodel_name="billing.remittance.line",
        inverse_name="reversed_line_id",
        string="Taken back with",
    )
    taken_back_by_id = fields.Many2one(
        comodel_name="billing.remittance",
        string="Taken back by",
        compute="_compute_in_force",
        store=True,
        index="btree_not_null",
        help="The later answer with which the payer took this one back.",
    )
    is_in_force = fields.Boolean(
        compute="_compute_in_force",
        store=True,
        help="It was posted, and neither its remittance was reversed nor has the payer taken it back.",
    )

    _reversal_names_line = models.Constraint(
        "CHECK ((kind = 'reversal') = (reversed_line_id IS NOT NULL))",
        "A line that takes something back names the answer that it takes back, and no other line does.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "remittance_id.state", "reversal_line_ids.remittance_id.state")
    def _compute_in_force(self):
        for line in self:
            posted = line.reversal_line_ids.remittance_id.filtered(lambda remittance: remittance.state == "posted")
            line.taken_back_by_id = posted[:1]
            line.is_in_force = line.kind == "answer" and line.remittance_id.state == "posted" and not posted

    # === CONSTRAINS === #

    @api.constrains("kind", "reversed_line_id", "claim_id", "move_line_id")
    def _check_reversed_line(self):
        for line in self.filtered("reversed_line_id"):
            undone = line.reversed_line_id
            if undone.kind != "answer" or undone.move_line_id != line.move_line_id or undone.claim_id != line.claim_id:
                raise ValidationError(self.env._(
                    "%(line)s of %(remittance)s cannot take back %(undone)s of %(earlier)s: that is no answer to the "
                    "same service. Remove it and take the claim back again.",
                    line=line.display_name,
                    remittance=line.remittance_id.display_name,
                    undone=undone.display_name,
                    earlier=undone.remittance_id.display_name,
                ))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_reversal(vals) for vals in vals_list])

    @api.model
    def _complete_reversal(self, vals):
        """What a line that takes back says, where it was not said: just what the earlier one said."""
        undone = self.browse(vals.get("reversed_line_id"))
        if not undone:
            return vals
        return {**undone._prepare_reversal_vals(), **vals}

    # === BUSINESS METHODS === #

    def _prepare_reversal_vals(self):
        """Values of the line that takes this one back."""
        self.ensure_one()
        return {
            "kind": "reversal",
            "reversed_line_id": self.id,
            "claim_id": self.claim_id.id,
            "move_line_id": self.move_line_id.id,
            "amount_paid": self.amount_paid,
            "adjustment_ids": [
                fields.Command.create({
                    "reason_id": adjustment.reason_id.id,
                    "amount": adjustment.amount,
                    "amount_mirrored": adjustment.amount_mirrored,
                })
                for adjustment in self.adjustment_ids
            ],
        }

    def _get_standing_transfers(self):
        """The invoices with which these answers asked the next debtors, as far as they have not been taken back."""
        transfers = self.remittance_id._get_standing_transfers()
        origins = set(self.mapped(lambda line: (line.remittance_id.id, line.claim_id.invoice_id.id)))
        return transfers.filtered(lambda move: (move.remittance_id.id, move.billing_source_id.id) in origins)

    def _check_reversal(self):
        """
        :raise UserError: what this line takes back is not in force, or was posted with other figures
        """
        self.ensure_one()
        undone = self.reversed_line_id
        if not undone.is_in_force:
            facts = {
                "remittance": self.remittance_id.display_name,
                "line": undone.display_name,
                "earlier": undone.remittance_id.display_name,
            }
            if undone.taken_back_by_id:
                raise UserError(self.env._(
                    "%(remittance)s cannot take back %(line)s of %(earlier)s, which is not in force any more: "
                    "%(later)s took it back. Remove the line.",
                    later=undone.taken_back_by_id.display_name,
                    **facts,
                ))
            raise UserError(self.env._(
                "%(remittance)s cannot take back %(line)s of %(earlier)s, which is not in force any more: %(earlier)s "
                "is not posted. Remove the line.",
                **facts,
            ))
        self._check_same_figures()

    def _check_same_figures(self):
        undone = self.reversed_line_id
        if self.currency_id.compare_amounts(self.amount_paid, undone.amount_paid):
            raise UserError(self.env._(
                "%(remittance)s takes back %(amount)s paid on %(line)s, but %(earlier)s posted %(posted)s. Only what "
                "was posted can be taken back.",
                remittance=self.remittance_id.display_name,
                amount=self.currency_id.format(self.amount_paid),
                line=self.display_name,
                earlier=undone.remittance_id.display_name,
                posted=self.currency_id.format(undone.amount_paid),
            ))
        if self._get_said_by_reason() != undone._get_said_by_reason():
            raise UserError(self.env._(
                "%(remittance)s takes back %(line)s with other reasons or amounts than %(earlier)s posted. Remove the "
                "line and take the claim back again.",
                remittance=self.remittance_id.display_name,
                line=self.display_name,
                earlier=undone.remittance_id.display_name,
            ))

    def _get_said_by_reason(self):
        """{reason: what was not paid because of it}."""
        said = {}
        for adjustment in self.adjustment_ids:
            amount = said.get(adjustment.reason_id, 0.0) + adjustment.amount
            said[adjustment.reason_id] = self.currency_id.round(amount)
        return said

    def _get_answers(self):
        """The lines that answer."""
        return self.filtered(lambda line: line.kind == "answer")

    def _get_reversals(self):
        """The lines that take an earlier answer back."""
        return self.filtered(lambda line: line.kind == "reversal")
