from odoo import Command, models

# After every journal that an office would choose itself: Odoo offers the first sale journal for new invoices.
LAST_SEQUENCE = 900

# Allowances and charity lower the revenue that could ever be expected (contra-revenue); the others are money
# that was expected and is given up (expense).
ACCOUNT_TYPES = {
    "billing_transfer_account_id": "asset_current",
    "billing_allowance_account_id": "income",
    "billing_charity_account_id": "income",
    "billing_writeoff_account_id": "expense",
    "billing_bad_debt_account_id": "expense",
    "billing_discount_account_id": "expense",
    "billing_fee_account_id": "income_other",
    "billing_interest_account_id": "income_other",
    "billing_commission_account_id": "expense",
}
JOURNAL_TYPES = {
    "billing_transfer_journal_id": ("sale", "PRT"),
    "billing_adjustment_journal_id": ("general", "BADJ"),
}
# First digit in a chart that has no account of the type to stand beside.
FALLBACK_DIGIT = {"asset_current": "1", "income": "4", "income_other": "4", "expense": "6"}


class AccountChartTemplate(models.AbstractModel):
    """The charts of accounts, each with the accounts and journals that billing posts to."""

    _inherit = "account.chart.template"

    # === LOADING === #

    def _post_load_data(self, template_code, company, template_data):
        """A company that gets its chart of accounts, at any time, is ready for billing with it."""
        result = super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._billing_setup()
        return result

    # === BUSINESS METHODS === #

    def _billing_names(self):
        """Names of what billing adds, in the language of the context, by company field."""
        return {
            "billing_transfer_account_id": self.env._("Responsibility transfer"),
            "billing_allowance_account_id": self.env._("Contractual allowances"),
            "billing_charity_account_id": self.env._("Charity care"),
            "billing_writeoff_account_id": self.env._("Write-offs"),
            "billing_bad_debt_account_id": self.env._("Bad debt"),
            "billing_discount_account_id": self.env._("Discounts to patients"),
            "billing_fee_account_id": self.env._("Fees of patients"),
            "billing_interest_account_id": self.env._("Interest of patients"),
            "billing_commission_account_id": self.env._("Commissions of collection agencies"),
            "billing_transfer_journal_id": self.env._("Patient responsibility"),
            "billing_adjustment_journal_id": self.env._("Billing adjustments"),
        }

    def _billing_load(self, company, fnames):
        """Find or create the accounts and journals that these fields of the company name.

        :param company: a root company with a chart of accounts
        :param fnames: fields of res.company, keys of ACCOUNT_TYPES or JOURNAL_TYPES
        :return: values to write on the company
        """
        # As core loads its charts: names are stored in English and translated after, whoever is at work.
        self = self.with_context(allowed_company_ids=company.ids, default_company_id=company.id, lang="en_US")
        accounts = self._billing_load_accounts(company, [name for name in ACCOUNT_TYPES if name in fnames])
        transfer_account = accounts.get("billing_transfer_account_id") or company.billing_transfer_account_id
        journals = self._billing_load_journals(
            company, [name for name in JOURNAL_TYPES if name in fnames], transfer_account
        )
        return {name: record.id for name, record in (accounts | journals).items()}

    def _billing_load_accounts(self, company, fnames):
        """Find or create these accounts, with free codes beside the company's own accounts of the same type.

        :return: {field of res.company: account}
        """
        Account = self.env["account.account"]
        names = self._billing_names()
        taken = set()
        vals_by_fname = {}
        found = self._billing_found(fnames)
        for fname in fnames:
            if fname in found:
                continue
            account_type = ACCOUNT_TYPES[fname]
            code = Account._search_new_account_code(self._billing_start_code(company, account_type), taken)
            taken.add(code)
            vals_by_fname[fname] = {
                "name": names[fname],
                "code": code,
                "account_type": account_type,
                "reconcile": fname == "billing_transfer_account_id",
                "company_ids": [Command.link(company.id)],
                # Tax was settled where the charge was born: no default of the chart applies again.
                "tax_ids": [Command.clear()],
            }
        return found | self._billing_create(Account, vals_by_fname)

    def _billing_start_code(self, company, account_type):
        """The code from which to look for a free one, so that the new account stands where it is looked for.

        That is beside the default income or expense account, beside the receivables for what passes through,
        else beside the first account of the type.
        """
        Account = self.env["account.account"]
        debtor = company.partner_id.with_company(company)
        neighbour = {
            "asset_current": debtor.property_account_receivable_id,
            "income": company.income_account_id,
            "income_other": Account,
            "expense": company.expense_account_id,
        }[account_type] or Account.search(
            [*Account._check_company_domain(company), ("account_type", "=", account_type)],
            order="code",
            limit=1,
        )
        return neighbour.with_company(company).code or FALLBACK_DIGIT[account_type].ljust(6, "0")

    def _billing_load_journals(self, company, fnames, transfer_account):
        """Find or create these journals, after all others and with codes that are free in the company.

        :return: {field of res.company: journal}
        """
        Journal = self.env["account.journal"]
        names = self._billing_names()
        found = self._billing_found(fnames)
        taken = set()
        if set(fnames) - found.keys():
            taken.update(
                Journal.with_context(active_test=False)
                .search(Journal._check_company_domain(company))
                .mapped("code")
            )
        vals_by_fname = {}
        for number, fname in enumerate(fname for fname in fnames if fname not in found):
            journal_type, code = JOURNAL_TYPES[fname]
            vals_by_fname[fname] = {
                "name": names[fname],
                "code": next(
                    free for free in (code, *(f"{code}{n}" for n in range(1, 10))) if free not in taken
                ),
                "type": journal_type,
                "company_id": company.id,
                "sequence": LAST_SEQUENCE + number,
                "show_on_dashboard": False,
                "default_account_id": transfer_account.id if journal_type == "sale" else False,
            }
        return found | self._billing_create(Journal, vals_by_fname)

    def _billing_found(self, fnames):
        """What an earlier set-up made for these fields and somebody took off the company since."""
        found = {}
        for fname in fnames:
            record = self.ref(fname.removesuffix("_id"), raise_if_not_found=False)
            if record:
                found[fname] = record
                if not record.active:
                    record.active = True
        return found

    def _billing_create(self, model, vals_by_fname):
        """Create records with external ids by which a later set-up finds them, named in all languages in use.

        :return: {field of res.company: record}
        """
        records = model._load_records(
            [
                {"xml_id": self.company_xmlid(fname.removesuffix("_id")), "values": vals, "noupdate": True}
                for fname, vals in vals_by_fname.items()
            ]
        )
        created = dict(zip(vals_by_fname, records, strict=True))
        for lang, _name in self.env["res.lang"].get_installed():
            if lang != "en_US":
                names = self.with_context(lang=lang)._billing_names()
                for fname, record in created.items():
                    record.with_context(lang=lang).name = names[fname]
        return created
