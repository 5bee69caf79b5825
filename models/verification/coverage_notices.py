from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..nightly import BATCH_SIZE


class BillingCoverage(models.Model):
    """Somebody is asked to act before a coverage ends, and when its plan changed.

    What was asked for is marked on the coverage in the same transaction: an activity that is done or deleted does not
    come back the next night, and a night that is broken off loses nothing and repeats nothing.
    """

    _name = "billing.coverage"
    _inherit = ["billing.coverage", "mail.activity.mixin", "billing.asking", "billing.nightly"]

    # Computed and stored, so that another last day or another plan asks anew.
    is_end_announced = fields.Boolean(
        compute="_compute_is_end_announced",
        store=True,
        readonly=False,
        copy=False,
    )
    is_plan_end_announced = fields.Boolean(
        compute="_compute_is_plan_end_announced",
        store=True,
        readonly=False,
        copy=False,
    )

    _end_to_announce_idx = models.Index("(company_id, date_to) WHERE active AND is_end_announced IS NOT TRUE")
    _plan_gone_idx = models.Index("(plan_id, company_id) WHERE active AND is_plan_end_announced IS NOT TRUE")

    # === COMPUTE METHODS === #

    @api.depends("date_to")
    def _compute_is_end_announced(self):
        self.is_end_announced = False

    # Not on whether the plan is offered: archiving one would rewrite all of its coverages at once.
    @api.depends("plan_id")
    def _compute_is_plan_end_announced(self):
        self.is_plan_end_announced = False

    # === CRON === #

    @api.model
    def _cron_announce_changes(self, batch_size=BATCH_SIZE):
        """Each day: coverages that end soon, and those in force whose plan is no longer offered (archived)."""
        self._work_through(
            (type(self)._get_ending_domain, type(self)._announce_ends),
            (type(self)._get_plan_gone_domain, type(self)._announce_plan_gone),
            batch_size=batch_size,
        )

    @api.model
    def _get_ending_domain(self):
        """Coverages within the company's days of notice, not announced yet."""
        today = fields.Date.context_today(self)
        last = fields.Date.add(today, days=self.env.company.sudo().billing_coverage_notice_days)
        return (
            Domain("is_end_announced", "=", False)
            & Domain("date_to", ">=", today)
            & Domain("date_to", "<=", last)
        )

    @api.model
    def _get_plan_gone_domain(self):
        return (
            Domain("is_plan_end_announced", "=", False)
            & Domain("plan_id.active", "=", False)
            & Domain("status", "=", "active")
        )

    # === WHAT IS ASKED FOR === #

    def _announce_ends(self):
        """Ask what follows these coverages; those whose successor is recorded already need nothing."""
        asked = self - self._get_followed()
        asked._ask_for("billing_coordinator.activity_type_coverage_ends", {
            coverage: self.env._(
                "%(plan)s of %(patient)s ends on %(date)s. Ask what insurance follows.",
                plan=coverage.plan_id.name,
                patient=coverage.patient_id.name,
                date=format_date(self.env, coverage.date_to),
            )
            for coverage in asked
        }, users=asked._get_verifiers(), deadline="date_to")
        self.is_end_announced = True

    def _get_followed(self):
        """Those of these coverages after which another one of the same rank is recorded."""
        later = self.search_fetch(
            [
                ("patient_id", "in", self.patient_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("date_from", ">", min(self.mapped("date_to"))),
            ],
            ["patient_id", "company_id", "rank", "date_from"],
        ).grouped(lambda coverage: coverage._get_rank_key())
        return self.filtered(
            lambda c: any(other.date_from > c.date_to for other in later.get(c._get_rank_key(), self.browse()))
        )

    def _announce_plan_gone(self):
        """Ask for the new card where a plan is no longer offered."""
        self._ask_for("billing_coordinator.activity_type_coverage_changed", {
            coverage: self.env._(
                "%(plan)s is no longer offered. Ask %(patient)s for the new insurance card.",
                plan=coverage.plan_id.name,
                patient=coverage.patient_id.name,
            )
            for coverage in self
        }, users=self._get_verifiers())
        self.is_plan_end_announced = True

    def _announce_plan_change(self, check):
        """A check found this new coverage: ask for its card, and for its payer's answer."""
        self._ask_for("billing_coordinator.activity_type_coverage_changed", {
            self: self.env._(
                "%(patient)s has %(plan)s since %(date)s instead of %(old)s. Take pictures of the new card and check "
                "the figures.",
                patient=self.patient_id.name,
                plan=self.plan_id.name,
                date=format_date(self.env, self.date_from),
                old=check.coverage_id.plan_id.name,
            ),
        }, users=self._get_verifiers(check.user_id))

    def _announce_unknown_plan(self, check):
        """A check named a plan that is not recorded here: ask for it to be added."""
        self._ask_for("billing_coordinator.activity_type_coverage_changed", {
            self: self.env._(
                "%(patient)s has “%(plan)s” since %(date)s. Record this plan and add the coverage under it.",
                patient=self.patient_id.name,
                plan=check.plan_name,
                date=format_date(self.env, check.date_from),
            ),
        }, users=self._get_verifiers(check.user_id))

    def _announce_claims_after_end(self, check):
        """The payer says that a coverage ended before services for which it was billed: somebody has to decide."""
        self._ask_for("billing_coordinator.activity_type_coverage_changed", {
            self: self.env._(
                "%(plan)s of %(patient)s ended on %(date)s, says the payer, but claims were made for later visits. "
                "Undo their billing or ask the payer again; then end the coverage.",
                plan=self.plan_id.name,
                patient=self.patient_id.name,
                date=format_date(self.env, check.date_to),
            ),
        }, users=self._get_verifiers(check.user_id))

    def _get_verifiers(self, user=None):
        """Whom to ask about each of these coverages: the company's verifier; else ``user``, if they still work here;
        else who asked its payer last. Nobody in particular for coverages that were never verified.

        :return: {coverage: user}
        """
        checks = self.env["billing.eligibility.check"].sudo().search_fetch(
            [("coverage_id", "in", self.ids), ("user_id.active", "=", True)], ["coverage_id", "user_id"], order="id",
        )
        asked = {check.coverage_id.id: check.user_id for check in checks}
        user = self._get_present_user(user)
        verifiers = {company: self._get_present_user(company.billing_verifier_id) for company in self.company_id.sudo()}
        return {
            coverage: verifiers[coverage.company_id] or user or asked.get(coverage.id) for coverage in self
        }
