from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..groups import HEALTH_GROUP


class BillingCoverage(models.Model):
    """Whether the payer has confirmed a coverage, and what its card looks like."""

    _inherit = "billing.coverage"

    card_front = fields.Image(
        string="Card, front",
        max_width=1920,
        max_height=1920,
        copy=False,
        groups=HEALTH_GROUP,
    )
    card_back = fields.Image(
        string="Card, back",
        max_width=1920,
        max_height=1920,
        copy=False,
        groups=HEALTH_GROUP,
    )
    check_ids = fields.One2many(
        comodel_name="billing.eligibility.check",
        inverse_name="coverage_id",
        string="Eligibility checks",
    )
    check_count = fields.Integer(
        string="Checks",
        compute="_compute_check_count",
    )
    verification = fields.Selection(
        selection=[
            ("verified", "Verified"),
            ("problem", "Payer disagrees"),
            ("unverified", "Not verified"),
        ],
        compute="_compute_verification",
        help="Whether an answer of the payer counts today: Verified, insured. Payer disagrees: not active, another "
        "plan or unclear. Not verified: not asked, or too long ago.",
    )
    verified_on = fields.Date(
        compute="_compute_verification",
        help="The day of the answer that counts today.",
    )

    # === COMPUTE METHODS === #

    def _compute_check_count(self):
        counts = dict(self.env["billing.eligibility.check"]._read_group(
            [("coverage_id", "in", self.ids)], ["coverage_id"], ["__count"],
        ))
        for coverage in self:
            coverage.check_count = counts.get(coverage._origin, 0)

    @api.depends("check_ids.state", "check_ids.result", "check_ids.valid_from", "check_ids.valid_until")
    @api.depends_context("tz")
    def _compute_verification(self):
        today = fields.Date.context_today(self)
        deciding = self._get_deciding_checks({(coverage, today) for coverage in self})
        for coverage in self:
            check = deciding[coverage, today]
            coverage.verification = check._get_verification()
            coverage.verified_on = check.date

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_verified(self):
        # The database deletes checks along with their coverage, without asking them.
        for check in self.sudo().check_ids.filtered(lambda check: check.state == "applied"):
            raise UserError(self.env._(
                "%(coverage)s of %(patient)s cannot be deleted: what its payer answered in %(check)s stays on record. "
                "Give it an end date, or archive it if it was never in force.",
                coverage=check.coverage_id.display_name,
                patient=check.patient_id.name,
                check=check.name,
            ))

    # === ACTIONS === #

    def action_verify(self):
        """Ask the payer whether this coverage is in force."""
        self.ensure_one()
        return self._get_verify_action(max(fields.Date.context_today(self), self.date_from))

    def action_view_checks(self):
        """What the payer was asked about this coverage, and what it said."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_eligibility_check_action")
        action["domain"] = [("coverage_id", "=", self.id)]
        action["context"] = {"default_coverage_id": self.id}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _get_deciding_checks(self, wanted):
        """The answer that decides about each coverage on a day: the latest applied one that counts on that day.

        One search, however many are asked for.

        :param wanted: (coverage, date) pairs
        :return: {pair: check, or an empty recordset}
        """
        wanted = list(wanted)
        checks = self.env["billing.eligibility.check"].sudo()
        found = dict.fromkeys(wanted, checks)
        ids = {coverage._origin.id for coverage, _date in wanted} - {False}
        if not ids:
            return found
        candidates = checks.search_fetch(
            [
                ("coverage_id", "in", list(ids)),
                ("state", "=", "applied"),
                ("valid_until", ">=", min(date for _coverage, date in wanted)),
            ],
            ["coverage_id", "date", "valid_from", "valid_until", "result"],
            order="date desc, id desc",
        )
        by_coverage = candidates.grouped(lambda check: check.coverage_id.id)
        for coverage, date in wanted:
            mine = by_coverage.get(coverage._origin.id, checks)
            found[coverage, date] = next((c for c in mine if c.valid_from <= date <= c.valid_until), checks)
        return found

    def _get_verify_action(self, date, **defaults):
        """Open the question that waits for an answer, or a new one about ``date`` with everything filled in."""
        self.ensure_one()
        waiting = self.env["billing.eligibility.check"].search(
            [("coverage_id", "=", self.id), ("state", "=", "open")], limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Verify %(plan)s of %(patient)s", plan=self.plan_id.name, patient=self.patient_id.name,
            ),
            "res_model": "billing.eligibility.check",
            "res_id": waiting.id,
            "views": [(self.env.ref("billing_coordinator.billing_eligibility_check_view_form_dialog").id, "form")],
            "target": "new",
            "context": {
                "default_coverage_id": self.id,
                "default_service_date": fields.Date.to_string(date),
                **{f"default_{name}": value for name, value in defaults.items()},
            },
        }

    def _get_verification_sentence(self, check):
        """What the deciding check says about this coverage, in a few words."""
        facts = {"plan": self.plan_id.name, "date": format_date(self.env, check.date) if check else ""}
        if not check:
            return self.env._("%(plan)s is not verified.", **facts)
        sentences = {
            "active": self.env._("%(plan)s was verified on %(date)s.", **facts),
            "inactive": self.env._("%(plan)s is not active, said the payer on %(date)s.", **facts),
            "other_plan": self.env._("%(plan)s was replaced by another plan, said the payer on %(date)s.", **facts),
            "unclear": self.env._("%(plan)s stayed unclear on %(date)s: ask again.", **facts),
        }
        return sentences[check.result]
