from functools import partial

from odoo import api, fields, models

from ..tools.money import to_decimal, to_unit
from ..tools.plan_offer import offer_parts

REPORT = "billing_coordinator.report_collection_letter"


class BillingCollectionLetter(models.AbstractModel):
    """What a collection step says to a debtor, on paper and by e-mail: how much, for which bills, by when, what can be
    done about it. Nothing about health, and no threat: only what the pipeline does.

    Everything is read for all steps at once; each speaks its reader's language.
    """

    _name = "billing.collection.letter"
    _inherit = ["billing.paper"]
    _description = "Collection letter"

    # === PAPERS === #

    @api.model
    def _render_letters(self, steps):
        """{step: (its letter, "pdf" or "html")}; Odoo prints none in tests."""
        report = self.env["ir.actions.report"]
        return {step: report._render_qweb_pdf(REPORT, step.ids) for step in steps}

    @api.model
    def _render_mail(self, step, values):
        """The text of an e-mail."""
        lang = step._get_lang()
        return self.env["ir.qweb"].with_context(lang=lang)._render(
            "billing_coordinator.collection_mail", {"letter": values, "report": self.with_context(lang=lang)},
        )

    # === WHAT IT SAYS === #

    @api.model
    def _get_letters(self, steps):
        """{step: what its letter says}, in a number of queries that does not grow with them."""
        steps = steps.sudo()
        horizons, apart, offers = steps._get_horizons(), self._get_apart(steps), self._get_offers(steps)
        credits, helping = steps.case_id._get_credits(), self._get_helping(steps.company_id)
        letters = {}
        for step in (step.with_context(lang=step._get_lang()) for step in steps):
            here = self.with_env(step.env)
            letters[step] = here._get_letter(step, horizons[step]) | {
                "apart": here._say_apart(step, apart.get(step.case_id.id, ())),
                "credit": credits.get(step.case_id.id) and here._format_money(
                    float(credits[step.case_id.id]), step.currency_id,
                ),
                "options": here._say_options(step, offers.get(step), step.company_id in helping),
            }
        return letters

    def _get_letter(self, step, horizon):
        """The figures of one letter."""
        day, _following, _first = horizon
        stage, company = step.stage_id, step.company_id
        today = step.date if step.state == "done" else fields.Date.context_today(self)
        sums = self._get_sums(step, day, today)
        pay = dict(sums[0]["pay"], amount_text=" + ".join(part["pay"]["amount_text"] for part in sums)) if sums else {}
        return {
            "step": step,
            "partner": step.partner_id,
            "company": company,
            "greeting": self.env._("Hello %(name)s,", name=step.partner_id.name)
            if step.case_id.debtor_class == "person" else self.env._("Hello,"),
            "subject": stage.subject,
            "text": stage.text,
            "today": today,
            "sums": sums,
            "pay": pay,
            "reference": self._get_reference(step),
            "follows": self._say_follows(step, horizon),
        }

    def _get_sums(self, step, day, today):
        """What is asked for, currency by currency: that of the company first."""
        lines = step.line_ids.sorted(lambda line: (line.date_due or today, line.id)).grouped("currency_id")
        return [
            self._get_sum(step, currency, lines[currency], day, today)
            for currency in sorted(lines, key=lambda currency: (currency != step.currency_id, currency.name))
        ]

    def _get_sum(self, step, currency, lines, day, today):
        total = currency.round(sum(lines.mapped("amount")))
        late = sum(line.amount for line in lines if line.date_due and line.date_due < today)
        # A reminder of what is due soon says what is late already; any other message gives one day for all of it.
        is_early = step.stage_id.days <= 0
        return {
            "currency": currency,
            "money": partial(self._format_money, currency=currency),
            "rows": [self._get_row(line, today) for line in lines],
            "total": total,
            "pay": self._get_pay_values(
                step.company_id, total, currency, None if is_early and late else day, self._get_reference(step),
                due_now=late if is_early else 0.0,
            ),
        }

    def _get_row(self, line, today):
        move = line.move_id
        is_charge = move.billing_collection_step_id or move.billing_payment_plan_id
        return {
            "number": move.name,
            "date": move.invoice_date or move.date,
            "due": line.date_due,
            "days": max((today - line.date_due).days, 0) if line.date_due else 0,
            "amount": line.amount,
            # What a fee or interest is made of; services are never named.
            "notes": move.invoice_line_ids.mapped("name") if is_charge else [],
        }

    def _get_reference(self, step):
        """Under which reference the money finds its way."""
        moves = step.line_ids.move_id
        return step.partner_id.billing_account_number or (
            moves.name if len(moves) == 1 else step.partner_id.name
        )

    def _format_sums(self, step):
        """What is asked for in all, each currency for itself."""
        return " + ".join(
            self._format_money(sum(lines.mapped("amount")), currency)
            for currency, lines in step.sudo().line_ids.grouped("currency_id").items()
        )

    # === APART === #

    def _get_apart(self, steps):
        """{case id: [(journal item, why, amount or None)]}: what of these debtors' bills is not asked for."""
        items = steps.case_id.item_ids
        lines = items.move_line_id.filtered(
            lambda line: line.parent_state == "posted" and line.amount_residual_currency > 0,
        )
        held = steps.case_id._get_held(lines.ids)
        apart = {}
        for item in items.filtered(lambda item: item.move_line_id in lines):
            for why, amount in held.get(item.move_line_id.id, ()):
                apart.setdefault(item.case_id.id, []).append((item.move_line_id, why, amount))
        return apart

    def _say_apart(self, step, held):
        """What is not asked for, bill by bill, and why."""
        words = step.case_id._get_held_words() if held else {}
        return [
            {
                "number": line.move_id.name,
                "why": words.get(why) or self.env._("left alone for now"),
                "amount": self._format_money(
                    line.amount_residual_currency if amount is None else float(amount), line.currency_id,
                ),
            }
            for line, why, amount in held
        ]

    # === WHAT FOLLOWS, AND WHAT CAN BE DONE === #

    def _say_follows(self, step, horizon):
        """What the pipeline does next, where that is harsh: exactly what and when, and how to stop it."""
        day, following, first = horizon
        sentences = []
        if step.stage_id.holds_account:
            sentences.append(
                self.env._("Your account is on hold now: please call us before your next appointment.")
                if step.case_id.debtor_class == "person"
                else self.env._("Your account is on hold now: we do no further work on credit."),
            )
        if following and following.is_placement:
            sentences.append(self.env._(
                "If we do not hear from you by %(day)s, we will hand what is open to a collection agency, on %(first)s "
                "at the earliest. A payment, a payment plan or your objection stops that.",
                day=self._format_day(day), first=self._format_day(first),
            ))
        return sentences

    def _say_options(self, step, offer, helps):
        """What a debtor can do other than pay."""
        options = [self.env._("Have you paid already? Then there is nothing to do.")]
        if not step.stage_id.tells_options:
            return options
        options.append(self.env._(
            "Does something look wrong? Tell us what. We do not ask for what you object to until we have answered.",
        ))
        if step.case_id.debtor_class != "person":
            return options
        options.append(self._say_offer(step, *offer) if offer else self.env._(
            "Can you not pay it all at once? Call us: we will find a payment plan that you can keep.",
        ))
        if helps:
            options.append(self.env._(
                "Is your income low? Ask us for financial assistance. It can lower or cancel what you owe.",
            ))
        options.append(step.company_id.billing_advice_text or self.env._(
            "Free and independent debt advice is near you, too. Ask us where.",
        ))
        return options

    @api.model
    def _get_helping(self, companies):
        """Those of these companies that have a programme of financial assistance."""
        return self.env["billing.assistance.programme"].sudo().search([
            ("company_id", "in", companies.ids),
        ]).company_id

    @api.model
    def _get_offers(self, steps):
        """{step: (plan policy, number of payments, each, the last one)} of those whose stage offers a payment plan."""
        offering = steps.filtered("stage_id.offers_plan")
        policies = self.env["billing.plan.policy"].sudo().search([
            ("company_id", "in", offering.company_id.ids),
        ]).grouped("company_id") if offering else {}
        offers = {}
        for step in offering:
            policy = policies.get(step.company_id, steps.env["billing.plan.policy"])[:1]
            if not policy or step.currency_id.compare_amounts(step.amount, policy.amount_min) < 0:
                continue
            parts = offer_parts(
                to_decimal(step.amount), policy.count_usual, to_decimal(policy.instalment_min),
                to_unit(step.currency_id.rounding),
            )
            if parts:
                offers[step] = (policy, *parts)
        return offers

    def _say_offer(self, step, policy, count, each, last):
        """A payment plan in words; where it costs something, its amounts are worked out with the person."""
        often = {
            "week": self.env._("weekly"),
            "fortnight": self.env._("two-weekly"),
            "half_month": self.env._("half-monthly"),
            "month": self.env._("monthly"),
            "quarter": self.env._("quarterly"),
        }[policy.frequency]
        if policy.rate or policy.fee:
            return self.env._(
                "Can you not pay it all at once? Call us: %(count)s %(often)s payments, for instance. We will tell you "
                "beforehand what they cost.", count=count, often=often,
            )
        money = partial(self._format_money, currency=step.currency_id)
        if last == each:
            return self.env._(
                "Can you not pay it all at once? Call us: %(count)s %(often)s payments of %(amount)s, for instance, "
                "which cost you nothing.", count=count, often=often, amount=money(float(each)),
            )
        return self.env._(
            "Can you not pay it all at once? Call us: %(count)s %(often)s payments of %(amount)s, for instance, the "
            "last one %(last)s, which cost you nothing.",
            count=count, often=often, amount=money(float(each)), last=money(float(last)),
        )
