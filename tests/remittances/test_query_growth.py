from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase

FEW, MANY = 4, 20


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestQueryGrowth(RemittanceFileCase):
    """What one more claim in an answer costs is what Odoo needs for one more journal item or number, and no more."""

    def _claims(self, count):
        visits = self.env["billing.encounter"].concat(*(self._create_encounter() for _number in range(count)))
        visits.action_ready()
        claims = self.env["billing.claim"].browse(visits._bill(fields.Date.to_date("2026-03-06")).claim_ids.ids)
        claims.action_send()
        return claims

    def _answer_all(self, claims, paid, reason, amount):
        """A draft answer that says the same of each of these claims."""
        remittance = self._prepare_answer(claims, paid * len(claims), reference=f"ANSWER {len(claims)}")
        remittance.line_ids.write({
            "amount_paid": paid, "adjustment_ids": [Command.create({"reason_id": reason.id, "amount": amount})],
        })
        return remittance

    def _count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _get_growth(self, prepare):
        """Queries for one record more.

        :param prepare: called with a number of records; returns what is to be done with them
        """
        few, many = prepare(FEW), prepare(MANY)
        self._count(prepare(2))  # fills Odoo's caches of rights and fields
        return (self._count(many) - self._count(few)) / (MANY - FEW)

    def test_posting_an_answer(self):
        growth = self._get_growth(
            lambda count: self._answer_all(self._claims(count), 300.0, self.co_45, 200.0)._post_answer,
        )
        self.assertLess(growth, 4.5, "the analytic distribution of each journal item, and a relation of taxes")

    def test_posting_denials_and_opening_them(self):
        growth = self._get_growth(
            lambda count: self._answer_all(self._claims(count), 0.0, self.co_50, 500.0)._post_answer,
        )
        self.assertLess(growth, 3.5, "three for the number of a denial")

    def test_reading_a_file_of_which_nothing_is_found(self):
        def prepare(count):
            content = x12.wrap(self._payment(*[
                self._clp(claim, claim_id=f"OLD-{claim.id}", control=f"ICN-{claim.id}")
                for claim in self._claims(count)
            ], trace=f"TRACE-{count}"), control=f"{count:09}")
            return lambda: self._take(content, f"{count}.835")

        self.assertLess(self._get_growth(prepare), 0.5)
