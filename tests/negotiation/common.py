"""What the tests of negotiations share."""

from ..common import BillingCase


class NegotiationCase(BillingCase):
    """Blue Insurance owes a claim of 500, and talks about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._bill()
        cls.claim = cls.bill.claim_ids
        cls.settled_payer = cls.env.ref("billing_coordinator.reason_office_settled_payer")
        cls.settled = cls.env.ref("billing_coordinator.reason_office_settled")
        cls.coordinator = cls._create_user("coordinator", "group_coordinator")
        cls.reader = cls._create_user("reader", "group_readonly")

    @classmethod
    def _create_user(cls, login, group):
        return cls.env["res.users"].create({
            "name": login.title(), "login": f"negotiation_{login}",
            "group_ids": [(6, 0, cls.env.ref(f"billing_coordinator.{group}").ids)],
            "company_ids": [(6, 0, cls.env.company.ids)], "company_id": cls.env.company.id,
        })

    @classmethod
    def _negotiate(cls, bills=None, **values):
        bills = bills or cls.bill
        return cls.env["billing.negotiation"].create({
            "partner_id": bills.commercial_partner_id.id,
            "person": bills.partner_id.is_payer and "Mr Brown",
            "company_id": bills.company_id.id,
            "date": "2026-03-12",
            "item_ids": [(0, 0, {"move_id": bill.id}) for bill in bills],
            **values,
        })

    @classmethod
    def _offer(cls, negotiation, amount, side="them", **values):
        return cls.env["billing.negotiation.offer"].with_env(negotiation.env).create({
            "negotiation_id": negotiation.id, "side": side, "amount": amount, "date": "2026-03-14",
            "person": "Mr Brown", "pay_until": "2026-03-31", **values,
        })

    @classmethod
    def _agree(cls, amount=400.0, bills=None, **values):
        negotiation = cls._negotiate(bills)
        cls._offer(negotiation, amount, **values).action_accept()
        return negotiation

    @classmethod
    def _pay(cls, bill, amount, date="2026-03-15"):
        """A payment registered with Odoo's own wizard."""
        return cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids,
        ).create({"amount": amount, "payment_date": date})._create_payments()
