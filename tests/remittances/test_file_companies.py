from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase

NPI, NPI_2 = "1234567893", "1245319599"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFileCompanies(RemittanceFileCase):
    """Two companies of one office, the same payer, the same numbers, the same day: what a file says is posted where it
    belongs, or waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.setup_other_company(name="Second Practice")
        cls.second = data["company"]
        cls.second._billing_setup()
        cls.env.user.company_ids += cls.second
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": (cls.company + cls.second).ids})
        cls.ben = cls._create_patient("Ben Roth")
        second_plan = cls._create_plan("Second Plan", cls.payer, company_id=cls.second.id)
        for patient in (cls.ben, cls.patient):
            cls._create_coverage(patient, second_plan)
        cls.service.taxes_id = False
        cls.service.with_company(cls.second).property_account_income_id = data["default_account_revenue"]
        cls.mine = cls._create_claim()
        cls.theirs = cls._create_claim(patient=cls.ben, company_id=cls.second.id)
        cls.clerk = new_test_user(
            cls.env, "clerk_one", groups="billing_coordinator.group_coordinator", company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _take_in(self, content, name="a.835", company=None, user=None):
        files = self.env["billing.remittance.file"].with_user(user or self.env.user).with_context(
            allowed_company_ids=(company or self.company).ids,
        )
        return files._take_in_all([(name, content)]).sudo(False)

    def _moves_of(self, company):
        return self.env["account.move"].search_count([("company_id", "=", company.id)])

    def test_another_companys_answer_is_posted_nowhere_and_names_nobody(self):
        before = self._moves_of(self.company), self._moves_of(self.second)
        file = self._take_in(self._file(self._clp(self.theirs, patient=None)), user=self.clerk)
        self.assertEqual(
            self._became(file), ([("held", "other_company")], [("waiting", "other_company")]),
        )
        payment, item = (record.with_user(self.clerk) for record in (file.transaction_ids, file.item_ids))
        self.assertEqual(
            payment.reason_text,
            "It answers claims of another company here, not of company_1_data. Put it aside here, and let somebody who "
            "works there upload the file there.",
        )
        self.assertEqual(
            item.reason_text,
            f"“{self.theirs.name}” is a claim of another company here, not of company_1_data. Let somebody who works "
            "there upload the file there, and press “None of ours” here.",
        )
        self.assertFalse(item.candidate_ids)
        self.assertFalse(item.claim_id | item.other_claim_id)
        self.assertNotIn("Ben Roth", str(item.read()) + str(payment.read()))
        self.assertEqual((self._moves_of(self.company), self._moves_of(self.second)), before)
        # Put aside here, it is taken in there.
        payment.action_set_aside()
        there = self._take_in(self._file(self._clp(self.theirs, patient=None)), company=self.second)
        self.assertEqual(self._became(there), ([("posted", "")], [("posted", "")]))
        self.assertEqual(there.transaction_ids.remittance_id.company_id, self.second)
        self.assertEqual(self._moves_of(self.company), before[0])
        self.assertConserved(self.company + self.second)

    def test_who_works_in_both_is_told_which_company_it_is(self):
        file = self._take_in(self._file(self._clp(self.theirs)), company=self.company + self.second)
        self.assertEqual(file.company_id, self.company)
        self.assertEqual(
            file.transaction_ids.reason_text,
            "It answers claims of Second Practice, not of company_1_data. Put it aside here, and let somebody who "
            "works there upload the file there.",
        )

    def test_the_same_person_day_and_charge_here_is_not_taken_for_the_other_companys_claim(self):
        anas = self._create_claim(company_id=self.second.id)
        file = self._take_in(self._file(self._clp(anas), self._clp(self.mine, control="I2")))
        self.assertEqual(self._became(file), ([("posted", "")], [("waiting", "other_company"), ("posted", "")]))
        self.assertEqual(self.mine.remittance_line_ids.item_id, file.item_ids.sorted("position")[1])
        self.assertConserved(self.company + self.second)

    def test_the_same_number_in_both_is_this_companys_and_the_name_decides(self):
        self.theirs.name = self.mine.name
        file = self._take_in(self._file(self._clp(self.theirs)), user=self.clerk)
        self.assertEqual(file.item_ids.why, "other_patient")
        self.assertEqual(
            file.item_ids.reason_text,
            f"{self.mine.name} has this number, but it is Ana López's, and the answer is about BEN ROTH. Is it the "
            "same person?",
        )
        both = self._file(self._clp(self.theirs), trace="T2")
        there = self._take_in(both, company=self.second + self.company)
        self.assertEqual((there.item_ids.state, there.item_ids.claim_id), ("posted", self.theirs))
        self.assertEqual((self.mine.amount_open, self.theirs.amount_open), (500.0, 0.0))
        self.assertConserved(self.company + self.second)

    def test_a_payee_of_another_company_is_not_posted_here_by_trying_again(self):
        self.company.partner_id.npi, self.second.partner_id.npi = NPI, NPI_2
        file = self._take_in(self._file(self._clp(self.mine), payee=("SECOND PRACTICE", "XX", NPI_2)))
        self.assertEqual(self._became(file)[0], [("held", "company")])
        file.transaction_ids.action_retry()
        self.assertEqual(self._became(file), ([("held", "company")], [("new", "")]))
        self.assertEqual(
            file.transaction_ids.reason_text,
            f"It is for SECOND PRACTICE ({NPI_2}), which is another company here. Put it aside and upload the file "
            "there.",
        )
        self.second.partner_id.npi = False
        file.transaction_ids.action_retry()
        self.assertEqual(self._became(file)[0], [("posted", "")])

    def test_a_payee_is_known_by_its_tax_number_where_that_is_one_companys(self):
        self.second.vat = "12-3456789"
        payee = {"payee": ("SECOND PRACTICE", "FI", "123456789"), "tax_id": None}
        file = self._take_in(self._file(self._clp(self.mine), **payee))
        self.assertEqual(self._became(file)[0], [("held", "company")])
        # Companies of one owner may share it.
        self.company.vat = "12-3456789"
        file.transaction_ids.action_retry()
        self.assertEqual(self._became(file)[0], [("posted", "")])

    def test_what_waits_in_one_company_is_posted_there_from_a_screen_of_the_other(self):
        file = self._take_in(
            self._file(self._clp(self.theirs, patient=("HOLM", "GRETA"), member="M-X"), x12.claim(
                "ELSE", [self._service("10.00", [("CO", "45", "490.00")])], patient=("HOLM", "GRETA"), member="M-X",
            )), company=self.second,
        )
        item = file.item_ids.sorted("position")[0].with_context(
            allowed_company_ids=(self.company + self.second).ids,
        )
        self.assertEqual((item.state, item.env.company), ("waiting", self.company))
        before = self._moves_of(self.company)
        item.claim_id = self.theirs
        item.action_post_to_claim()
        self.assertEqual(item.state, "posted")
        moves = item.remittance_id.caused_move_ids
        self.assertEqual((moves.company_id, moves.journal_id.company_id), (self.second, self.second))
        self.assertEqual(self._moves_of(self.company), before)
        self.assertConserved(self.company + self.second)

    def test_the_other_companys_files_are_not_to_be_seen_or_touched(self):
        there = self._take_in(self._file(self._clp(self.theirs)), company=self.second)
        for record, button in (
            (there, "action_read"), (there.transaction_ids, "action_retry"), (there.item_ids, "action_retry"),
        ):
            with self.assertRaises(AccessError, msg=button):
                getattr(record.with_user(self.clerk), button)()
        # The same file is new in the own company, and says nothing of the other one's.
        file = self._take_in(self._file(self._clp(self.theirs)), user=self.clerk)
        self.assertNotEqual(file, there)
        self.assertEqual(file.transaction_ids.why, "other_company")
        self.assertEqual(fields.Date.to_string(file.transaction_ids.date), "2026-03-10")
