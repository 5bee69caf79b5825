from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.remittance_matching import Asked, AskedService


class BillingClaim(models.Model):
    """What tells a claim apart in a payer's file, and what its answers do to it beyond the books."""

    _inherit = "billing.claim"

    remittance_item_ids = fields.One2many(
        comodel_name="billing.remittance.item",
        inverse_name="claim_id",
        string="Answers in files",
        readonly=True,
    )
    forwarded_by_id = fields.Many2one(
        comodel_name="billing.remittance.item",
        string="Sent on with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The answer of an earlier payer that says it has sent the claim on to this one: it is not sent again.",
    )

    # Numbers as payers repeat them, without hyphens and blanks.
    _number_key_idx = models.Index("(regexp_replace(upper(name), '[^A-Z0-9]', '', 'g'))")
    _payer_number_key_idx = models.Index("(regexp_replace(upper(payer_control_number), '[^A-Z0-9]', '', 'g'))")

    @api.model
    def _get_number_prefix(self, company):
        """The letters with which our claim numbers begin: payers drop them, or put others in front of them."""
        sequence = self.env["ir.sequence"].sudo().with_company(company[:1]).search(
            [("code", "=", self._name), ("company_id", "in", [*company.ids, False])], order="company_id", limit=1,
        )
        return (sequence.prefix or "").split("%", maxsplit=1)[0]

    def _get_asked_for_matching(self):
        """These claims as the matching of answers sees them.

        :return: {claim id: :class:`Asked`}, in a number of queries that does not grow with them
        """
        lines = self.sudo().invoice_id.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        whole = self._read_whole_charges(lines)
        by_invoice = lines.grouped("move_id")
        return {
            claim.id: Asked(
                id=claim.id,
                number=claim.name,
                payer=claim.payer_id.id,
                currency=claim.currency_id.id,
                payer_number=claim.payer_control_number or "",
                names=tuple(filter(None, (claim.patient_id.name, claim.coverage_id.subscriber_id.name))),
                members=frozenset({claim.coverage_id.member_number or ""} - {""}),
                date=claim.service_date or None,
                is_void=claim.state == "void",
                is_settled=claim.state == "settled",
                services=claim._get_asked_services(by_invoice.get(claim.invoice_id.sudo(), lines.browse()), whole),
            ) for claim in self.sudo()
        }

    def _get_asked_services(self, lines, whole):
        """The services of this claim: several lines may ask for parts of one."""
        parts = lines.grouped(lambda line: line.encounter_line_id or line)
        services = []
        for mine in parts.values():
            first, asked = mine[0], self._exact(sum(mine.mapped("price_total")))
            services.append(AskedService(
                id=first.id,
                lines=tuple(mine.ids),
                code=first.billing_code_id.code or "",
                modifiers=tuple((first.billing_modifiers or "").replace(",", " ").split()),
                charges=frozenset({whole.get(first.encounter_line_id.id, asked), asked}),
                date=self.service_date or None,
                asked=asked,
            ))
        return tuple(services)

    def _exact(self, amount):
        return to_decimal(amount, to_decimal(self.currency_id.rounding))

    @api.model
    def _read_whole_charges(self, lines):
        """{visit service id: its charge, whoever was asked for it}, in one query."""
        return {
            service.id: to_decimal(amount, to_decimal(service.currency_id.rounding))
            for service, amount in self.env["account.move.line"].sudo()._read_group(
                [
                    ("encounter_line_id", "in", lines.encounter_line_id.ids),
                    ("move_id.billing_kind", "=", "charge"),
                    ("move_id.move_type", "=", "out_invoice"),
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "product"),
                    ("move_id.reversal_move_ids", "=", False),
                ],
                ["encounter_line_id"], ["price_total:sum"],
            )
        }

    def _get_settled_by(self):
        """What has settled these claims so far: answers in force, decisions of the office, money and credit notes.

        :return: {claim: [(name, day, amount in the claim's currency)]}, the latest first, in a number of queries that
            does not grow with them
        """
        decided = self.env["billing.adjustment"].sudo().search([
            ("move_id", "in", self.sudo().invoice_id.ids), ("state", "=", "posted"),
        ]).grouped("move_id")
        found = {}
        for claim in self.sudo():
            answers = claim.remittance_line_ids.filtered("is_in_force").grouped("remittance_id")
            debts = claim.invoice_id.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
            moves = debts.matched_credit_ids.grouped(lambda partial: partial.credit_move_id.move_id)
            rows = [
                *((remittance.display_name, remittance.date, remittance._get_settled_of(claim))
                  for remittance in answers),
                *((decision.display_name, decision.date, decision.amount)
                  for decision in decided.get(claim.invoice_id, ())),
                *((move.name, move.date, sum(partials.mapped("debit_amount_currency")))
                  for move, partials in moves.items() if not move.remittance_id and not move.billing_adjustment_id),
            ]
            found[claim.sudo(False)] = sorted(
                (row for row in rows if row[2]), key=lambda row: (row[1], row[0]), reverse=True,
            )
        return found

    def _mark_forwarded(self, item):
        """An earlier payer has sent these on: they count as sent, and are not sent again.

        :param item: the answer that says so
        """
        answer = item.remittance_id.display_name or self.env._(
            "%(number)s of %(date)s",
            number=item.trace or item.display_name, date=format_date(self.env, item.date),
        )
        self._be_forwarded(item.payer_id, item.trace, item.date, answer).sudo().forwarded_by_id = item

    def _after_payer_number(self, number):
        """The payer has told under which number it knows this claim."""
        if number and self.payer_control_number != number:
            self.payer_control_number = number

    def _get_whole_charge(self):
        """The charge of the visit's services on this claim, whoever is asked for which part of it."""
        self.ensure_one()
        asked = self._get_asked_for_matching()[self.id]
        return float(max(asked.charges, default=0))
