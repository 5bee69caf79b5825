import inspect

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from .common import TODAY, BillingCase

# Who may do what: r read, w write, c create, d delete. A model that is missing here fails the test.
#                                     outsider accountant read-only coordinator manager
TABLE = {
    "billing.code.system":           ("",      "",      "r",      "r",      "rwcd"),
    "billing.code":                  ("",      "",      "r",      "r",      "rwcd"),
    "billing.code.pair":             ("",      "",      "r",      "r",      "rwcd"),
    "billing.code.ceiling":          ("",      "",      "r",      "r",      "rwcd"),
    "billing.code.crosswalk":        ("",      "",      "r",      "r",      "rwcd"),
    "billing.code.import":           ("",      "",      "r",      "r",      "rwc"),
    "billing.code.import.wizard":    ("",      "",      "",       "",       "rwcd"),
    "billing.code.import.wizard.line": ("",    "",      "",       "",       "rwcd"),
    "billing.product.code":          ("",      "",      "r",      "r",      "rwcd"),
    "billing.fee.locality":          ("",      "",      "r",      "r",      "rwcd"),
    # Written by the import alone: what it did stays.
    "billing.fee.import":            ("",      "",      "r",      "r",      "r"),
    "billing.fee.import.wizard":     ("",      "",      "",       "",       "rwcd"),
    "billing.fee.import.wizard.line": ("",     "",      "",       "",       "rwcd"),
    "billing.adjustment.reason":     ("",      "",      "r",      "r",      "rwcd"),
    "billing.approval.rule":         ("",      "",      "r",      "r",      "rwcd"),
    "billing.consent":               ("",      "",      "r",      "rwc",    "rwc"),
    "billing.assistance.programme":  ("",      "",      "r",      "r",      "rwcd"),
    "billing.assistance.bracket":    ("",      "",      "r",      "r",      "rwcd"),
    # Household, income and evidence are confidential.
    "billing.assistance.application": ("",     "",      "",       "rwc",    "rwcd"),
    "billing.insurance.plan":        ("",      "",      "r",      "r",      "rwcd"),
    "billing.coverage.rule":         ("",      "",      "r",      "r",      "rwcd"),
    "billing.coverage":              ("",      "",      "r",      "rwc",    "rwcd"),
    "billing.coverage.limit":        ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.contact.purpose":       ("",      "",      "r",      "r",      "rwcd"),
    "billing.eligibility.check":     ("",      "",      "r",      "rwc",    "rwcd"),
    "billing.eligibility.change":    ("",      "",      "r",      "r",      "r"),
    "billing.authorization":         ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.authorization.line":    ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.payer.habit":           ("",      "",      "r",      "r",      "rwcd"),
    "billing.encounter.value":       ("",      "",      "r",      "rwcd",   "rwcd"),
    # What was told stays; only what a payer asks for is typed.
    "billing.claim.told":            ("",      "",      "r",      "rw",     "rw"),
    "billing.encounter":             ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.encounter.diagnosis":   ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.encounter.line":        ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.estimate":              ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.estimate.line":         ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.charge.flow":           ("",      "",      "r",      "r",      "r"),
    "billing.claim":                 ("",      "",      "r",      "rwc",    "rwc"),
    # Written by sending alone: proof of filing stays.
    "billing.claim.submission":      ("",      "",      "r",      "r",      "r"),
    # What a payer said stays.
    "billing.claim.contact":         ("",      "",      "r",      "rc",     "rc"),
    "billing.claim.event":           ("",      "",      "r",      "r",      "r"),
    "billing.remittance":            ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.remittance.line":       ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.remittance.adjustment": ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.remittance.provider.adjustment": ("", "",  "r",      "rwcd",   "rwcd"),
    "billing.payer.alias":           ("",      "",      "r",      "rwcd",   "rwcd"),
    # Written by the reading of files; people only decide.
    "billing.remittance.file":       ("",      "",      "r",      "rw",     "rw"),
    "billing.remittance.transaction": ("",     "",      "r",      "rw",     "rw"),
    "billing.remittance.item":       ("",      "",      "r",      "rw",     "rw"),
    "billing.remittance.item.service": ("",    "",      "r",      "rw",     "rw"),
    "billing.remittance.item.candidate": ("",  "",      "r",      "r",      "r"),
    "billing.adjustment":            ("",      "",      "r",      "rwc",    "rwc"),
    "billing.denial.category":       ("",      "",      "r",      "r",      "rwcd"),
    "billing.appeal.level":          ("",      "",      "r",      "r",      "rwcd"),
    "billing.appeal.text":           ("",      "",      "r",      "r",      "rwcd"),
    # Opened by answers alone: what was denied stays.
    "billing.denial":                ("",      "",      "r",      "rw",     "rw"),
    "billing.appeal":                ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.denial.wizard":         ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.payer.scorecard":       ("",      "",      "r",      "r",      "r"),
    "billing.accuracy.rule":         ("",      "",      "r",      "r",      "rwcd"),
    # Written by the engine alone.
    "billing.accuracy.finding":      ("",      "",      "r",      "r",      "r"),
    # Ways are configuration; batches and acknowledgements are made by sending and reading alone.
    "billing.filing.route":          ("",      "",      "r",      "r",      "rwcd"),
    "billing.filing.batch":          ("",      "",      "r",      "rw",     "rw"),
    "billing.filing.batch.line":     ("",      "",      "r",      "r",      "r"),
    "billing.acknowledgement":       ("",      "",      "r",      "rw",     "rw"),
    "billing.acknowledgement.line":  ("",      "",      "r",      "r",      "r"),
    "billing.filing.wizard":         ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.filing.wizard.group":   ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.filing.wizard.stay":    ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.filing.take.back":      ("",      "",      "",       "",       "rwcd"),
    "billing.acknowledgement.import": ("",     "",      "",       "rwcd",   "rwcd"),
    "billing.acknowledgement.match": ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.plan.policy":           ("",      "",      "r",      "r",      "rwcd"),
    "billing.payment.plan":          ("",      "",      "r",      "rwcd",   "rwcd"),
    # Bills are put into a plan and taken out, never exchanged.
    "billing.payment.plan.item":     ("",      "",      "r",      "rcd",    "rcd"),
    "billing.payment.plan.instalment": ("",    "",      "r",      "rwcd",   "rwcd"),
    "billing.payment.plan.signing":  ("",      "",      "",       "rwcd",   "rwcd"),
    # Income and expenses are confidential.
    "billing.ability.assessment":    ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.plan.promise":          ("",      "",      "r",      "r",      "r"),
    "billing.collection.stage":      ("",      "",      "r",      "r",      "rwcd"),
    # Opened and closed by the nightly run; steps are approved or dropped.
    "billing.collection.case":       ("",      "",      "r",      "rw",     "rw"),
    "billing.collection.item":       ("",      "",      "r",      "r",      "r"),
    "billing.collection.step":       ("",      "",      "r",      "rw",     "rw"),
    "billing.collection.step.line":  ("",      "",      "r",      "r",      "r"),
    "billing.interest.rate":         ("",      "",      "r",      "r",      "rwcd"),
    "billing.letter.batch":          ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.charge.waive":          ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.dispute.category":      ("",      "",      "r",      "r",      "rwcd"),
    "billing.dispute.mailbox":       ("",      "",      "r",      "r",      "rwcd"),
    # What nobody recognises is no dispute, and a manager may throw it away.
    "billing.dispute":               ("",      "",      "r",      "rwc",    "rwcd"),
    "billing.dispute.item":          ("",      "",      "r",      "rwcd",   "rwcd"),
    # Offers stay on record.
    "billing.negotiation":           ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.negotiation.item":      ("",      "",      "r",      "rwcd",   "rwcd"),
    "billing.negotiation.offer":     ("",      "",      "r",      "rwc",    "rwc"),
    "billing.dispute.figure":        ("",      "",      "r",      "r",      "r"),
    "billing.dispute.resolve":       ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.dispute.resolve.line":  ("",      "",      "",       "rwcd",   "rwcd"),
    # Written once, when somebody was called; promises are cancelled, never edited.
    "billing.collection.contact":    ("",      "",      "r",      "rc",     "rc"),
    "billing.collection.promise":    ("",      "",      "r",      "rw",     "rw"),
    "billing.collection.promise.part": ("",    "",      "r",      "r",      "r"),
    "billing.collection.promise.item": ("",    "",      "r",      "r",      "r"),
    "billing.collection.call":       ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.collection.call.part":  ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.collection.preview":    ("",      "",      "",       "rc",     "rc"),
    "billing.agency.agreement":      ("",      "",      "r",     "r",     "rwcd"),
    "billing.agency.fee":            ("",      "",      "r",     "r",     "rwcd"),
    "billing.agency.column":         ("",      "",      "r",     "r",     "rwcd"),
    # Made by handing over alone; what it did is written down by the system.
    "billing.placement":             ("",      "",      "r",     "rw",    "rw"),
    "billing.placement.item":        ("",      "",      "r",     "r",     "r"),
    "billing.placement.batch":       ("",      "",      "r",     "rw",    "rw"),
    "billing.recovery":              ("",      "",      "r",     "rwcd",  "rwcd"),
    "billing.recovery.line":         ("",      "",      "r",     "rwcd",  "rwcd"),
    "billing.placement.figure":      ("",      "",      "r",     "r",     "r"),
    "billing.unbilled.item":         ("",      "",      "r",     "r",     "r"),
    "billing.unfilled.item":         ("",      "",      "r",     "r",     "r"),
    "billing.claim.figure":          ("",      "",      "r",     "r",     "r"),
    "billing.denial.figure":         ("",      "",      "r",     "r",     "r"),
    "billing.collection.figure":     ("",      "",      "r",     "r",     "r"),
    "billing.contact.figure":        ("",      "",      "r",     "r",     "r"),
    "billing.plan.figure":           ("",      "",      "r",     "r",     "r"),
    "billing.placement.wizard":      ("",      "",      "",      "rwcd",  "rwcd"),
    "billing.placement.wizard.line": ("",      "",      "",      "rwcd",  "rwcd"),
    "billing.placement.end":         ("",      "",      "",      "rwcd",  "rwcd"),
    "billing.recovery.import":       ("",      "",      "",      "rwcd",  "rwcd"),
    "billing.account.review":        ("",      "",      "r",      "r",      "r"),
    "billing.account.review.change": ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.account.review.change.line": ("", "",      "",       "rwcd",   "rwcd"),
    # Lines are made by preparing a run, and stay as what was said.
    "billing.statement.run":         ("",      "",      "r",      "rwc",    "rwc"),
    "billing.statement.line":        ("",      "",      "r",      "rw",     "rw"),
    "billing.worklist":              ("",      "",      "r",      "r",      "rwcd"),
    "billing.aged.item":             ("",      "r",     "r",      "r",      "r"),
    "billing.credit.item":           ("",      "",      "r",      "r",      "r"),
    "billing.as.of":                 ("",      "",      "rwcd",   "rwcd",   "rwcd"),
    "billing.report":                ("",      "",      "r",      "r",      "rwcd"),
    "billing.report.wizard":         ("",      "",      "rwcd",   "rwcd",   "rwcd"),
    # Made by the engine, for one reader each.
    "billing.report.job":            ("",      "",      "rd",     "rd",     "rd"),
    "billing.report.schedule":       ("",      "",      "r",      "r",      "rwcd"),
    "billing.dashboard.tile":        ("",      "",      "r",      "r",      "rwcd"),
    "billing.figure.month":          ("",      "",      "r",      "r",      "r"),
    "billing.conservation":          ("",      "",      "r",      "r",      "r"),
    "billing.register.entry":        ("",      "",      "r",      "r",      "r"),
    "billing.allowance.item":        ("",      "",      "r",      "r",      "r"),
    # Profit is accounting's business; what it says about health is not.
    "billing.profit.item":           ("",      "r",     "r",      "r",      "r"),
    "billing.account.change":        ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.account.change.line":   ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.registration":          ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.registration.coverage": ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.bill.wizard":           ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.bill.wizard.line":      ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.claim.send":            ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.remittance.reverse":    ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.adjust.wizard":         ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.accuracy.reason":       ("",      "",      "",       "rwcd",   "rwcd"),
    # Whoever reads a plan may ask which of its rules counts.
    "billing.rule.finder":           ("",      "",      "rwcd",   "rwcd",   "rwcd"),
    "billing.assistance.wizard":     ("",      "",      "",       "rwcd",   "rwcd"),
    "billing.assistance.wizard.line": ("",     "",      "",       "rwcd",   "rwcd"),
    # Whoever reads an account may print its statement.
    "billing.cms1500.wizard":        ("",      "",      "rwcd",   "rwcd",   "rwcd"),
    "billing.statement.wizard":      ("",      "",      "rwcd",   "rwcd",   "rwcd"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
HEALTH_FIELDS = {
    "res.partner": ("birth_date", "age", "sex", "special_concerns", "coverage_ids"),
    "account.move": (
        "encounter_id", "billing_coverage_id", "billing_patient_concerns", "claim_ids", "remittance_id",
        "billing_adjustment_id",
    ),
    "account.move.line": (
        "encounter_line_id", "billing_code_id", "billing_modifiers", "billing_pointers", "billing_patient_id",
        "billing_coverage_id",
        "billing_earlier_coverage_id", "billing_earlier_reason_id", "billing_amount_expected",
    ),
}
# What the addon says of a person beyond the billing office: the account as Odoo's own users need it, and where a person
# wants to be written to. Everything else that begins with billing_ is for the billing groups.
OPEN_PARTNER_FIELDS = {
    "billing_account_number", "billing_addressee", "billing_channel", "billing_name_key", "billing_phone_key",
    "billing_stands", "billing_state", "billing_state_date", "billing_state_reason", "billing_state_user_id",
    "billing_statement_cycle",
}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccess(BillingCase):
    """Who may see and do what: the table above, and the office's day done by each group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}

        def user(login, groups):
            return new_test_user(cls.env, login=login, groups=groups, **values)

        cls.outsider = user("olga", "base.group_user")
        cls.portal = user("petra", "base.group_portal")
        cls.public = user("paul", "base.group_public")
        cls.accountant = user("arno", "base.group_user,account.group_account_manager")
        cls.readonly = user("rosa", "billing_coordinator.group_readonly")
        cls.coordinator = user("cora", "billing_coordinator.group_coordinator")
        cls.manager = user("max", "billing_coordinator.group_manager")
        cls.patient.write({
            "birth_date": "1980-04-01", "sex": "female", "special_concerns": "Allergic to latex",
            "company_id": False,
        })

    def _as(self, user):
        """The helpers of the practice, used by somebody else."""
        return self.env(user=user)

    def test_managers_keep_services_and_prices_and_others_read_them(self):
        for model in ("product.template", "product.product", "product.pricelist", "product.pricelist.item"):
            may = {
                user.login: [self.env[model].with_user(user).has_access(right) for right in ("read", "write", "create")]
                for user in (self.readonly, self.coordinator, self.manager)
            }
            self.assertEqual(
                may, {"rosa": [True, False, False], "cora": [True, False, False], "max": [True] * 3}, model,
            )

    # === THE TABLE === #

    def test_what_somebody_is_typing_in_a_window_is_theirs_alone(self):
        rules = self.env["ir.rule"].sudo().search([]).grouped("model_id")
        for model in self.env["ir.model"].sudo().search([("model", "=like", "billing.%"), ("transient", "=", True)]):
            domains = [rule.domain_force for rule in rules.get(model, [])]
            self.assertIn("[('create_uid', '=', user.id)]", domains, model.model)

    def test_each_group_may_do_exactly_what_the_table_says(self):
        users = (self.outsider, self.accountant, self.readonly, self.coordinator, self.manager)
        for model_name, rights in TABLE.items():
            for user, letters in zip(users, rights, strict=True):
                model = self.env[model_name].with_user(user)
                allowed = "".join(letter for letter, operation in OPERATIONS.items() if model.has_access(operation))
                self.assertEqual(allowed, letters, f"{model_name} for {user.login}")

    def test_visitors_and_portal_users_may_nothing(self):
        for model_name in TABLE:
            for user in (self.portal, self.public):
                model = self.env[model_name].with_user(user)
                for operation in OPERATIONS.values():
                    self.assertFalse(model.has_access(operation), f"{operation} {model_name} for {user.login}")

    def test_the_table_names_every_model_of_billing(self):
        ours = {
            name for name, model in self.env.registry.items()
            if name.startswith("billing.") and not model._abstract
        }
        self.assertEqual(ours - set(TABLE), set())

    # === HEALTH FIELDS === #

    def test_what_concerns_health_is_hidden_without_a_billing_group(self):
        hidden = {name for name in self.env["res.partner"]._fields if name.startswith("billing_")} - OPEN_PARTNER_FIELDS
        health_fields = {**HEALTH_FIELDS, "res.partner": [*HEALTH_FIELDS["res.partner"], *hidden]}
        for user in (self.outsider, self.accountant):
            for model_name, names in health_fields.items():
                model = self.env[model_name].with_user(user)
                visible = set(model.fields_get(names))
                self.assertEqual(visible, set(), f"{model_name} for {user.login}")
        partner = self.patient.with_user(self.readonly)
        self.assertEqual(partner.read(["sex"])[0]["sex"], "female")

    def test_health_fields_cannot_be_read_searched_grouped_or_exported_by_outsiders(self):
        invoice = self._bill()
        for user in (self.outsider, self.accountant):
            partner = self.patient.with_user(user)
            for name in HEALTH_FIELDS["res.partner"]:
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        partner.read([name])
                    with self.assertRaises(AccessError):
                        partner.search([(name, "!=", False)])
                    with self.assertRaises(UserError):
                        partner.export_data([name])
            for name in ("sex", "birth_date:month"):
                with self.assertRaises(AccessError):
                    partner.formatted_read_group([], [name], ["__count"])
            with self.assertRaises(AccessError):
                partner.search([("coverage_ids.member_number", "=", "M")])
            with self.assertRaises(AccessError):
                partner.search([("id", ">", 0)], order="birth_date")
        accountant = invoice.with_user(self.accountant)
        self.assertEqual(accountant.amount_total, 500.0, "accounting sees the invoice")
        for name in HEALTH_FIELDS["account.move"]:
            with self.subTest(field=name), self.assertRaises(AccessError):
                accountant.read([name])
        for path in ("encounter_id.diagnosis_ids", "claim_ids.state", "billing_patient_id.special_concerns",
                     "line_ids.billing_code_id"):
            with self.subTest(path=path), self.assertRaises(AccessError):
                accountant.search([(path, "!=", False)])
        with self.assertRaises(AccessError):
            accountant.invoice_line_ids.read(["billing_code_id"])

    def test_who_may_not_see_health_data_duplicates_contacts_and_products_as_ever(self):
        # Odoo reads every field that is copied: one that the user may not read would stop the copy.
        groups = "base.group_user,base.group_partner_manager,product.group_product_manager"
        user = new_test_user(self.env, "copyist", groups=groups)
        self.patient.write({"birth_date": "1980-02-29", "special_concerns": "Call the daughter."})
        twin = self.patient.with_user(user).copy()
        self.assertFalse(twin.sudo().birth_date or twin.sudo().special_concerns)
        self.assertTrue(self.service.product_tmpl_id.with_user(user).copy())

    def test_a_member_number_finds_the_patient_for_the_office_only(self):
        number = self.coverage.member_number
        self.assertIn(
            self.patient.id,
            [pid for pid, _name in self.env["res.partner"].with_user(self.readonly).name_search(number)],
        )
        self.assertNotIn(
            self.patient.id,
            [pid for pid, _name in self.env["res.partner"].with_user(self.outsider).name_search(number)],
        )

    def test_an_accountant_works_on_billings_invoices_without_seeing_visits(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        patient_invoice = answer.caused_move_ids.filtered("billing_kind").with_user(self.accountant)
        self.env.invalidate_all()
        wizard = self.env["account.payment.register"].with_user(self.accountant).with_context(
            active_model="account.move", active_ids=patient_invoice.ids,
        ).create({"payment_date": "2026-03-12", "amount": 30.0})
        wizard._create_payments()
        self.assertEqual(patient_invoice.amount_residual, 50.0)
        with self.assertRaisesRegex(UserError, "It came out of remittance"):
            patient_invoice.button_draft()
        other = self._bill().with_user(self.accountant)
        self.env.invalidate_all()
        credit_note = self.env["account.move"].with_user(self.accountant).browse(
            self.env["account.move.reversal"].with_user(self.accountant).with_context(
                active_model="account.move", active_ids=other.ids,
            ).create({"journal_id": other.journal_id.id}).reverse_moves()["res_id"],
        )
        credit_note.action_post()
        self.assertEqual(other.sudo().encounter_id.state, "ready")
        self.assertConserved()

    def test_an_accountant_works_on_ordinary_invoices_as_ever(self):
        invoice = self._create_invoice_one_line(price_unit=100.0, tax_ids=[], post=True).with_user(self.accountant)
        self.env.invalidate_all()
        for modify in (False, True):
            reversal = self.env["account.move.reversal"].with_user(self.accountant).with_context(
                active_model="account.move", active_ids=invoice.ids,
            ).create({"journal_id": invoice.journal_id.id})
            self.assertTrue(reversal.reverse_moves(is_modify=modify))
        self.assertTrue(invoice.copy())
        entry = self.env["account.move"].with_user(self.accountant).create({"move_type": "entry", "line_ids": [
            Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": 1.0}),
            Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 1.0}),
        ]})
        entry.action_post()
        self.assertTrue(entry._reverse_moves())

    # === THE OFFICE'S DAY === #

    def _record_visit(self, user):
        return self.env["billing.encounter"].with_user(user).create({
            "patient_id": self.patient.id, "date": "2026-03-05", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id})],
        })

    def test_a_coordinator_does_the_whole_day_alone(self):
        env = self._as(self.coordinator)
        patient = env["res.partner"].create({
            "name": "Eva Roth", "is_billing_account": True, "birth_date": "1990-01-01",
        })
        env["billing.coverage"].create({
            "patient_id": patient.id, "plan_id": self.plan.id, "member_number": "7", "date_from": "2026-01-01",
        })
        encounter = self._record_visit(self.coordinator)
        encounter.patient_id = patient
        encounter.action_ready()
        self.env.invalidate_all()
        wizard = env["billing.bill.wizard"].create({"encounter_ids": [Command.set(encounter.ids)]})
        self.assertFalse(wizard.problem)
        wizard.action_bill()
        claim = encounter.claim_ids
        claim.action_send()
        claim.action_answer()
        remittance = env["billing.remittance"].create({
            "payer_id": self.payer.id, "reference": "CHK 1", "date": "2026-03-10", "amount": 300.0,
            "line_ids": claim._prepare_answer_lines(),
        })
        remittance.line_ids.write({"amount_paid": 300.0, "adjustment_ids": [
            Command.create({"reason_id": self.co_45.id, "amount": 160.0}),
            Command.create({"reason_id": self.pr_1.id, "amount": 40.0}),
        ]})
        self.env.invalidate_all()
        remittance.action_post()
        self.assertEqual((remittance.state, claim.state), ("posted", "settled"))
        patient_invoice = remittance.caused_move_ids.filtered("billing_kind")
        self.env.invalidate_all()
        env["billing.adjust.wizard"].create({
            "move_id": patient_invoice.id, "reason_id": self.small_balance.id, "amount": 10.0,
        }).action_apply()
        decision = env["billing.adjustment"].search([("move_id", "=", patient_invoice.id)])
        self.assertEqual((decision.state, patient_invoice.amount_residual), ("posted", 30.0))
        decision.action_reverse()
        self.assertEqual(decision.state, "reversed")
        self.env.invalidate_all()
        env["billing.remittance.reverse"].create({
            "remittance_id": remittance.id, "reason": "wrong", "money": "take_back",
        }).action_reverse()
        self.assertEqual((remittance.state, claim.state), ("reversed", "sent"))
        self.env.invalidate_all()
        encounter.action_unbill()
        self.assertEqual((encounter.state, claim.state), ("ready", "void"))
        self.assertConserved()

    def test_a_coordinator_bills_in_split_mode_and_reverses_a_cascade(self):
        self.plan.write({"billing_mode": "split"})
        self.coverage.coinsurance = 20.0
        self._create_coverage(self.patient, self.plan_b, rank="2")
        encounter = self._record_visit(self.coordinator)
        encounter.action_ready()
        self.env.invalidate_all()
        moves = encounter._bill(fields.Date.to_date("2026-03-06"))
        self.assertEqual(moves.mapped("amount_total"), [400.0, 100.0])
        self.assertConserved()

    def test_a_coordinator_asks_a_manager_above_the_limit(self):
        invoice = self._bill(is_self_pay=True)
        self.env.invalidate_all()
        wizard = self._as(self.coordinator)["billing.adjust.wizard"].create({
            "move_id": invoice.id, "reason_id": self.small_balance.id, "amount": 60.0,
        })
        self.assertTrue(wizard.needs_manager)
        wizard.action_apply()
        decision = self.env["billing.adjustment"].search([("move_id", "=", invoice.id)])
        self.assertEqual((decision.state, decision.requested_by_id), ("to_approve", self.coordinator))
        with self.assertRaisesRegex(UserError, "is above what you may decide"):
            decision.with_user(self.coordinator).action_approve()
        self.env.invalidate_all()
        decision.with_user(self.manager).action_approve()
        self.assertEqual((decision.state, decision.approver_id), ("posted", self.manager))
        self.assertConserved()

    def test_a_reader_sees_everything_and_changes_nothing(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)], post=False)
        self.env.invalidate_all()
        env = self._as(self.readonly)
        for record in (invoice.encounter_id, invoice.claim_ids, answer, answer.line_ids, self.coverage, self.plan):
            self.assertTrue(record.with_user(self.readonly).read())
        self.assertTrue(env["billing.conservation"].search([("charge_id", "=", invoice.id)]).read())
        for action in (
            lambda: self._record_visit(self.readonly),
            lambda: answer.with_user(self.readonly).action_post(),
            lambda: invoice.claim_ids.with_user(self.readonly).action_send(),
            lambda: invoice.encounter_id.with_user(self.readonly).action_unbill(),
            lambda: invoice.encounter_id.with_user(self.readonly).unlink(),
            lambda: self.patient.with_user(self.readonly).write({"special_concerns": ""}),
            lambda: env["billing.bill.wizard"].create({}),
            lambda: env["billing.adjustment"].create({
                "move_id": invoice.id, "reason_id": self.co_45.id, "amount": 1.0,
            }),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                action()
            self.env.invalidate_all()
        self.assertEqual((answer.state, invoice.claim_ids.state), ("draft", "ready"))

    def test_outsiders_reach_no_visit_claim_or_remittance(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 500.0)
        self.env.invalidate_all()
        for user in (self.outsider, self.accountant, self.portal, self.public):
            for record in (invoice.encounter_id, invoice.claim_ids, answer, self.coverage):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])

    # === COMPANIES === #

    def test_records_of_another_company_are_invisible(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.pr_1, 200.0)])
        decision = self.env["billing.adjustment"].create({
            "move_id": answer.caused_move_ids.filtered("billing_kind").id, "reason_id": self.small_balance.id,
            "amount": 5.0,
        })
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, login="sam", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        rule = self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "product_id": self.service.id, "limit_kind": "units", "limit_units": 20,
        })
        self.coverage.limit_ids = [Command.create({"rule_id": rule.id, "units": 3})]
        encounter = invoice.encounter_id
        records = (
            encounter, encounter.line_ids, invoice.claim_ids, answer, answer.line_ids, answer.line_ids.adjustment_ids,
            decision, self.coverage, self.plan, rule, self.coverage.limit_ids,
        )
        self.env.invalidate_all()
        for record in records:
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(stranger).search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    record.with_user(stranger).read(["display_name"])
                with self.assertRaises(AccessError):
                    record.with_user(stranger).write({"company_id": other.id})
        for model in ("billing.charge.flow", "billing.conservation"):
            self.assertFalse(self.env[model].with_user(stranger).search([("charge_id", "=", invoice.id)]))
        with self.assertRaises(AccessError):
            answer.with_user(stranger)._reverse(fields.Date.to_date("2026-03-15"), "mine")

    # === CALLS FROM OUTSIDE === #

    def test_only_buttons_can_be_called_from_outside(self):
        offenders = set()
        for model in self.env.registry.values():
            ours = [cls for cls in model.__mro__ if cls.__module__.startswith("odoo.addons.billing_coordinator.")]
            # What Odoo has made public stays public when it is extended here.
            odoos = {name for cls in model.__mro__ if cls not in ours for name in vars(cls)}
            offenders |= {
                f"{cls.__module__}.{cls.__qualname__}.{name}"
                for cls in ours
                for name, value in vars(cls).items()
                if inspect.isfunction(value)
                and not name.startswith(("_", "action_"))
                and name not in odoos
                # Odoo's own component for dropped files calls it by this name; it checks rights and owner itself.
                and name != "create_document_from_attachment"
                and not getattr(value, "_api_private", False)
            }
        self.assertEqual(offenders, set())

    def test_internals_cannot_be_called_from_outside(self):
        from odoo.service.model import get_public_method

        for model, name in (
            ("billing.encounter", "_bill"), ("billing.encounter", "_set_state"), ("billing.remittance", "_reverse"),
            ("account.move", "_billing_credit"), ("billing.adjustment", "_post_decision"),
        ):
            with self.subTest(method=name), self.assertRaises(AccessError):
                get_public_method(self.env[model], name)

    def test_every_model_describes_itself(self):
        for name in TABLE:
            model = self.env[name]
            own = [
                cls for cls in type(model).__mro__
                if cls.__module__.startswith("odoo.addons.billing_coordinator.") and issubclass(cls, models.BaseModel)
            ]
            self.assertTrue(all(cls.__doc__ for cls in own), name)
