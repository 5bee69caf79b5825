"""Loading files into a list of its own."""

import io

from odoo.tests import TransactionCase

EDITION_2025 = (
    ("Q10", 0, "Headaches"), ("Q101", 1, "Headache, mild"), ("Q102", 1, "Headache, strong"), ("Q11", 1, "Hiccups"),
)


def order_file(codes):
    """Codes as an ICD-10-CM order file."""
    return "".join(
        f"{number:05} {code:<7} {billable} {text[:60]:<60} {text}\r\n"
        for number, (code, billable, text) in enumerate(codes, 1)
    )


class CodeImportCase(TransactionCase):
    """A list of its own, so that what is loaded meets nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["billing.code.system"].create({
            "name": "Test list", "code": "TESTLIST", "default_kind": "diagnosis",
        })
        cls.importer = cls.env["billing.code.import"]

    def _load(self, content, name="icd10cm_order_2025.txt", **options):
        if not isinstance(content, str | bytes):
            content = order_file(content)
        file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
        return self.importer._load_file(file, name, **{"system": self.system, **options})

    def _codes(self):
        """What stands in the list: {code: (from, until, billable)}, versions in order."""
        found = {}
        for code in self.env["billing.code"].search([("system_id", "=", self.system.id)], order="code, date_from"):
            found.setdefault(code.code, []).append((str(code.date_from), str(code.date_to), code.is_billable))
        return found

    def _code(self, code, **more):
        domain = [("system_id", "=", self.system.id), ("code", "=", code)]
        return self.env["billing.code"].search([*domain, *((key, "=", value) for key, value in more.items())])

    def _counts(self, loading):
        return (loading.new_count, loading.changed_count, loading.ended_count, loading.same_count)
