from base64 import b64decode, b64encode

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class AgencyCase(CollectionCase):
    """Nora Neu owes 200 and 400; Rigor Inkasso may collect it for a quarter, once she was told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.env["res.partner"].create({
            "name": "Rigor Inkasso", "is_company": True, "is_collection_agency": True, "email": "post@rigor.example",
        })
        cls.agreement = cls._agree()
        cls.bad_debt_account = cls.company.billing_bad_debt_account_id
        cls.commission_account = cls.company.billing_commission_account_id
        cls.receivable = cls.nora.property_account_receivable_id
        cls.payable = cls.agency.property_account_payable_id
        cls.income = cls.company_data["default_account_revenue"]

    @classmethod
    def _agree(cls, **values):
        """An agreement that is on file; nothing has to be waited for."""
        return cls.env["billing.agency.agreement"].create({
            "name": "Agreement of 1 January 2026",
            "agency_id": cls.agency.id,
            "company_id": cls.company.id,
            "date_from": "2026-01-01",
            "document": b64encode(b"signed"),
            "document_name": "agreement.pdf",
            "pays": "gross",
            "since_demand": 0,
            "fee_ids": [Command.create({"percent": 25.0})],
            **values,
        })

    @classmethod
    def _open_cases(cls):
        """What the night before has found."""
        cls.env["billing.collection.case"].sudo()._take_snapshot(cls.company)
        cls.env.flush_all()
        return cls.env["billing.collection.case"].search([("state", "=", "open"), ("company_id", "=", cls.company.id)])

    def _prepare(self, cases=None, agreement=None):
        """The window for these cases, with everything that may go."""
        cases = cases or self._open_cases()
        with Form(self.env["billing.placement.wizard"].with_context(default_case_ids=cases.ids)) as form:
            form.agreement_id = agreement or self.agreement
        return form.record

    def _place(self, cases=None, agreement=None):
        """Hand everything over that may go; gives the placements."""
        batch = self._prepare(cases, agreement)._prepare()
        batch.action_hand_over()
        return batch.placement_ids.filtered(lambda placement: placement.state == "placed")

    def _report(self, *lines, received=None, agreement=None, post=True, **values):
        """What the agency reports: (placement, amount) pairs, or dictionaries."""
        recovery = self.env["billing.recovery"].create({
            "agreement_id": (agreement or self.agreement).id,
            "reference": f"Report {self.env['billing.recovery'].search_count([]) + 1}",
            "date": TODAY,
            "line_ids": [
                Command.create(line if isinstance(line, dict) else {"placement_id": line[0].id, "amount": line[1]})
                for line in lines
            ],
            **values,
        })
        recovery.amount_received = recovery.amount_expected if received is None else received
        if post:
            recovery.action_post()
        return recovery

    def _moves(self, recovery):
        """(payments, bill, entry of what was kept, entry of what is asked for again)"""
        payments = recovery.caused_move_ids.filtered("origin_payment_id")
        return payments, recovery.bill_id, recovery.netting_id, recovery.entry_id

    def _bank(self, payment):
        """The account at which the money of a payment waits for the bank."""
        return payment.line_ids.account_id.filtered(lambda account: account.account_type != "asset_receivable")

    def _content(self, batch):
        return b64decode(batch.file_id.datas)
