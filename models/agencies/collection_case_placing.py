from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_amount, format_date

from odoo.addons.billing_coordinator.tools.dunning import Item, find_guards
from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.placing import Bill, look


class BillingCollectionCase(models.Model):
    """What of a case may be handed over, and why the rest stays: read for many cases at once, decided in tools."""

    _inherit = "billing.collection.case"

    # === LOOKING === #

    def _look_at_placing(self, agreement, batch=None):
        """{case: :class:`tools.placing.Look`} under an agreement, in a fixed number of queries.

        Bills are known by the ids of their journal items.

        :param batch: which they have been prepared in, and where that does not stand against it
        """
        today = fields.Date.context_today(self)
        terms, standings = agreement._get_terms(), self._get_standings()
        found = {}
        for case, bills in self._get_bills_to_place(batch).items():
            asked = [Item(key=bill.key, due=bill.due, open=bill.open) for bill in bills if not bill.held]
            found[case] = look(bills, find_guards(asked, standings[case], today), terms, today)
        return found

    def _get_bills_to_place(self, batch=None):
        """{case: its open bills as :class:`tools.placing.Bill`}, the oldest first."""
        self.env["billing.collection.item"].flush_model()
        self.env["billing.collection.step"].flush_model()
        self.env["account.move"].flush_model(["invoice_date"])
        self.env["account.move.line"].flush_model([
            "amount_residual", "amount_residual_currency", "date_maturity", "parent_state",
        ])
        rows = self.env.execute_query(SQL(
            """
            SELECT item.case_id, line.id, COALESCE(line.date_maturity, line.date), line.amount_residual,
                   line.amount_residual_currency, COALESCE(move.invoice_date, line.date),
                   (SELECT MIN(step.date)
                      FROM billing_collection_step_line told
                      JOIN billing_collection_step step ON step.id = told.step_id AND step.state = 'done'
                                                       AND step.channel != 'none'
                     WHERE told.item_id = item.id AND told.stage_id = ANY(%(finals)s))
              FROM billing_collection_item item
              JOIN account_move_line line ON line.id = item.move_line_id AND line.parent_state = 'posted'
                                         AND line.amount_residual > 0
              JOIN account_move move ON move.id = line.move_id
             WHERE item.case_id = ANY(%(cases)s)
          ORDER BY 3, 2
            """,
            cases=self.ids, finals=self._get_final_stages().ids,
        ))
        held = self._get_held([line for _case, line, *_rest in rows])
        for line in self._get_prepared([line for _case, line, *_rest in rows], batch):
            held.setdefault(line, []).append(("prepared", None))
        bills = defaultdict(list)
        for case, line, due, residual, own, billed, demanded in rows:
            parts = held.get(line, ())
            taken = sum(to_decimal(own if part is None else part) for _why, part in parts)
            bills[case].append(Bill(
                key=line, due=due, open=to_decimal(residual), held=tuple(why for why, _part in parts),
                is_partly_held=bool(parts) and taken < to_decimal(own), billed=billed, demanded=demanded,
            ))
        return {case: bills[case.id] for case in self}

    @api.model
    def _get_prepared(self, lines, batch):
        """Of these journal items, those that another batch is about to hand over."""
        return self.env["billing.placement.item"].sudo().search([
            ("move_line_id", "in", lines), ("is_running", "=", True), ("placement_id.state", "=", "ready"),
            *([("placement_id.batch_id", "!=", batch.id)] if batch else []),
        ]).move_line_id.ids

    def _get_final_stages(self):
        """The last stage in writing before debts of these cases are handed over: the final demand."""
        pipelines = {}
        stages = self.env["billing.collection.stage"]
        for case in self:
            before = stages
            for stage in case._get_pipeline(pipelines):
                if stage.is_placement:
                    break
                before = stage if stage.channel != "none" else before
            stages |= before
        return stages

    # === WORDS === #

    def _say_look(self, seen, standing):
        """What stands against handing this case over; empty where nothing does."""
        self.ensure_one()
        return " ".join(self._say_placing_reason(reason, standing) for reason in seen.against)

    def _say_stays(self, seen, standing):
        """The bills that stay with the office, by reason: one by its number, more by how many they are."""
        self.ensure_one()
        by_reason = {}
        for bill, reason in seen.stays:
            bills, first = by_reason.get(reason.key, ((), reason))
            by_reason[reason.key] = ((*bills, bill), min(first, reason, key=lambda one: one.until or date.max))
        lines = self.env["account.move.line"]
        return "\n".join(
            self.env._(
                "%(bills)s, %(amount)s: %(reason)s",
                bills=self.env._("%(count)s bills", count=len(bills)) if len(bills) > 1
                else lines.browse(bills[0].key).move_id.name,
                amount=format_amount(self.env, float(sum(bill.open for bill in bills)), self.currency_id),
                reason=self._say_placing_reason(reason, standing),
            )
            for bills, reason in by_reason.values()
        )

    def _say_placing_reason(self, reason, standing):
        until = format_date(self.env, reason.until) if reason.until else ""
        words = {
            **self._get_reason_words(standing),
            **self._get_held_words(),
            "not_due": self.env._("It is not late before %(date)s.", date=until),
            "billed": self.env._("Billed too short a time ago: it may go from %(date)s.", date=until),
            "demand": self.env._("No final demand has been sent."),
            "demanded": self.env._("The final demand gives time: it may go from %(date)s.", date=until),
            "no_document": self.env._("The signed agreement is not on file."),
            "not_yet": self.env._("The agreement begins on %(date)s.", date=until),
            "ended": self.env._("The agreement has ended."),
            "prepared": self.env._("It is about to be handed over already: look at Files to Agencies."),
            "partly": self.env._(
                "A part of a bill is disputed or waits for somebody. Decide that first, or take the bill apart.",
            ),
            "too_little": self.env._("It is less than the agency takes."),
            "nothing": self.env._("Nothing is open."),
        }
        return words.get(reason.key, reason.key)

    # === HANDING OVER === #

    def _prepare_batch(self, agreement):
        """Make ready what of these cases may go to the agency: one debt for each debtor and currency.

        :return: the batch, still to be handed over
        :raise UserError: nothing may go, with the reason for each
        """
        self._lock_or_refuse()
        looks = self._look_at_placing(agreement)
        free = self.filtered(lambda case: looks[case].is_placeable)
        if not free:
            standings = self._get_standings()
            raise UserError(self.env._(
                "Nothing may be handed over.\n%(reasons)s",
                reasons="\n".join(
                    f"{case.partner_id.name}: {case._say_look(looks[case], standings[case])}" for case in self
                ),
            ))
        batch = self.env["billing.placement.batch"].sudo().create({
            "agreement_id": agreement.id,
            "company_id": agreement.company_id.id,
            "date": fields.Date.context_today(self),
        })
        vals_list = [
            vals for case in free for vals in case._prepare_placements(agreement, looks[case], batch)
        ]
        placements = self.env["billing.placement"].sudo().create(vals_list)
        placements._refresh_start()
        return batch.sudo(False)

    def _prepare_placements(self, agreement, seen, batch):
        """Values of the debts of one case, one for each currency."""
        lines = self.env["account.move.line"].browse([bill.key for bill in seen.goes])
        due = {bill.key: bill.due for bill in seen.goes}
        return [
            {
                "case_id": self.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": currency.id,
                "agency_id": agreement.agency_id.id,
                "agreement_id": agreement.id,
                "batch_id": batch.id,
                "user_id": self.user_id.id or self.env.uid,
                "date": batch.date,
                "item_ids": [
                    Command.create({"move_line_id": line.id, "date_due": due[line.id], "is_running": True})
                    for line in of_currency
                ],
            }
            for currency, of_currency in lines.grouped("currency_id").items()
        ]
