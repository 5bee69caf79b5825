from odoo import Command, fields, models


class BillingCollectionStep(models.Model):
    """Fee and interest of a step: invoices of their own, which join the case and are asked for in the same letter.

    | event | journal items |
    |---|---|
    | a step with a fee of 5 | Dr AR[P] 5 / Cr FEE 5 |
    | interest 3.28 on a bill | Dr AR[P] 3.28 / Cr INT 3.28, a line for each bill and rate |
    | lump sum of 40 for a late bill of a company | Dr AR[C] 40 / Cr FEE 40, with the fee |
    | waived | the same the other way round, matched with it |

    They bear no interest, and no fee is asked for them alone.
    """

    _inherit = "billing.collection.step"

    charge_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="billing_collection_step_id",
        string="Fees and interest",
        readonly=True,
        domain=[("move_type", "=", "out_invoice")],
    )

    # === BUSINESS METHODS === #

    def _act(self):
        self._charge()
        super()._act()

    def _look_again(self):
        return super()._look_again()._leave_uncharged()

    def _leave_uncharged(self):
        """Without those whose company has no account for what their stage asks for; the others go on."""
        broken = self.filtered(lambda step: step._find_missing_account())
        for company, steps in broken.grouped("company_id").items():
            steps.sudo().problem = self.env._(
                "%(company)s has no account for fees and interest yet. Choose one, or press Create What Is Missing, in "
                "Settings > Billing.", company=company.name,
            )
        mended = (self - broken).filtered("problem")
        if mended:
            mended.sudo().problem = False
        return self - broken

    def _find_missing_account(self):
        """Whether this step asks for a fee or interest that its company has no account for."""
        stage, company = self.stage_id, self.company_id.sudo()
        return (
            (stage.fee or (stage.charges_interest and company.billing_late_lump_sum))
            and not company.billing_fee_account_id
        ) or (stage.charges_interest and not company.billing_interest_account_id)

    def _charge(self):
        """Invoice what the stages of these steps ask for being late: in one go, for all of them.

        :return: the invoices
        """
        steps = self.filtered(lambda step: step.stage_id.fee or step.stage_id.charges_interest)
        moves = self.env["account.move"].sudo()
        if not steps:
            return moves
        days = {step: day for step, (day, *_rest) in steps._get_horizons().items()}
        vals_list = [
            step._prepare_charge(kind, currency, lines, days[step])
            for step, kind, currency, lines in steps._find_charges()
        ]
        if not vals_list:
            return moves
        moves = moves._billing_create(vals_list)
        moves._post(soft=False)
        self._join_charges(moves)
        return moves

    def _find_charges(self):
        """What these steps ask for: [(step, "fee" or "interest", currency, lines)].

        A line is (words, amount, journal item of the bill, last day of the interest).
        """
        bearing = self._get_bearing_bills()
        interest, known = self._find_interest(bearing), self._get_lump_items(bearing)
        wanted = []
        for step in (here.with_context(lang=here._get_lang()) for here in self if bearing.get(here.id)):
            own, lines = step.company_id.currency_id, []
            if step.stage_id.fee:
                lines.append((step.env._("Fee: %(stage)s", stage=step.stage_id.name), step.stage_id.fee, False, False))
            lines += step._find_lump_sums(interest, known)
            if lines:
                wanted.append((step, "fee", own, lines))
            for currency in bearing[step.id].currency_id:
                if rows := interest.get((step.id, currency)):
                    wanted.append((step, "interest", currency, step._say_interest(rows, currency)))
        return wanted

    def _prepare_charge(self, kind, currency, lines, day):
        """An invoice of a fee or of interest.

        :param lines: as :meth:`_find_charges` gives them
        :param day: by when it is to be paid
        """
        company = self.company_id.sudo()
        account = company.billing_fee_account_id if kind == "fee" else company.billing_interest_account_id
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "journal_id": company.billing_charge_journal_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": currency.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "billing_collection_step_id": self.id,
            "invoice_line_ids": [
                Command.create({
                    "name": words,
                    "account_id": account.id,
                    "quantity": 1,
                    "price_unit": amount,
                    "tax_ids": [Command.clear()],
                    "billing_late_item_id": item,
                    "billing_late_until": until,
                })
                for words, amount, item, until in lines
            ],
        }

    def _join_charges(self, moves):
        """These invoices stand in their case from now on, at the stage of the step that asks for them."""
        today = fields.Date.context_today(self)
        debts = moves.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable").sudo()
        steps = [line.move_id.billing_collection_step_id for line in debts]
        items = self.env["billing.collection.item"].sudo().create([
            {"case_id": step.case_id.id, "move_line_id": line.id, "stage_id": step.stage_id.id, "date_stage": today}
            for step, line in zip(steps, debts, strict=True)
        ])
        self.env["billing.collection.step.line"].sudo().create([
            {
                "step_id": step.id, "item_id": item.id, "stage_id": step.stage_id.id,
                "currency_id": line.currency_id.id, "amount": line.amount_residual_currency,
                "date_due": line.date_maturity,
            }
            for step, line, item in zip(steps, debts, items, strict=True)
        ])
        for step, line in zip(steps, debts, strict=True):
            step.sudo().amount += line.amount_residual
