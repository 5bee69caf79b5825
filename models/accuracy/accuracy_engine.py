import json

from odoo import models
from odoo.tools import SQL, split_every

from odoo.addons.billing_coordinator.tools.accuracy import find_flaws, worst
from odoo.addons.billing_coordinator.tools.accuracy_bill import (
    check_content,
    check_insurance,
    check_people,
    check_prices,
    check_totals,
)
from odoo.addons.billing_coordinator.tools.accuracy_codes import check_diagnoses, check_modifiers, check_procedures
from odoo.addons.billing_coordinator.tools.accuracy_edits import check_pairs, check_twice, check_units

from .accuracy_finding import SEVERITY_ORDER
from .accuracy_rule_own import OWN_PREFIX

CHECKS = (
    check_content, check_totals, check_procedures, check_diagnoses, check_modifiers, check_twice, check_pairs,
    check_units, check_prices, check_insurance, check_people,
)
# Which values beside its facts make of a finding another one than the one that was accepted.
MATTERS = frozenset({"facts", "patient_id", "payer_id", "date"})
# How many documents are looked at together: enough for few queries, few enough for little memory.
BATCH = 1000


def write_facts(facts):
    """Facts as text, the same whichever way they are ordered: the database keeps them in an order of its own."""
    return json.dumps(facts, sort_keys=True)


class BillingAccuracyDocument(models.AbstractModel):
    """The engine: gathers facts for a batch of documents, asks the checks, and writes down what they say."""

    _inherit = "billing.accuracy.document"

    def _run_accuracy(self, catalogue):
        """Check these documents and bring their findings up to date.

        :param dict catalogue: {key: built-in check}
        :return: {document: level} of what nobody has accepted
        """
        levels = {}
        prices = {}
        for ids in split_every(BATCH, self.ids):
            for company, of_company in self.browse(ids).grouped("company_id").items():
                documents = of_company.with_company(company)
                flaws = documents._find_all_flaws(catalogue, prices)
                levels.update(documents._keep_findings(flaws))
        return {self.browse(document.id): level for document, level in levels.items()}

    def _find_all_flaws(self, catalogue, prices):
        """What is wrong with these documents of one company, by the built-in checks and the office's own rules.

        :param dict prices: what has been asked of price lists in this run
        :return: {document: [(check, severity, Flaw)]}
        """
        documents = self._prepare_documents(prices)
        terms, edits = self._get_terms(), self._get_edits(documents.values())
        own_rules = self.env["billing.accuracy.rule"]._get_own_rules(self._name)
        own = own_rules._find_own(self)
        own_by_kind = {f"{OWN_PREFIX}{rule.id}": rule for rule in own_rules}
        found = {}
        for document, facts in documents.items():
            flaws = [*find_flaws(facts, terms, edits, CHECKS), *own.get(document, ())]
            # Two versions of a code on one visit: what is said of the same place is said once.
            found[document] = list({
                (rule, flaw.place): (rule, flaw.severity or rule.severity, flaw)
                for flaw in flaws
                if (rule := catalogue.get(flaw.kind) or own_by_kind.get(flaw.kind))
            }.values())
        return found

    # === WRITING IT DOWN === #

    def _keep_findings(self, found):
        """Bring the findings of these documents into line with what was found: new, changed, gone.

        :return: {document: level} of what nobody has accepted
        """
        self._wait_for_others(found)
        Finding = self.env["billing.accuracy.finding"].sudo()
        there = {
            (row[self._finding_field].id, row.rule_id.id, row.place or ""): row
            for row in Finding.with_context(active_test=False).search([(self._finding_field, "in", self.ids)])
        }
        new, levels = [], {}
        carried = self._get_carried_acceptances()
        for document, flaws in found.items():
            counting = []
            for rule, severity, flaw in flaws:
                vals = document._prepare_finding_vals(rule, severity, flaw)
                row = there.pop((document.id, rule.id, flaw.place or ""), None)
                if row is None:
                    accepted = carried.get((document, rule.id, severity, write_facts(flaw.facts)), {})
                    new.append(vals | accepted)
                    is_accepted = bool(accepted)
                else:
                    is_accepted = row._update_found(vals)
                if not is_accepted:
                    counting.append(severity)
            levels[document] = worst(counting)
        Finding.concat(*there.values()).unlink()
        Finding.create(new)
        return levels

    def _wait_for_others(self, found):
        """Let one session at a time write findings of a document.

        The documents are written before their findings are. A session that began before another one had checked the
        same document is refused by the database here, and starts again with what is there now.
        """
        ids = [document.id for document, flaws in found.items() if flaws]
        if ids:
            self.env.cr.execute(SQL(
                "UPDATE %(table)s SET accuracy_date = accuracy_date FROM ("
                "SELECT id FROM %(table)s WHERE id IN %(ids)s ORDER BY id FOR NO KEY UPDATE"
                ") locked WHERE locked.id = %(table)s.id",
                table=SQL.identifier(self._table), ids=tuple(ids),
            ))

    def _prepare_finding_vals(self, rule, severity, flaw):
        self.ensure_one()
        lines = self._get_accuracy_lines()
        line = lines.browse(flaw.service) if flaw.service in lines._ids else lines.browse()
        return {
            "rule_id": rule.id,
            "severity": severity,
            "sequence": SEVERITY_ORDER[severity] + rule.sequence,
            self._finding_field: self.id,
            "place": flaw.place or "",
            "service_ref": line.id or 0,
            "facts": flaw.facts,
            "company_id": self.company_id.id,
            "patient_id": self.patient_id.id,
            "payer_id": self._get_accuracy_coverage().payer_id.id,
            "date": self._get_accuracy_date(),
            "amount": line.amount if line else self._get_accuracy_amount(),
            "currency_id": self.currency_id.id,
        }

    def _get_carried_acceptances(self):
        """What was accepted on the documents that these came out of. Hook: a claim comes out of a visit.

        :return: {(document, id of a check, severity, facts as :func:`write_facts` writes them): values of a finding}
        """
        return {}

    def _archive_findings(self):
        """These documents have left: their findings stay as they were, out of sight."""
        if self:
            self.env["billing.accuracy.finding"].sudo().search(
                [(self._finding_field, "in", self.ids)],
            ).write({"active": False})


class BillingAccuracyFinding(models.Model):
    """How a finding follows what the engine finds."""

    _inherit = "billing.accuracy.finding"

    def _update_found(self, vals):
        """The same was found again, perhaps with other facts.

        :return: whether it is (still) accepted: other facts, another patient, payer or day, or a higher severity, are
            a new matter
        """
        self.ensure_one()
        changed = {
            name: value for name, value in vals.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        worse = SEVERITY_ORDER[vals["severity"]] < SEVERITY_ORDER[self.severity]
        if self.is_accepted and (MATTERS & changed.keys() or worse):
            changed.update(is_accepted=False, accepted_user_id=False, accepted_date=False, accepted_reason=False)
        if not self.active:
            changed["active"] = True
        if changed:
            self.write(changed)
        return self.is_accepted
