from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AuthorizationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationAccess(AuthorizationCase):
    """Who may ask payers, record their answers, and see what was asked."""

    def _user(self, login, groups):
        return new_test_user(
            self.env, login=login, groups=groups, company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_a_coordinator_does_it_all_alone(self):
        coordinator = self._user("cora", "billing_coordinator.group_coordinator")
        encounter = self._visit().with_user(coordinator)
        self.env.invalidate_all()
        request = self.env["billing.authorization"].with_user(coordinator).browse(
            encounter.action_request_authorization()["res_id"],
        )
        request.reason = "Needed now."
        request.line_ids = [Command.update(request.line_ids.id, {"units_asked": 6.0})]
        request.action_submit()
        self.env.invalidate_all()
        request.write({"number": "A-1", "line_ids": [Command.update(request.line_ids.id, {"units_approved": 4.0})]})
        request.action_approve()
        self.assertEqual((request.state, request.user_id), ("partly_approved", coordinator))
        self.env.invalidate_all()
        encounter.action_ready()
        encounter._bill()
        self.assertEqual((request.units_used, request.units_left), (2.0, 2.0))
        self.env.invalidate_all()
        encounter.action_unbill()
        self.assertEqual(request.units_used, 0.0)

    def test_a_reader_reads_and_changes_nothing(self):
        reader = self._user("rosa", "billing_coordinator.group_readonly")
        request = self._authorize().with_user(reader)
        encounter = self._visit(units=20.0).with_user(reader)
        self.env.invalidate_all()
        self.assertTrue(request.read() and request.line_ids.read() and encounter.read() and encounter.line_ids.read())
        for action in (
            lambda: request.write({"number": "B"}),
            lambda: request.line_ids.write({"units_approved": 50.0}),
            request.action_cancel,
            encounter.action_request_authorization,
            lambda: encounter.line_ids.write({"authorization_line_id": False}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                action()
            self.env.invalidate_all()
        self.assertEqual(request.units_left, 10.0)

    def test_nobody_else_sees_it(self):
        request = self._authorize()
        for login, groups in (("olga", "base.group_user"), ("arno", "account.group_account_manager"),
                              ("petra", "base.group_portal")):
            user = self._user(login, groups)
            for record in (request, request.line_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])

    def test_another_company_does_not_see_it(self):
        request = self._authorize()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, login="sam", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.invalidate_all()
        for record in (request, request.line_ids):
            self.assertFalse(record.with_user(stranger).search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
