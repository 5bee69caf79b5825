"""What the tests of papers share: a paper as the text that people read."""

from lxml import html

from ..common import BillingCase

# Whatever a statement must never say.
SERVICE_WORDS = ("Office visit", "Blood test", "V213", "E11.9", "diabetes")


class PaperCase(BillingCase):
    """A practice whose services carry codes and whose visits carry a diagnosis."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        cls.service.billing_code_id = cls._create_code("V213", "Office visit", "procedure")
        cls.lab = cls._create_service("Blood test", 64.5)
        cls.lab.billing_code_id = cls._create_code("L036", "Blood test", "procedure")
        cls.diabetes = cls._create_code("E11.9", "Type 2 diabetes", "diagnosis")
        cls.hypertension = cls._create_code("I10", "High blood pressure", "diagnosis")
        cls.modifier = cls._create_code("Z5", "Separate service", "modifier")
        cls.office = cls._create_code("P11", "Office", "place")

    @classmethod
    def _create_code(cls, code, name, kind):
        return cls.env["billing.code"].create({
            "system_id": cls.system.id, "code": code, "name": name, "kind": kind,
        })

    def _read(self, report, records, user=None, **data):
        """A printed paper as plain text, blanks made one."""
        env = self.env(user=user) if user else self.env
        source, _kind = env["ir.actions.report"]._render_qweb_html(report, records.ids, data=data or None)
        tree = html.fromstring(source)
        for noise in tree.xpath("//style | //script | //head"):
            noise.drop_tree()
        return " ".join(" ".join(tree.xpath("//body//text()")).split()).replace("\N{MINUS SIGN}", "-")

    def _read_invoice(self, invoice, user=None):
        """What Odoo's own Print, Send and portal give for this invoice."""
        return self._read("account.account_invoices", invoice, user=user)

    def _patient_bills(self, encounter):
        """The bills of a visit that a patient or guarantor gets."""
        return encounter.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and not move.billing_coverage_id
        )

    def _bill_and_answer(self, paid, adjustments, **values):
        """A visit of one service billed and answered; gives the visit."""
        charge = self._bill(**values)
        self._answer(charge.claim_ids, paid, adjustments)
        return charge.encounter_id
