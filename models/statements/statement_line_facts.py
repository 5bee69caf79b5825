from odoo import api, models

from odoo.addons.billing_coordinator.tools.contact_rules import find_wish
from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.statement_run import Facts, find_reason, is_cycle


class BillingStatementLine(models.Model):
    """What is known of debtors when statements go out: read for many at once, decided in ``tools.statement_run``.

    Amounts are those of the paper: one reading for line, letter and e-mail.
    """

    _inherit = "billing.statement.line"

    @api.model
    def _create_for(self, run, debtors, chosen):
        """The lines of a run for these debtors, one for each currency in which they owe something.

        :param dict chosen: {(debtor id, currency id): what somebody decided before}
        """
        statements = self._get_statements(debtors, run.company_id)
        people = self._get_people(debtors, run)
        choices, vals_list, told = run._get_choices(), [], self._get_told(run, debtors)
        for key, statement in statements.items():
            if key in told:
                continue
            debtor, currency = statement["debtor"], statement["currency"]
            way = self._get_way(debtor, run.channel, people[debtor])
            choice = chosen.get((debtor.id, currency.id))
            reason = find_reason(
                self._prepare_facts(statement, way, people[debtor]), choices, is_chosen=choice == "in",
            )
            vals_list.append({
                "run_id": run.id,
                "partner_id": debtor.id,
                "currency_id": currency.id,
                "choice": choice,
                "choice_user_id": self.env.uid if choice else False,
                "why": reason,
                "date_before": people[debtor]["last"],
                **self._prepare_way(way),
                **self._prepare_amounts(statement),
            })
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True)
        lines = quiet.create(vals_list)
        lines.filtered(lambda line: line.why or line.choice == "out")._set_state("out")

    @api.model
    def _get_statements(self, debtors, company):
        """{(debtor, currency): what their statement says}, of those who owe something or are told that they do not."""
        report = self.env["report.billing_coordinator.report_statement"]
        return {
            (statement["debtor"], statement["currency"]): statement
            for statement in report._get_statements(debtors, company) if statement["rows"]
        }

    # === PEOPLE === #

    @api.model
    def _get_people(self, debtors, run):
        """{debtor: what matters beside money}, in a fixed number of queries."""
        company = run.company_id
        wishes = self.env["res.partner"]._get_contact_wishes(debtors, company)
        written_to = self._find_written_to(debtors, company)
        last = self._get_last_days(debtors, run)
        return {
            debtor: {
                "wishes": wishes[debtor],
                "is_written_to": debtor in written_to,
                "last": last.get(debtor, False),
            }
            for debtor in debtors
        }

    @api.model
    def _get_last_days(self, debtors, run):
        """{debtor: day of the last statement}; what this run says of another currency is no statement of before."""
        return dict(self._read_group(
            [
                ("partner_id", "in", debtors.ids), ("company_id", "=", run.company_id.id), ("state", "=", "sent"),
                ("run_id", "!=", run.id),
            ],
            ["partner_id"], ["sent_on:max"],
        ))

    @api.model
    def _get_told(self, run, debtors):
        """{(debtor, currency)} of what a run has sent these debtors already."""
        return set(self._read_group(
            [("run_id", "=", run.id), ("partner_id", "in", debtors.ids), ("state", "=", "sent")],
            ["partner_id", "currency_id"],
        ))

    @api.model
    def _find_written_to(self, debtors, company):
        """Those of these debtors to whom a step of collections has written, or is about to."""
        cases = self.env["billing.collection.case"].sudo().search([
            ("partner_id", "in", debtors.ids), ("company_id", "=", company.id), ("state", "=", "open"),
        ])
        steps = self.env["billing.collection.step"].sudo().search([
            ("case_id", "in", cases.ids), ("state", "in", ("review", "ready")), ("channel", "!=", "none"),
        ])
        written = cases.filtered(lambda case: case.date_stage and case.stage_id.channel != "none")
        return (written | steps.case_id).partner_id.with_env(self.env)

    @api.model
    def _get_way(self, debtor, rule, person):
        """How a debtor is written to, and whether it arrives.

        :param str rule: that of the run
        :return: ("email" or "letter", the address or postal code, what is wrong with it)
        """
        partner = debtor.sudo()
        works = partner.email_normalized and not partner.billing_email_failure
        can_mail = works and "email" not in person["wishes"].refused
        if can_mail and (rule == "email" or (rule == "preferred" and partner.billing_channel != "letter")):
            return "email", partner.email, ""
        if partner.billing_confidential_address:
            # The postal code at home says where the letter shall not go.
            return "letter", "", ""
        if not partner.street:
            return "letter", partner.zip, "no_address"
        return "letter", partner.zip, "address" if partner.billing_address_failure else ""

    # === FACTS === #

    @api.model
    def _prepare_facts(self, statement, way, person):
        """What the decision is made from: :class:`tools.statement_run.Facts`."""
        report = self.env["report.billing_coordinator.report_statement"]
        debtor, currency, company = statement["debtor"], statement["currency"], statement["company"]
        asked, today = report._get_asked(statement), statement["date"]
        wish = find_wish("letter", person["wishes"])
        plans = statement["plans"]
        return Facts(
            balance=to_decimal(statement["amount_due"]),
            asked=to_decimal(asked),
            asked_company=to_decimal(currency._convert(asked, company.currency_id, company, today)),
            disputed=to_decimal(statement["amount_disputed"]),
            placed=to_decimal(statement["amount_placed"]),
            later=to_decimal(statement["amount_later"]),
            beyond_plan=to_decimal(currency.round(asked - sum(plan["next"] for plan in plans))),
            is_plan_kept=bool(plans) and not any(plan["is_late"] for plan in plans),
            is_cycle=is_cycle(debtor.billing_statement_cycle or "monthly", today, person["last"] or None),
            days_since=(today - person["last"]).days if person["last"] else None,
            bar=wish.rule if wish else "",
            is_held=debtor.billing_state in ("on_hold", "closed"),
            is_written_to=person["is_written_to"],
            way=way[2],
        )

    @api.model
    def _prepare_way(self, way):
        return {"channel": way[0], "address": way[1]}

    @api.model
    def _prepare_amounts(self, statement):
        """What the statement says, to be kept."""
        report = self.env["report.billing_coordinator.report_statement"]
        asked = report._get_asked(statement)
        return {
            **{
                name: statement[name] for name in (
                    "amount_open", "amount_credit", "amount_disputed", "amount_later", "amount_placed",
                    "amount_due_now", "amount_waiting",
                )
            },
            "amount_asked": max(asked, 0.0),
        }

    def _get_facts(self):
        """{line: (what its statement says, how it goes out, :class:`Facts`)}; nothing for who owes nothing any more."""
        facts = {}
        for run, lines in self.grouped("run_id").items():
            debtors = lines.partner_id
            statements, people = self._get_statements(debtors, run.company_id), self._get_people(debtors, run)
            for line in lines:
                if statement := statements.get((line.partner_id, line.currency_id)):
                    person = people[line.partner_id]
                    way = self._get_way(line.partner_id, line.run_id.channel, person)
                    facts[line] = statement, way, self._prepare_facts(statement, way, person)
        return facts

    def _find_reason(self, facts, is_chosen=False):
        """Why this line does not go out, by what is known now; empty when it does."""
        self.ensure_one()
        if self not in facts:
            return "paid"
        return find_reason(facts[self][2], self.run_id._get_choices(), is_chosen)
