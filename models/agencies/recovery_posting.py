from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.agency_fees import share_withheld

COLLECTABLE = ("placed", "closed", "recalled", "returned")


class BillingRecovery(models.Model):
    """Posting what an agency has collected: the money, its bill, what it kept, and debts written off before."""

    _inherit = "billing.recovery"

    def _post_recovery(self):
        """Post it.

        :raise UserError: it does not balance, or names something that cannot be collected
        """
        self.ensure_one()
        self._lock_or_refuse()
        placements = self.line_ids.placement_id
        placements._lock_or_refuse()
        placements.item_ids.move_line_id._billing_lock(self.display_name)
        self.env.add_to_compute(self.line_ids._fields["commission"], self.line_ids)
        self._check_postable()
        bill = self._create_bill()
        kept = dict(zip(self.line_ids, self._get_kept(self._get_billed(bill)), strict=True))
        self._check_received(kept)
        entry = self._post_entry(self._get_reinstated(), self.date)
        money = self._create_payments(kept)
        netting = self._create_netting(kept, bill, money)
        self._match(money, entry, bill, netting)
        self._set_state("posted", bill_id=bill.id, netting_id=netting.id, entry_id=entry.id)
        placements._close_paid()

    # === WHAT THE AGENCY GETS === #

    def _create_bill(self):
        """The agency's bill: its commission on each debt."""
        lines = self.line_ids.filtered(lambda line: not self.currency_id.is_zero(line.commission))
        if not lines:
            return self.env["account.move"]
        bill = self.env["account.move"]._billing_create([{
            "move_type": "in_invoice",
            "company_id": self.company_id.id,
            "journal_id": self._get_bill_journal().id,
            "partner_id": self.agency_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date,
            "date": self.date,
            "ref": self.reference,
            "invoice_line_ids": [Command.create(self._prepare_bill_line(line)) for line in lines],
            **self._get_link_vals(),
        }])
        bill._post(soft=False)
        return bill

    def _prepare_bill_line(self, line):
        """A commission names the debt by its number: not whose it is."""
        return {
            "name": self.env._("Commission on %(placement)s", placement=line.placement_id.name),
            "account_id": self.company_id.billing_commission_account_id.id,
            "quantity": 1.0,
            "price_unit": line.commission,
            "tax_ids": [Command.set(self.agreement_id.tax_ids.ids)],
        }

    def _get_billed(self, bill):
        """What the bill asks for each line, taxes included; together the total of the bill."""
        totals = iter(bill.invoice_line_ids.mapped("price_total"))
        billed = [0.0 if self.currency_id.is_zero(line.commission) else next(totals) for line in self.line_ids]
        if any(billed):
            last = max(position for position, amount in enumerate(billed) if amount)
            # Taxes that are rounded on the whole bill.
            billed[last] += bill.amount_total - sum(billed)
        return billed

    def _get_kept(self, billed):
        """How much of each sum collected the agency keeps.

        :param billed: commission of each line, taxes included
        """
        if self.pays != "net":
            return [0.0] * len(billed)
        collected = [line.amount if line.kind == "agency" else 0.0 for line in self.line_ids]
        return [float(amount) for amount in share_withheld(
            [self._to_decimal(amount) for amount in collected], [self._to_decimal(amount) for amount in billed],
        )]

    def _create_netting(self, kept, bill, money):
        """What the agency kept pays its bill, and the debts that it was kept of.

        :param dict money: {line: journal items that credit the debtor}, to which these are added
        """
        parts = {line: amount for line, amount in kept.items() if not self.currency_id.is_zero(amount)}
        if not parts:
            return self.env["account.move"]
        payable = self._get_payable_item(bill)
        credits = [self._prepare_netting_item(self._get_debt_item(line), -amount) for line, amount in parts.items()]
        debit = self._prepare_netting_item(payable, sum(parts.values()))
        debit["balance"] = -sum(vals["balance"] for vals in credits)
        entry = self.env["account.move"]._billing_create([{
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.billing_adjustment_journal_id.id,
            "date": self.date,
            "ref": self.display_name,
            "currency_id": self.currency_id.id,
            "line_ids": [Command.create(vals) for vals in (debit, *credits)],
            **self._get_link_vals(),
        }])
        entry._post(soft=False)
        for line, item in zip(parts, self._get_receivable_items(entry).sorted("id"), strict=True):
            money[line] = money.get(line, item.browse()) | item
        return entry

    def _prepare_netting_item(self, like, amount):
        return {
            "name": self.env._("%(recovery)s: commission kept", recovery=self.display_name),
            "account_id": like.account_id.id,
            "partner_id": like.partner_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": self._to_company_currency(amount, self.date),
        }

    def _get_payable_item(self, bill):
        return bill.line_ids.filtered(lambda item: item.account_id.account_type == "liability_payable")[:1]

    # === WHAT THE DEBTS GET === #

    def _get_debt_item(self, line):
        """The journal item that says at which account and for whom a debt stands."""
        items = line.placement_id.sudo().item_ids.move_line_id
        return (items.filtered(lambda item: item.amount_residual > 0) or items)[:1].sudo(False)

    def _get_reinstated(self):
        """What was written off before and has come now: asked for again first."""
        settled, taken = [], {}
        for placement, lines in self.line_ids.filtered(lambda line: line.kind == "agency").grouped(
            "placement_id",
        ).items():
            moves = placement.item_ids.move_line_id.move_id
            come = sum(lines.mapped("amount")) - placement.amount_open
            if self.currency_id.compare_amounts(come, 0.0) > 0:
                settled += self.env["billing.adjustment"]._get_reinstating(moves, come, taken)
        return settled

    def _create_payments(self, kept):
        """One payment for each sum collected, less what was kept of it.

        :return: {line: journal item that credits the debtor}
        """
        paid = {
            line: self.currency_id.round(line.amount - amount) for line, amount in kept.items() if line.kind == "agency"
        }
        paid = {line: amount for line, amount in paid.items() if amount}
        payments = self.env["account.payment"].with_context(force_payment_move=True).create([
            self._prepare_payment(line, amount) for line, amount in paid.items()
        ]).with_env(self.env)
        payments._generate_journal_entry()
        payments.move_id._as_billing().write(self._get_link_vals())
        payments.action_post()
        return {
            line: self._get_receivable_items(payment.move_id) for line, payment in zip(paid, payments, strict=True)
        }

    def _prepare_payment(self, line, amount):
        debt = self._get_debt_item(line)
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": debt.partner_id.id,
            "destination_account_id": debt.account_id.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "amount": amount,
            "currency_id": self.currency_id.id,
            "memo": f"{self.reference} {line.placement_id.name}",
        }

    def _match(self, money, entry, bill, netting):
        """Match what came of each debt with its bills, the oldest first; what is more stays the debtor's credit.

        :param dict money: {line: journal items that credit the debtor}
        """
        plan, again = [], self._get_receivable_items(entry)
        for placement, lines in self.line_ids.grouped("placement_id").items():
            debts = placement.sudo().item_ids.move_line_id.sudo(False)
            debts |= again.filtered(lambda item, moves=debts.move_id: item.billing_invoice_id in moves)
            mine = debts.browse().union(*(money.get(line, debts.browse()) for line in lines))
            for account, items in debts.filtered(lambda item: not item.reconciled).grouped("account_id").items():
                plan.append(items | mine.filtered(lambda item, account=account: item.account_id == account))
        if netting:
            plan.append(self._get_payable_item(bill) | self._get_payable_item(netting))
        if plan := [items for items in plan if len(items) > 1]:
            self.env["account.move.line"]._reconcile_plan(plan)

    def _get_receivable_items(self, moves):
        return moves.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")

    # === CHECKS === #

    def _check_postable(self):
        """
        :raise UserError: it is posted, empty, of the wrong agency or currency, or on a closed day
        """
        self.company_id._billing_check_setup("billing_commission_account_id")
        if self.state != "draft":
            raise UserError(self.env._("%(recovery)s is posted already.", recovery=self.display_name))
        if not self.line_ids:
            raise UserError(self.env._(
                "%(recovery)s names no debt yet. Add what the agency has collected.", recovery=self.display_name,
            ))
        self._check_chosen()
        self._check_date(self.date)
        for line in self.line_ids:
            self._check_line(line)

    def _check_chosen(self):
        """Where it posts to is known."""
        if not self.company_id.billing_commission_account_id:
            self.company_id._billing_refuse(self.env._(
                "%(company)s has no account for commissions of collection agencies. Choose one, or press Create What "
                "Is Missing, in Settings > Billing.",
                company=self.company_id.name,
            ))
        if not self.journal_id and self.amount_collected:
            raise UserError(self.env._(
                "%(recovery)s brings money but does not say where it was received. Choose the bank journal.",
                recovery=self.display_name,
            ))
        if not self._get_bill_journal():
            raise UserError(self.env._(
                "%(company)s has no journal for vendor bills, which the agency's bill needs.",
                company=self.company_id.name,
            ))

    def _check_line(self, line):
        placement = line.placement_id
        if placement.agreement_id.agency_id != self.agency_id or placement.company_id != self.company_id:
            raise UserError(self.env._(
                "%(placement)s of %(debtor)s was never with %(agency)s. Choose the debt that its report names.",
                placement=placement.name, debtor=placement.partner_id.name, agency=self.agency_id.name,
            ))
        if placement.state not in COLLECTABLE:
            raise UserError(self.env._(
                "%(placement)s of %(debtor)s has not been handed over.",
                placement=placement.name, debtor=placement.partner_id.name,
            ))
        if placement.currency_id != self.currency_id:
            raise UserError(self.env._(
                "%(placement)s is in %(theirs)s, %(recovery)s in %(ours)s. Type a report for each currency.",
                placement=placement.name, theirs=placement.currency_id.name, recovery=self.display_name,
                ours=self.currency_id.name,
            ))
        differs = self.currency_id.compare_amounts(line.commission, line.commission_agreed)
        if differs and not self.env.user.has_group("billing_coordinator.group_manager"):
            raise UserError(self.env._(
                "%(agency)s asks for %(asked)s on %(placement)s; %(agreed)s was agreed. A manager decides whether we "
                "pay that.",
                agency=self.agency_id.name, placement=placement.name,
                asked=format_amount(self.env, line.commission, self.currency_id),
                agreed=format_amount(self.env, line.commission_agreed, self.currency_id),
            ))

    def _check_received(self, kept):
        """The money that came is what the report says.

        :raise UserError: it is more or less
        """
        expected = self.amount_collected - sum(kept.values())
        if self.currency_id.compare_amounts(self.amount_received, expected):
            raise UserError(self.env._(
                "%(recovery)s does not balance: %(collected)s collected − %(kept)s kept by %(agency)s is "
                "%(expected)s, and %(received)s was received. Correct a line, or ask the agency.",
                recovery=self.display_name,
                agency=self.agency_id.name,
                collected=format_amount(self.env, self.amount_collected, self.currency_id),
                kept=format_amount(self.env, sum(kept.values()), self.currency_id),
                expected=format_amount(self.env, expected, self.currency_id),
                received=format_amount(self.env, self.amount_received, self.currency_id),
            ))
