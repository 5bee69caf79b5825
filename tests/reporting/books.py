"""What the books say by themselves: sums over journal items, made without the statements of the reports."""

from collections import defaultdict


class Books:
    """Reads journal items for tests of reports. Mixed into test cases, which say what ties to what."""

    def _sum_items(self, domain, key, companies=None):
        """{key of an item: sum of balances}, zeros left out.

        :param key: what to sum by, a function of a journal item
        """
        self.env.flush_all()
        companies = companies or self.company
        sums = defaultdict(float)
        items = self.env["account.move.line"].sudo().search([
            ("parent_state", "=", "posted"), ("company_id", "in", companies.ids), *domain,
        ])
        for item in items:
            sums[key(item)] += item.balance
        return self._without_zeros(sums)

    def _sum_rows(self, model, groups, amount, domain=(), companies=None):
        """{values of the groups: sum of an amount} as a report gives them, zeros left out; alone when it is one."""
        self.env.flush_all()
        companies = companies or self.company
        rows = self.env[model].with_context(allowed_company_ids=companies.ids)._read_group(
            list(domain), groups, [f"{amount}:sum"],
        )
        return self._without_zeros({key[0] if len(key) == 1 else tuple(key): total for *key, total in rows})

    def _without_zeros(self, sums):
        return {key: round(amount, 2) for key, amount in sums.items() if round(amount, 2)}

    # === WHAT TIES TO WHAT === #

    def assertRegisterTies(self, companies=None):
        """Day by day the register is the movement of the receivable accounts, and its columns are its sum."""
        companies = companies or self.company
        moved = self._sum_items(
            [("account_id.account_type", "=", "asset_receivable")],
            lambda item: (item.company_id, item.date, item.partner_id), companies,
        )
        groups = ["company_id", "date:day", "debtor_id"]
        self.assertEqual(self._sum_rows("billing.register.entry", groups, "amount", companies=companies), moved)
        ids = self.env["billing.register.entry"].search([]).ids
        self.assertEqual(len(ids), len(set(ids)), "every row is there once")
        columns = (
            "amount_charged", "amount_credited", "amount_paid", "amount_refunded", "amount_kept", "amount_adjusted",
            "amount_moved", "amount_other",
        )
        [totals] = self.env["billing.register.entry"]._read_group(
            [], [], ["amount:sum", *(f"{name}:sum" for name in columns)],
        )
        self.assertAlmostEqual(totals[0] or 0.0, sum(total or 0.0 for total in totals[1:]), places=2)

    def assertAllowancesTie(self, companies=None):
        """By account and day, what was given up is the balance of the items that carry a reason."""
        companies = companies or self.company
        given = self._sum_items(
            [
                ("adjustment_reason_id", "!=", False), ("move_id.move_type", "=", "entry"),
                ("account_id", "not in", companies.billing_transfer_account_id.ids),
            ],
            lambda item: (item.company_id, item.account_id, item.date), companies,
        )
        groups = ["company_id", "account_id", "date:day"]
        with_reason = [("reason_id", "!=", False)]
        told = self._sum_rows("billing.allowance.item", groups, "amount_adjusted", with_reason, companies)
        self.assertEqual(told, given)
        register = self._sum_rows(
            "billing.register.entry", ["date:day"], "amount", [("kind", "=", "adjusted")], companies,
        )
        allowances = self._sum_rows("billing.allowance.item", ["date:day"], "amount_adjusted", companies=companies)
        self.assertEqual({day: -amount for day, amount in register.items()}, allowances)
        for kind, column in (("credited", "amount_credited"), ("refunded", "amount_refunded")):
            register = self._sum_rows(
                "billing.register.entry", ["date:day"], "amount", [("kind", "=", kind)], companies,
            )
            sign = -1 if kind == "credited" else 1
            returned = self._sum_rows("billing.allowance.item", ["date:day"], column, companies=companies)
            self.assertEqual({day: sign * amount for day, amount in register.items()}, returned, kind)

    def assertProfitTies(self, companies=None):
        """Account by account and day by day, where only billing posts, profit is profit and loss."""
        companies = companies or self.company
        booked = self._sum_items(
            [("account_id.internal_group", "in", ("income", "expense"))],
            lambda item: (item.company_id, item.account_id, item.date), companies,
        )
        groups = ["company_id", "account_id", "date:day"]
        self.assertEqual(
            self._sum_rows("billing.profit.item", groups, "amount", companies=companies),
            {key: -amount for key, amount in booked.items()},
        )
        net, *parts = self.env["billing.profit.item"]._read_group([], [], [
            f"{name}:sum" for name in (
                "amount_net", "amount_gross", "amount_credited", "amount_reduced", "amount_bad_debt",
                "amount_commission", "amount_other", "amount",
            )
        ])[0]
        gross, credited, reduced, bad_debt, commission, other, result = (part or 0.0 for part in parts)
        self.assertAlmostEqual(net or 0.0, gross + credited + reduced, places=2)
        self.assertAlmostEqual(result, (net or 0.0) + bad_debt + commission + other, places=2)
