from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.denials import estimate_chance

# How a denial ended that was fought: what was given up or passed on says nothing about the payer.
WON, LOST = ("overturned",), ("upheld", "written_off")


class BillingDenial(models.Model):
    """Which denials are worth working on first: the amount times the chance that the payer gives in."""

    _inherit = "billing.denial"

    chance = fields.Integer(
        string="Chance (%)",
        readonly=True,
        aggregator="avg",
        help="How likely the payer pays after all, from how earlier denials of this payer for this cause ended.",
    )
    amount_weighted = fields.Monetary(
        string="Worth",
        readonly=True,
        index=True,
        help="Denied amount times chance: what comes first in the list.",
    )
    chance_why = fields.Char(
        string="Why this chance",
        compute="_compute_chance_why",
    )

    # === COMPUTE METHODS === #

    @api.depends("payer_id", "category_id", "chance")
    @api.depends_context("lang")
    def _compute_chance_why(self):
        chances = self._get_chances()
        for denial in self:
            known = chances[denial]
            if known.decided:
                denial.chance_why = self.env._(
                    "%(won)s of %(decided)s like this were paid after all by %(payer)s; %(others_won)s of "
                    "%(others_decided)s by other payers",
                    payer=denial.payer_id.name, won=known.won, decided=known.decided,
                    others_won=known.others_won, others_decided=known.others_decided,
                )
            elif known.others_decided:
                denial.chance_why = self.env._(
                    "Nothing is known of %(payer)s yet; %(others_won)s of %(others_decided)s like this were paid after "
                    "all by other payers",
                    payer=denial.payer_id.name, others_won=known.others_won, others_decided=known.others_decided,
                )
            else:
                denial.chance_why = self.env._("Nothing like this has been decided yet: half and half")

    # === BUSINESS METHODS === #

    def _get_chances(self):
        """{denial: :class:`tools.denials.Chance`}, in one query for all of them."""
        self.env["billing.denial"].flush_model(["state", "company_id", "category_id", "payer_id"])
        won, decided = defaultdict(int), defaultdict(int)
        rows = self.env.execute_query(SQL(
            """
            SELECT company_id, category_id, payer_id,
                   COUNT(*) FILTER (WHERE state = ANY(%(won)s)), COUNT(*)
              FROM billing_denial
             WHERE state = ANY(%(decided)s) AND company_id = ANY(%(companies)s)
          GROUP BY company_id, category_id, payer_id
            """,
            won=list(WON), decided=[*WON, *LOST], companies=self.company_id.ids,
        ))
        for company, category, payer, count_won, count in rows:
            for key in ((company, category, payer), (company, category, None)):
                won[key] += count_won
                decided[key] += count
        chances = {}
        for denial in self:
            key = (denial.company_id.id, denial.category_id.id or None)
            mine, everybody = (*key, denial.payer_id.id), (*key, None)
            chances[denial] = estimate_chance(
                won[mine], decided[mine], won[everybody] - won[mine], decided[everybody] - decided[mine],
            )
        return chances

    def _estimate(self):
        """Write down chance and worth, so that lists can begin with what is worth most."""
        for denial, chance in self._get_chances().items():
            worth = denial.currency_id.round(denial.amount * chance.percent / 100)
            if (denial.chance, denial.amount_weighted) != (chance.percent, worth):
                denial.sudo().write({"chance": chance.percent, "amount_weighted": worth})
