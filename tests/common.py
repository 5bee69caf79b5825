"""What the office's tests share: a practice with patients and payers, and shortcuts for its day."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TODAY = "2026-03-16"
# A company with a chart of accounts that the runner may have made before the tests (dev/plugins).
PREPARED = "Prepared practice"
# What the practice of these tests does not record, being about money: codes, reasons, who exactly the patient is.
NOT_RECORDED = (
    "code_missing", "diagnosis_missing", "birth_date_missing", "twice", "twice_elsewhere", "provider_missing",
    "npi_missing", "member_number",
)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class BillingCase(AccountTestInvoicingCommon):
    """A practice on 16 March 2026: Ana López, insured with Blue Shield Plan (primary) and Gold Plan (secondary)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("billing_coordinator.group_manager")
        cls.company = cls.env.company
        cls.company._billing_setup()
        cls._be_lenient()
        cls.payer = cls._create_payer("Blue Insurance")
        cls.payer_b = cls._create_payer("Gold Insurance")
        cls.plan = cls._create_plan("Blue Plan", cls.payer)
        cls.plan_b = cls._create_plan("Gold Plan", cls.payer_b)
        cls.patient = cls._create_patient("Ana López")
        cls.coverage = cls._create_coverage(cls.patient, cls.plan)
        cls.provider = cls.env["res.partner"].create({
            "name": "Dr. Ruth Stein", "is_provider": True, "npi": "1234567893",
        })
        cls.service = cls._create_service("Office visit", 500.0)
        for reason in ("co_45", "co_50", "pr_1", "pr_2", "pr_3", "pr_96"):
            setattr(cls, reason, cls.env.ref(f"billing_coordinator.reason_{reason}"))
        cls.small_balance = cls.env.ref("billing_coordinator.reason_office_small")
        cls.transfer_account = cls.company.billing_transfer_account_id
        cls.allowance_account = cls.company.billing_allowance_account_id
        cls.writeoff_account = cls.company.billing_writeoff_account_id

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """The prepared company, where the runner has one: a chart of accounts costs each class a second."""
        company = cls.env["res.company"].sudo().search([("name", "=", PREPARED)], limit=1)
        if kwargs or cls.country_code or cls.chart_template or not company:
            return super().setup_independent_company(**kwargs)
        company.name = "company_1_data"
        cls.env.user.company_ids = [Command.link(company.id)]
        return company.with_env(cls.env)

    # === THE PRACTICE === #

    @classmethod
    def _be_lenient(cls):
        """Only note what these tests leave out; ``tests/accuracy`` is as strict as an office."""
        cls.env["billing.accuracy.rule"].search([("key", "in", NOT_RECORDED)]).severity = "note"

    @classmethod
    def _create_payer(cls, name, **values):
        return cls.env["res.partner"].create({
            "name": name, "is_company": True, "is_payer": True, "payer_type": "insurer", "payer_code": name[:5],
            **values,
        })

    @classmethod
    def _create_plan(cls, name, payer, **values):
        return cls.env["billing.insurance.plan"].create({
            "name": name, "payer_id": payer.id, "company_id": cls.env.company.id, **values,
        })

    @classmethod
    def _create_patient(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "is_billing_account": True, **values})

    @classmethod
    def _create_coverage(cls, patient, plan, **values):
        return cls.env["billing.coverage"].create({
            "patient_id": patient.id,
            "plan_id": plan.id,
            "member_number": f"M-{patient.id}",
            "date_from": "2026-01-01",
            **values,
        })

    @classmethod
    def _create_service(cls, name, price, taxes=None, **values):
        return cls.env["product.product"].create({
            "name": name,
            "type": "service",
            "list_price": price,
            "taxes_id": [Command.set(taxes.ids if taxes else [])],
            "property_account_income_id": cls.company_data["default_account_revenue"].id,
            **values,
        })

    # === THE OFFICE'S DAY === #

    @classmethod
    def _create_encounter(cls, patient=None, services=None, date="2026-03-05", **values):
        """A visit with these services: products, or (product, price) pairs."""
        lines = [pair if isinstance(pair, tuple) else (pair, None) for pair in services or [cls.service]]
        return cls.env["billing.encounter"].create({
            "patient_id": (patient or cls.patient).id,
            "date": date,
            "provider_id": cls.provider.id,
            "line_ids": [
                Command.create({"product_id": product.id, **({} if price is None else {"price_unit": price})})
                for product, price in lines
            ],
            **values,
        })

    @classmethod
    def _bill(cls, encounter=None, date="2026-03-06", **values):
        """Bill a visit; gives its invoices."""
        encounter = encounter or cls._create_encounter(**values)
        encounter.action_ready()
        return encounter._bill(fields.Date.to_date(date))

    @classmethod
    def _prepare_answer(cls, claims, amount, reference="CHK 1", date="2026-03-10", **values):
        """A remittance with the services of these claims, still to be filled in."""
        return cls.env["billing.remittance"].create({
            "payer_id": claims.payer_id.id,
            "company_id": claims.company_id.id,
            "currency_id": claims.currency_id.id,
            "reference": reference,
            "date": date,
            "amount": amount,
            "line_ids": claims._prepare_answer_lines(),
            **values,
        })

    @classmethod
    def _answer(cls, claim, paid, adjustments=(), reference=None, post=True, **values):
        """Type and post the answer to a claim of one service.

        :param adjustments: (reason, amount) pairs
        """
        reference = reference or f"CHK {claim.name} {len(claim.remittance_line_ids)}"
        remittance = cls._prepare_answer(claim, values.pop("amount", paid), reference, **values)
        remittance.line_ids.write({
            "amount_paid": paid,
            "adjustment_ids": [
                Command.create({"reason_id": reason.id, "amount": amount}) for reason, amount in adjustments
            ],
        })
        if post:
            remittance.action_post()
        return remittance

    @classmethod
    def _pay(cls, invoices, amount=None, date="2026-03-12"):
        """Money for these invoices through Odoo's own wizard."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids,
        ).create({"payment_date": date, **({} if amount is None else {"amount": amount})})
        return wizard._create_payments()

    # === WHAT THE BOOKS SAY === #

    def _items(self, moves):
        """The journal items of moves as sorted (account, partner, debit, credit)."""
        return sorted(
            (line.account_id.name, line.partner_id.name or "", line.debit, line.credit)
            for line in moves.line_ids
            if line.display_type not in ("line_section", "line_subsection", "line_note")
        )

    def assertItems(self, moves, expected):
        """The moves have exactly these items: (account, partner, debit, credit), in any order."""
        expected = sorted(
            (account.name, partner.name if partner else "", debit, credit)
            for account, partner, debit, credit in expected
        )
        self.assertEqual(self._items(moves), expected)

    def _receivable(self, partner=None):
        return (partner or self.patient).property_account_receivable_id

    def _owed(self, partner):
        """What this debtor's open receivable items add up to."""
        items = self.env["account.move.line"].search([
            ("partner_id", "=", partner.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ])
        return self.company.currency_id.round(sum(items.mapped("amount_residual")))

    def assertConserved(self, companies=None):
        """No charge is unexplained, the transfer accounts are at zero and open nowhere, the books balance."""
        companies = companies or self.company
        self.env.flush_all()
        charges, balances = self.env["billing.conservation"].with_context(
            allowed_company_ids=companies.ids,
        )._find_differences(companies)
        self.assertFalse(
            charges.mapped(lambda c: (c.charge_id.name, c.amount_charged, c.amount_paid, c.amount_adjusted,
                                      c.amount_transferred, c.amount_open, c.difference)),
            "charges that do not add up",
        )
        self.assertEqual(balances, {})
        for company in companies:
            open_transfers = self.env["account.move.line"].search([
                ("account_id", "=", company.billing_transfer_account_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ])
            self.assertFalse(open_transfers.mapped(lambda item: (item.move_id.name, item.balance)))
        posted = self.env["account.move.line"].search([
            ("parent_state", "=", "posted"), ("company_id", "in", companies.ids),
        ])
        self.assertAlmostEqual(sum(posted.mapped("balance")), 0.0)
        for day in (fields.Date.context_today(self.env.user), fields.Date.to_date("2026-03-10")):
            self.assertAgedIsBalance(day, companies)

    def assertAgedIsBalance(self, day, companies):
        """What is aged as of a day is what the receivable accounts of the trial balance say on it."""
        aged = self.env["billing.aged.item"].with_context(billing_as_of=day)._read_group(
            [("company_id", "in", companies.ids)], [], ["amount:sum"],
        )[0][0]
        balance = self.env["account.move.line"]._read_group([
            ("parent_state", "=", "posted"), ("account_id.account_type", "=", "asset_receivable"),
            ("date", "<=", day), ("company_id", "in", companies.ids),
        ], [], ["balance:sum"])[0][0]
        self.assertAlmostEqual(aged or 0.0, balance or 0.0, places=2, msg=f"aged receivables of {day}")

    def _flow(self, invoice):
        """What became of an invoice, without the zeros."""
        flow = self.env["billing.charge.flow"]._get_flows(invoice)[invoice]
        return {kind: round(amount, 6) for kind, amount in flow.items() if round(amount, 6)}
