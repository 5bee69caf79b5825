from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_PENDING
from odoo.addons.billing_coordinator.tools.dunning import Standing, is_minor
from odoo.addons.billing_coordinator.tools.money import to_decimal

NOTHING = Decimal(0)


class BillingCollectionCase(models.Model):
    """What is left alone, and what stands against asking: read for many cases at once, decided in tools.dunning."""

    _inherit = "billing.collection.case"

    @api.model
    def _get_held(self, item_ids):
        """{journal item: [(why, amount)]}: what of these journal items nobody asks for. Hook: rooms add their own.

        :param list item_ids: ids of journal items
        :return: amounts in the currency of the item; None is all of it
        """
        held = defaultdict(list)
        for model, names in (
            ("billing.payment.plan", ["state"]), ("billing.payment.plan.item", ["is_running", "plan_id"]),
            ("billing.claim", ["state", "encounter_id"]), ("account.move", ["billing_coverage_id", "encounter_id"]),
        ):
            self.env[model].flush_model(names)
        for item, why in self.env.execute_query(SQL(
            """
            SELECT item.move_line_id, 'plan'
              FROM billing_payment_plan_item item
              JOIN billing_payment_plan plan ON plan.id = item.plan_id AND plan.state = 'active'
             WHERE item.is_running AND item.move_line_id = ANY(%(items)s)
             UNION ALL
            SELECT line.id, 'waiting'
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id AND move.billing_coverage_id IS NULL
             WHERE line.id = ANY(%(items)s)
               AND EXISTS (SELECT FROM billing_claim claim
                            WHERE claim.encounter_id = move.encounter_id AND claim.state = ANY(%(pending)s))
            """,
            items=item_ids,
            pending=list(CLAIM_PENDING),
        )):
            held[item].append((why, None))
        return held

    def _get_standings(self):
        """{case: :class:`tools.dunning.Standing`}, in a fixed number of queries."""
        today = fields.Date.context_today(self)
        credits = self._get_credits()
        pending = set(self.env["billing.assistance.application"].sudo().search([
            ("applicant_id", "in", self.partner_id.ids), ("state", "=", "submitted"),
        ]).applicant_id.ids)
        standings = {}
        for case in self.sudo():
            partner = case.partner_id
            born = partner.birth_date
            standings[case.with_env(self.env)] = Standing(
                assistance_pending=partner.id in pending,
                is_bankrupt=bool(partner.billing_bankrupt_on),
                is_deceased=bool(partner.billing_deceased_on),
                is_minor=bool(born) and is_minor(born, today),
                has_concern=bool((partner.special_concerns or "").strip()),
                address_unverified=bool(partner.billing_address_failure),
                contact_stopped=bool(partner.billing_contact_stopped_on),
                credit=credits.get(case.id, NOTHING),
            )
        return standings

    def _get_credits(self):
        """{case id: money of the debtor, or of a contact of theirs, that belongs to no bill yet}."""
        self.env["account.move.line"].flush_model(["amount_residual", "reconciled", "parent_state"])
        return {
            case: to_decimal(-amount) for case, amount in self.env.execute_query(SQL(
                """
                SELECT kase.id, SUM(line.amount_residual)
                  FROM billing_collection_case kase
                  JOIN res_partner debtor ON debtor.id = kase.partner_id
                  JOIN res_partner payer ON payer.commercial_partner_id = debtor.commercial_partner_id
                  JOIN account_move_line line ON line.partner_id = payer.id
                                             AND line.company_id = kase.company_id
                                             AND line.parent_state = 'posted'
                                             AND NOT line.reconciled
                                             AND line.amount_residual < 0
                  JOIN account_account account ON account.id = line.account_id
                                              AND account.account_type = 'asset_receivable'
                 WHERE kase.id = ANY(%s)
              GROUP BY kase.id
                """,
                self.ids,
            ))
        }
