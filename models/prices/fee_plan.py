from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.code_files.fee_schedule import FeeRow, read_fee_schedule
from odoo.addons.billing_coordinator.tools.fee_schedule import Existing, Indices, get_price, plan_prices
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

LAST_SECOND = time(23, 59, 59)
# What is shown of codes that nobody sells and of broken lines: enough to see what is going on.
SAMPLE = 100


class FeeTerms(NamedTuple):
    """How a schedule becomes prices; see ``tools.fee_schedule.get_price``."""

    factor: Decimal
    indices: Indices
    setting: str
    percent: Decimal
    date_from: object
    date_to: object = None
    end_dropped: bool = True


class FeePlan(NamedTuple):
    """What a schedule would do to a price list.

    ``steps`` are :class:`tools.fee_schedule.Step` whose service is (``product.template`` id, modifier or ""); ``lines``
    tells for each service the number of its line in the file. Of codes nobody sells and of broken lines a sample and
    the whole number are kept.
    """

    steps: list
    lines: dict
    codes: dict
    unreadable: list
    unreadable_count: int
    unused: list
    unused_count: int
    unpriced_count: int


class BillingFeePlan(models.AbstractModel):
    """Works out which prices a fee schedule gives the services that carry its codes, and makes them so.

    A schedule prices codes, a price list prices services. Each service with a code gets the code's price, and beside it
    one for every modifier under which the schedule names the code (26: the professional part, TC: the technical one),
    so that a visit line with that modifier costs what the schedule says, whichever of several services it is.
    """

    _name = "billing.fee.plan"
    _description = "Fee schedule into a price list"

    @api.model
    def _plan(self, pricelist, file, terms):
        """What to do; nothing is changed. Six queries, however long the file is.

        :param file: the schedule, opened for reading bytes
        :param terms: :class:`FeeTerms`
        :return: :class:`FeePlan`
        :raise FeeFileError: the file cannot be read as a whole
        :raise ValueError: the terms make no sense
        """
        services = self._get_services(pricelist)
        wanted, lines, codes, contradicted = {}, {}, {}, set()
        unreadable, unused, broken_codes, counts = [], [], set(), {"unreadable": 0, "unused": 0, "unpriced": 0}
        unit = to_unit(pricelist.currency_id.rounding)
        for row in read_fee_schedule(file):
            if not isinstance(row, FeeRow):
                self._note(unreadable, counts, "unreadable", row)
                broken_codes.add(row.code)
                continue
            products = services.get(row.code)
            if not products:
                self._note(unused, counts, "unused", row)
                continue
            if not row.values.is_priced(terms.setting):
                counts["unpriced"] += 1
                continue
            price = get_price(row.values, terms.indices, terms.factor, terms.setting, terms.percent, unit)
            asked = [(product_id, row.modifier) for product_id in products]
            if wanted.get(asked[0], price) != price:
                self._note(unreadable, counts, "unreadable", row)
                contradicted.update(asked)
                continue
            wanted.update(dict.fromkeys(asked, price))
            codes.update(dict.fromkeys(asked, row.code))
            lines.update(dict.fromkeys(asked, row.line))
        # Nobody can know which of two different lines is right: such a service keeps the price it has.
        for service in contradicted:
            del wanted[service]
            broken_codes.add(codes[service])
        existing = self._read_prices(pricelist, wanted)
        kept = {
            service for code in broken_codes for product_id in services.get(code, ())
            for service in (price.service for price in existing) if service[0] == product_id
        }
        steps = plan_prices(wanted, existing, terms.date_from, terms.date_to, kept, terms.end_dropped)
        return FeePlan(
            steps, lines, codes, unreadable, counts["unreadable"], unused, counts["unused"], counts["unpriced"],
        )

    @api.model
    def _note(self, sample, counts, what, row):
        counts[what] += 1
        if len(sample) < SAMPLE:
            sample.append(row)

    @api.model
    def _get_services(self, pricelist):
        """{code: ids of the services that carry it}, in whichever list; one query.

        A service that bears a code in another list as well is priced by its usual one alone.
        """
        domain = Domain("billing_code_id", "!=", False) & Domain("company_id", "in", self._get_companies(pricelist))
        services = {}
        for product in self.env["product.template"].sudo().search_fetch(domain, ["billing_code_id"]):
            services.setdefault(product.billing_code_id.code.upper(), []).append(product.id)
        return services

    @api.model
    def _get_companies(self, pricelist):
        """Whose services are priced: those of the list's company, else of the reader's, and those of nobody."""
        return [False, *(pricelist.company_id or self.env.companies).ids]

    @api.model
    def _read_prices(self, pricelist, wanted):
        """What the list says of these services and what earlier schedules said of others, as the planning wants it.

        Only plain prices of a service count: what somebody has arranged for quantities or variants stays.
        """
        items = self.env["product.pricelist.item"].sudo().search_fetch(
            Domain("pricelist_id", "=", pricelist.id)
            & Domain("applied_on", "=", "1_product")
            & Domain("compute_price", "=", "fixed")
            & Domain("min_quantity", "<=", 1)
            # Of a list that companies share, each has a say about its own services alone.
            & Domain("product_tmpl_id.company_id", "in", self._get_companies(pricelist))
            & (
                Domain("product_tmpl_id", "in", list({service[0] for service in wanted}))
                | Domain("billing_fee_import_id", "!=", False)
            ),
            ["product_tmpl_id", "billing_modifier", "fixed_price", "date_start", "date_end", "billing_fee_import_id"],
        )
        get_day = self.env["billing.price"]._get_day
        return [
            Existing(
                item=item.id,
                service=(item.product_tmpl_id.id, item.billing_modifier or ""),
                price=to_decimal(item.fixed_price),
                date_from=get_day(item.date_start),
                date_to=get_day(item.date_end),
                is_imported=bool(item.billing_fee_import_id),
            )
            for item in items.sorted("id")
        ]

    @api.model
    def _apply(self, pricelist, plan, values):
        """Make the prices so, in one go, and record what was done.

        :param values: of the ``billing.fee.import`` record
        :return: that record
        """
        done = self.env["billing.fee.import"].sudo().create({
            **values, "pricelist_id": pricelist.id, **self._count(plan), "changes": self._describe(pricelist, plan),
        })
        self._change_prices(plan, done)
        self.env["product.pricelist.item"].sudo().create([
            {
                "pricelist_id": pricelist.id,
                "applied_on": "1_product",
                "product_tmpl_id": step.service[0],
                "billing_modifier": step.service[1] or False,
                "compute_price": "fixed",
                "fixed_price": float(step.price),
                "date_start": datetime.combine(done.date_from, time.min),
                "date_end": self._get_end(step),
                "billing_fee_import_id": done.id,
            }
            for step in plan.steps
            if step.kind in ("new", "changed")
        ])
        # Whoever began before this import ended cannot save: the database refuses to write the same list twice.
        pricelist.sudo().billing_fee_import_id = done
        return done

    @api.model
    def _change_prices(self, plan, done):
        """End and correct prices that are there, those that change alike together.

        :param done: the ``billing.fee.import`` record
        """
        items = self.env["product.pricelist.item"].sudo()
        ends, corrections = {}, {}
        for step in plan.steps:
            if step.kind == "ended":
                ends.setdefault(self._get_end(step), []).append(step.item)
            elif step.kind == "corrected":
                corrections.setdefault((step.price, self._get_end(step), step.is_twin), []).append(step.item)
        for end, ids in ends.items():
            items.browse(ids).write({"date_end": end})
        for (price, end, is_twin), ids in corrections.items():
            schedule = {} if is_twin else {"billing_fee_import_id": done.id}
            items.browse(ids).write({"fixed_price": float(price), "date_end": end, **schedule})

    @api.model
    def _get_end(self, step):
        """The last moment of a price; False: until further notice."""
        return datetime.combine(step.date_to, LAST_SECOND) if step.date_to else False

    @api.model
    def _count(self, plan):
        kinds = [step.kind if not step.is_dropped else "dropped" for step in plan.steps]
        return {
            "count_new": kinds.count("new"),
            "count_changed": kinds.count("changed") + kinds.count("corrected"),
            "count_ended": kinds.count("dropped"),
            "count_same": kinds.count("same"),
            "count_unreadable": plan.unreadable_count,
            "count_unused": plan.unused_count,
        }

    @api.model
    def _describe(self, pricelist, plan):
        """What the plan changes, a line for each price."""
        products = {step.service[0] for step in plan.steps}
        names = {
            product.id: product.name
            for product in self.env["product.template"].sudo().browse(products).with_context(active_test=False)
        }
        texts = {
            "new": self.env._("new"), "changed": self.env._("changed"), "corrected": self.env._("corrected"),
            "dropped": self.env._("not in this schedule any more: ends"),
        }
        lines = []
        for step in plan.steps:
            kind = "dropped" if step.is_dropped else step.kind
            if kind not in texts:
                continue
            product_id, modifier = step.service
            code = " ".join(filter(None, (plan.codes.get(step.service), modifier)))
            money = [pricelist.currency_id.format(float(p)) for p in (step.before, step.price) if p is not None]
            lines.append(f"{code} {names[product_id]}: {' → '.join(money)} ({texts[kind]})".strip())
        return "\n".join(lines)
