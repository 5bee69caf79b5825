from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AssistanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAssistanceEvidence(AssistanceCase):
    """What an application is decided by: uploaded by whoever takes it in, kept, and confidential."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, login, group in (
            ("readonly", "rosa.evidence", "billing_coordinator.group_readonly"),
            ("accountant", "arno.evidence", "base.group_user,account.group_account_manager"),
            ("coordinator", "cora.evidence", "billing_coordinator.group_coordinator"),
            ("manager", "max.evidence", "billing_coordinator.group_manager"),
        ):
            setattr(cls, name, new_test_user(
                cls.env, login=login, groups=group, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            ))

    def test_evidence_is_attached_where_the_programme_asks_for_documents(self):
        self.programme.documents = "Pay slips\nTax return"
        application = self._apply_for()
        application.action_submit()
        with self.assertRaisesRegex(UserError, "has no evidence attached. Care Fund asks for: Pay slips, Tax return"):
            application.action_accept()
        slip = self.env["ir.attachment"].create({"name": "slip.pdf", "raw": b"3,333.33"})
        application.evidence_ids = slip
        self.assertEqual((slip.res_model, slip.res_id), (application._name, application.id))
        application.action_accept()
        with self.assertRaisesRegex(UserError, "the evidence it was decided by stays with it"):
            application.evidence_ids = False

    def test_evidence_is_what_the_user_uploaded_here(self):
        application = self._apply_for().with_user(self.coordinator)
        files = self.env["ir.attachment"].with_user(self.coordinator)
        own = files.create({"name": "slip.pdf", "raw": b"slip", "res_model": application._name, "res_id": 0})
        letter = files.create({
            "name": "letter.pdf", "raw": b"letter", "res_model": "res.partner", "res_id": self.patient.id,
        })
        strangers = files.with_user(self.manager).create({"name": "salaries.pdf", "raw": b"salaries"})
        foreign = self._accept(self._create_patient("Max Frei"))
        others = files.create({
            "name": "other.pdf", "raw": b"other", "res_model": application._name, "res_id": foreign.id,
        })
        for file in (letter, strangers, others):
            with (
                self.subTest(file=file.sudo().name),
                self.assertRaisesRegex(UserError, "belongs to another document or person|not allowed to access"),
                self.env.cr.savepoint(),
            ):
                application.write({"evidence_ids": [Command.link(file.id)]})
        application.evidence_ids = own
        self.assertEqual((own.res_id, letter.res_model, others.res_id), (application.id, "res.partner", foreign.id))
        application.evidence_ids = False
        self.assertFalse(own.exists(), "what is no evidence any more is nowhere")

    def test_a_file_of_the_chatter_is_no_evidence(self):
        self.programme.documents = "Pay slips"
        application = self._apply_for()
        application.message_post(body="What we sent", attachments=[("letter.pdf", b"letter")])
        application.action_submit()
        with self.assertRaisesRegex(UserError, "has no evidence attached"):
            application.action_accept()

    def test_income_and_evidence_are_for_coordinators_and_managers_alone(self):
        application = self._accept()
        slip = self.env["ir.attachment"].create({
            "name": "slip.pdf", "raw": b"3,333.33", "res_model": application._name, "res_id": application.id,
        })
        self.env.invalidate_all()
        for user in (self.readonly, self.accountant):
            for record in (application, slip):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name" if record == application else "raw"])
            self.assertNotIn("billing_assistance_ids", self.patient.with_user(user).fields_get())
            with self.assertRaises(AccessError):
                self.patient.with_user(user).search([("billing_assistance_ids.income", ">", 0)])
        for user in (self.coordinator, self.manager):
            self.assertEqual(application.with_user(user).income, 40000.0)
            self.assertEqual(slip.with_user(user).raw, b"3,333.33")
        self.assertEqual(
            self.patient.with_user(self.readonly).billing_assistance_note, "60 % of each bill until 08/31/2026",
        )
        with self.assertRaises(AccessError):
            self.patient.with_user(self.accountant).read(["billing_assistance_note"])
