"""What the tests of prices share."""

import base64

from odoo.fields import Command

from ..common import BillingCase

HEADINGS = """\
,,2026 Relative Value File (made up),,,,,,,,,,,
,,,STATUS,MEDICARE,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,CONV
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,FACTOR
"""

# Rows of a schedule, see _write_file.
VISIT = ("G0463", "", "1.00", "2.00", "0.50", "0.10")
SCAN = ("G0202", "", "1.00", "4.00", "4.00", "0.20")
SCAN_26 = ("G0202", "X6", "1.00", "0.50", "0.50", "0.10")
SCAN_TC = ("G0202", "XC", "0", "3.50", "3.50", "0.10")
STRANGER = ("G9999", "", "1", "1", "1", "1")


class PriceCase(BillingCase):
    """The office visit is G0463, the mammogram G0202; modifiers 26, TC and 25 are known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hcpcs = cls.env.ref("billing_coordinator.code_system_hcpcs")
        cls.icd = cls.env.ref("billing_coordinator.code_system_icd10cm")
        cls.visit_code = cls._create_code("G0463")
        cls.scan_code = cls._create_code("G0202")
        cls.service.billing_code_id = cls.visit_code
        cls.scan = cls._create_service("Mammogram", 300.0, billing_code_id=cls.scan_code.id)
        mod = cls.env.ref("billing_coordinator.code_system_mod")
        cls.mod_26, cls.mod_tc, cls.mod_25 = (
            cls._create_code(code, "modifier", mod) for code in ("X6", "XC", "X5")
        )
        cls.payer_list = cls._create_pricelist("Blue contract")
        cls.plan_list = cls._create_pricelist("Blue Plan prices")
        cls.usual_list = cls._create_pricelist("Our prices")

    @classmethod
    def _create_code(cls, code, kind="procedure", system=None, **values):
        system = system or (cls.icd if kind == "diagnosis" else cls.hcpcs)
        known = cls.env["billing.code"].search([("system_id", "=", system.id), ("code", "=", code)], limit=1)
        return known or cls.env["billing.code"].create({
            "system_id": system.id, "code": code, "kind": kind, "name": f"Name of {code}", **values,
        })

    @classmethod
    def _create_pricelist(cls, name, currency=None, **values):
        return cls.env["product.pricelist"].create({
            "name": name, "currency_id": (currency or cls.company.currency_id).id, "company_id": cls.company.id,
            **values,
        })

    @classmethod
    def _set_price(cls, pricelist, product, price, date_from=None, date_to=None, **values):
        """A price of a service in a list, from a day to a day."""
        return cls.env["product.pricelist.item"].create({
            "pricelist_id": pricelist.id,
            "applied_on": "1_product",
            "product_tmpl_id": product.product_tmpl_id.id,
            "compute_price": "fixed",
            "fixed_price": price,
            "date_start": date_from and f"{date_from} 00:00:00",
            "date_end": date_to and f"{date_to} 23:59:59",
            **values,
        })

    @classmethod
    def _line(cls, product, date="2026-03-05", **values):
        """A visit's only line."""
        return cls.env["billing.encounter"].create({
            "patient_id": cls.patient.id, "date": date, "provider_id": cls.provider.id,
            "line_ids": [Command.create({"product_id": product.id, **values})],
        }).line_ids

    @classmethod
    def _write_file(cls, *rows, factor="30"):
        """A fee schedule: (code, modifier, work, nonfacility, facility, malpractice) a row, or a raw line."""
        lines = [
            row if isinstance(row, str)
            else "{},{},x,A,,{},{},,{},,{},0,0,{}\n".format(*row, factor)
            for row in rows
        ]
        return (HEADINGS + "".join(lines)).encode()

    @classmethod
    def _wizard(cls, data, env=None, **values):
        return (env or cls.env)["billing.fee.import.wizard"].create({
            "file": base64.b64encode(data), "filename": "PPRRVU2026.csv", "pricelist_id": cls.plan_list.id,
            "date_from": "2026-01-01", **values,
        })

    def _import(self, *rows, **values):
        """Take a schedule over; gives the record of it, or None where nothing was to do."""
        wizard = self._wizard(self._write_file(*rows), **values)
        wizard.action_preview()
        action = wizard.action_import()
        return self.env["billing.fee.import"].browse(action["res_id"]) if "res_id" in action else None

    def _prices(self, pricelist=None):
        """The prices of a list: (service, modifier, price, first day, last day)."""
        items = self.env["product.pricelist.item"].search([("pricelist_id", "=", (pricelist or self.plan_list).id)])
        return sorted(
            (
                item.product_tmpl_id.name, item.billing_modifier or "", item.fixed_price,
                str(item.date_start or "")[:10], str(item.date_end or "")[:10],
            )
            for item in items
        )
