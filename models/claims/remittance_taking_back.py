from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .settlement import TakenBackTooEarlyError


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


class BillingRemittance(models.Model):
    """What a remittance takes back of earlier ones; and what of it later ones have taken back."""

    _inherit = "billing.remittance"

    # === TAKING BACK WITH THIS ANSWER === #

    def _undo_taken_back(self):
        """Credit the invoices with which the earlier answers asked the next debtors; what hangs on them is undone.

        What patients and later payers paid there stays as their unapplied credit.

        :return: the credit notes
        """
        undone = self.line_ids._get_reversals().reversed_line_id
        transfers = undone._get_standing_transfers()
        if not transfers:
            return transfers
        credit_notes = self._undo_transfers(transfers, self.date, self._get_taking_back_reason())
        transfers._reconcile_billing_receivables()
        return credit_notes

    def _get_taking_back_reason(self):
        return self.env._("Taken back by the payer with %(remittance)s", remittance=self.display_name)

    def _get_taken_back(self):
        """:class:`Settled` records: the reasons of what is taken back, negated, at the rate that they had."""
        return [
            part._replace(amount=-part.amount, date=line.remittance_id.date)
            for line in self.line_ids._get_reversals().reversed_line_id
            for part in line._get_settled()
        ]

    # === CHECKS === #

    def _check_taken_back(self):
        """What is taken back is in force, and taken back as it was posted, claim by claim."""
        reversals = self.line_ids._get_reversals()
        for line in reversals:
            line._check_reversal()
        undone = reversals.reversed_line_id
        self._check_taken_back_later(undone.remittance_id)
        for (earlier, claim), lines in undone.grouped(lambda line: (line.remittance_id, line.claim_id)).items():
            whole = earlier.line_ids.filtered(lambda line, claim=claim: line.is_in_force and line.claim_id == claim)
            if missing := whole - lines:
                raise UserError(self.env._(
                    "%(remittance)s takes back a part of what %(earlier)s answered to %(claim)s; “%(service)s” is not "
                    "among it. Answers are taken back claim by claim: add the services that are missing.",
                    remittance=self.display_name,
                    earlier=earlier.display_name,
                    claim=claim.name,
                    service=missing[0].move_line_id.name,
                ))

    def _check_taken_back_later(self, undone):
        """
        :param undone: the remittances of which something is taken back
        :raise UserError: one of them is dated later than this one: on the days between, it would be taken back already
        """
        for earlier in undone:
            if self.date < earlier.date:
                raise UserError(self.env._(
                    "%(remittance)s is dated %(date)s and takes back an answer of %(earlier)s, which was posted on "
                    "%(since)s. Nothing is taken back before it was posted: choose that day or a later one.",
                    remittance=self.display_name,
                    date=format_date(self.env, self.date),
                    earlier=earlier.display_name,
                    since=format_date(self.env, earlier.date),
                )) from TakenBackTooEarlyError(earlier)

    # === BEING TAKEN BACK === #

    def _check_not_taken_back(self):
        """
        :raise UserError: a later answer took back a part of this one
        """
        for line in self.line_ids:
            if later := line.taken_back_by_id:
                raise UserError(self.env._(
                    "%(later)s took %(claim)s of %(remittance)s back. Reverse that one first, or leave this as it is.",
                    later=later.display_name,
                    claim=line.claim_id.name,
                    remittance=self.display_name,
                ))

    def _restore_taken_back(self, date):
        """Once what took them back is reversed: ask the next debtors again for what the earlier answers left them.

        The invoices belong to the earlier answers, which are in force again.

        :return: the invoices
        """
        invoices = self.env["account.move"]
        for earlier, lines in self.line_ids._get_reversals().reversed_line_id.grouped("remittance_id").items():
            invoices |= earlier._post_transfers(
                [part for part in lines._get_settled() if part.reason.effect == "transfer"], date,
            )
        return invoices

    def _check_restored(self):
        """
        :raise UserError: a claim that is settled by the earlier answer again has been settled otherwise since
        """
        claims = self.line_ids._get_reversals().claim_id
        claims.invalidate_recordset(["amount_open"])
        for claim in claims:
            if claim.currency_id.compare_amounts(claim.amount_open, 0) < 0:
                raise UserError(self.env._(
                    "%(remittance)s took back an answer to %(claim)s, which has been settled since by another. Reverse "
                    "that one first.",
                    remittance=self.display_name,
                    claim=claim.name,
                ))

    def _is_nothing_but(self, lines):
        """Whether these lines are all that this remittance says."""
        self.ensure_one()
        return self.line_ids == lines and not self.amount_unapplied

    def _take_back_lines(self, lines, date, reason):
        """Take some answers of this remittance back, and keep the money as the payer's credit.

        :param lines: lines of this remittance in force, all of their claims
        :return: the remittance that takes them back
        """
        self.ensure_one()
        claims = lines.claim_id
        later = self.create({
            "payer_id": self.payer_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "reference": f"{self.reference} {' '.join(claims.mapped('name'))}",
            "date": date,
            "handling": "non_payment",
            "amount": 0.0,
            "amount_unapplied": sum(lines.mapped("amount_paid")),
            "line_ids": [fields.Command.create(line._prepare_reversal_vals()) for line in lines],
        })
        later._post_answer()
        later.message_post(body=reason)
        return later


class BillingClaim(models.Model):
    """Answers to a claim that are undone because what they answered is."""

    _inherit = "billing.claim"

    def _undo_answers(self, date, reason):
        """Undo the answers in force to these claims, newest first; other claims of the same remittances stay answered.

        Money that payers sent stays with us as their unapplied credit.
        """
        lines = self.remittance_line_ids.filtered("is_in_force")
        for remittance in lines.remittance_id.sorted("id", reverse=True):
            mine = lines.filtered(lambda line, remittance=remittance: line.remittance_id == remittance)
            if remittance._is_nothing_but(mine):
                remittance._reverse(date, reason, money="keep")
            else:
                remittance._take_back_lines(mine, date, reason)
