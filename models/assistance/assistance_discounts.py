from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.assistance import get_discount
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..written_numbers import format_number
from .assistance_decision import GRANTED


class Discount(NamedTuple):
    """What an application still takes off one bill, in the currency of the bill."""

    bill: models.Model
    application: models.Model
    still_open: float
    amount: float

    @property
    def remaining(self):
        """What is open afterwards; negative where something paid is given back."""
        return self.bill.currency_id.round(self.still_open - self.amount)


class BillingAssistanceApplication(models.Model):
    """What an accepted application does to bills: each one for a service of its days is discounted once.

    The day of the service counts, not the day of the bill: an insurer who answers late costs nobody the discount.
    """

    _inherit = "billing.assistance.application"

    adjustment_ids = fields.One2many(
        comodel_name="billing.adjustment",
        inverse_name="assistance_id",
        string="Discounts",
    )
    adjustment_count = fields.Integer(
        string="Discounts given",
        compute="_compute_adjustment_count",
    )
    last_applied = fields.Datetime(
        string="Last applied on",
        readonly=True,
        copy=False,
        help="When discounts of this application were posted last.",
    )
    bill_count = fields.Integer(
        string="Bills to discount",
        compute="_compute_bill_count",
        help="Open bills for services within the validity that have not been discounted yet.",
    )

    # === COMPUTE METHODS === #

    @api.depends("adjustment_ids.state")
    def _compute_adjustment_count(self):
        counts = dict(self.env["billing.adjustment"]._read_group(
            [("assistance_id", "in", self.ids), ("state", "=", "posted")], ["assistance_id"], ["__count"],
        ))
        for application in self:
            application.adjustment_count = counts.get(application._origin, 0)

    @api.depends("state", "date_from", "date_to", "discount_percent")
    def _compute_bill_count(self):
        counts = defaultdict(int)
        for discount in self._origin._find_discounts(self._origin._get_bills()).values():
            counts[discount.application.id] += 1
        for application in self:
            application.bill_count = counts[application._origin.id]

    # === ACTIONS === #

    def action_preview_discounts(self):
        """Show each bill that is discounted, before anything is posted."""
        self.ensure_one()
        return self.env["billing.assistance.wizard"]._open(
            self._get_bills(), self.env._("Discounts of %(application)s", application=self.display_name),
        )

    def action_view_adjustments(self):
        """The discounts that this application gave."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_adjustment_action")
        action["domain"] = [("assistance_id", "=", self.id)]
        return action

    # === WHICH BILLS === #

    def _get_bills(self):
        """Bills of these applicants for services within the days of their applications, in one search.

        Only those on which something is open, unless a programme gives back what was paid.
        """
        granted = self.sudo().filtered(lambda a: a.state in GRANTED and a.date_from and a.date_to)
        if not granted:
            return self.env["account.move"]
        domain = Domain([
            ("billing_kind", "!=", False),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("billing_coverage_id", "=", False),
            ("partner_id", "in", granted.applicant_id.ids),
            ("company_id", "in", granted.company_id.ids),
            ("encounter_id.date", ">=", min(application._get_first_day() for application in granted)),
            ("encounter_id.date", "<=", max(granted.mapped("date_to"))),
        ])
        giving_back = granted.filtered(lambda a: a.programme_id.refund_paid)
        domain &= self._get_open_domain() | Domain("partner_id", "in", giving_back.applicant_id.ids)
        bills = self.env["account.move"].search(domain, order="invoice_date, id")
        applicable = self._get_applicable(bills)
        return bills.filtered(lambda bill: applicable[bill] in self)

    @api.model
    def _get_open_domain(self):
        """Bills that ask for something: by themselves, or by an entry that opened them again."""
        reopened = self.env["account.move.line"].sudo()._search([
            ("billing_invoice_id", "!=", False),
            ("reconciled", "=", False),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
        ])
        return Domain("payment_state", "in", ("not_paid", "partial")) | Domain(
            "id", "in", reopened.subselect("account_move_line.billing_invoice_id"),
        )

    @api.model
    def _get_applicable(self, bills):
        """Which application discounts which bill: {bill: application or none}, in one search.

        The one in force on the day of the service comes before one that looks back to it.
        """
        bills = bills.sudo()
        granted = self.sudo().search([
            ("applicant_id", "in", bills.partner_id.ids),
            ("company_id", "in", bills.company_id.ids),
            ("state", "in", GRANTED),
        ], order="date_from, id")
        owned = granted.grouped(lambda application: (application.applicant_id, application.company_id))
        applicable = {}
        for bill in bills:
            day = bill.encounter_id.date
            mine = owned.get((bill.partner_id, bill.company_id), granted.browse()).filtered(
                lambda a, day=day: day and a.date_to and a._get_first_day() <= day <= a.date_to
            )
            applicable[bill] = mine.sorted(lambda a, day=day: day < a.date_from)[:1]
        return applicable

    def _get_first_day(self):
        """The first day whose services are discounted: the programme looks back from the beginning."""
        self.ensure_one()
        return self.date_from - timedelta(days=self.programme_id.lookback_days)

    # === HOW MUCH === #

    @api.model
    def _find_discounts(self, bills):
        """What assistance still takes off these bills, in a number of queries that does not grow with them.

        Read with the system's rights: whoever reads a bill may know what can be taken off it.

        :param bills: ``account.move`` records
        :return: {bill: :class:`Discount`}, only those with something to take off
        """
        bills = bills.filtered(
            lambda bill: bill.billing_kind and bill.move_type == "out_invoice" and bill.state == "posted"
        ).sudo().filtered(lambda bill: not bill.billing_coverage_id)
        if not bills:
            return {}
        applicable = self._get_applicable(bills)
        bills = bills.filtered(lambda bill: applicable[bill])
        flows = self.env["billing.charge.flow"]._get_flows(bills)
        granted = dict(self.env["billing.adjustment"].sudo()._read_group(
            [("move_id", "in", bills.ids), ("assistance_id", "!=", False), ("state", "=", "posted")],
            ["move_id"], ["amount:sum"],
        ))
        discounts = {}
        for bill in bills:
            application = applicable[bill]
            unit = to_decimal(bill.currency_id.rounding)
            refundable = max(flows[bill]["paid"], 0.0) if application.programme_id.refund_paid else 0.0
            amount = get_discount(
                to_decimal(flows[bill]["open"], unit),
                to_decimal(granted.get(bill, 0.0), unit),
                to_decimal(refundable, unit),
                to_decimal(application.discount_percent),
                unit,
            )
            if amount:
                still_open = bill.currency_id.round(flows[bill]["open"])
                discounts[bill.sudo(False)] = Discount(bill.sudo(False), application, still_open, float(amount))
        return discounts

    # === TAKING IT OFF === #

    @api.model
    def _apply_discounts(self, bills):
        """Take off these bills what assistance still gives; what has been taken off before is not taken off again.

        It goes through ``billing.adjustment``, under its rules for dates, accounts and the ledger. Its approval is the
        accepted application: see ``_is_granted`` there.

        :return: the adjustments, none when there is nothing left to take off
        """
        applications = self.sudo().concat(*{d.application for d in self._find_discounts(bills).values()})
        if not applications:
            return self.env["billing.adjustment"]
        # Two people who press the button at once: the second one is told, or begins anew and finds nothing left, for
        # what is written here makes its view of the database an old one.
        applications._lock_or_refuse()
        applications.last_applied = fields.Datetime.now()
        reason = self.env.ref("billing_coordinator.reason_office_assist")
        adjustments = self.env["billing.adjustment"].create([
            {
                "move_id": bill.id,
                "reason_id": reason.id,
                "amount": discount.amount,
                "date": fields.Date.context_today(self),
                "assistance_id": discount.application.id,
                "note": self.env._(
                    "%(percent)s %% by %(application)s",
                    percent=format_number(self.env, discount.application.discount_percent),
                    application=discount.application.name,
                ),
            }
            for bill, discount in self._find_discounts(bills).items()
        ])
        adjustments._decide_or_ask()
        return adjustments

    @api.model
    def _refuse_nothing_left(self, bills):
        """Say why none of these bills is discounted.

        :raise UserError: always
        """
        given = self.env["billing.adjustment"].sudo().search([
            ("move_id", "in", bills.ids), ("assistance_id", "!=", False), ("state", "=", "posted"),
        ])
        if given:
            raise UserError(self.env._(
                "Nothing is left to take off: the discount has been given already by %(adjustments)s.",
                adjustments=", ".join(sorted(given.mapped("name"))),
            ))
        raise UserError(self.env._(
            "No open bill is discounted: financial assistance holds for bills of the applicant whose service falls "
            "within the validity of an accepted application.",
        ))
