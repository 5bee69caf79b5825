from odoo import api, fields, models


class BillingPlacement(models.Model):
    """What happens by itself each night: what is paid ends, and what should come back is put on somebody's list."""

    _inherit = "billing.placement"

    recall_note = fields.Char(
        string="Stands against it by now",
        compute="_compute_recall_note",
    )

    # === COMPUTE METHODS === #

    @api.depends("recall_reasons")
    @api.depends_context("lang")
    def _compute_recall_note(self):
        """What stands against collecting it by now, in words."""
        noted = self.filtered("recall_reasons")
        standings = noted.case_id._get_standings()
        self.recall_note = False
        for placement in noted:
            case = placement.case_id
            words = {**case._get_reason_words(standings[case]), **case._get_held_words()}
            placement.recall_note = " ".join(words.get(key, key) for key in placement.recall_reasons.split(", "))

    # === BUSINESS METHODS === #

    @api.model
    def _cron_placements(self):
        """Close what is paid, and find what stands against collecting the rest by now."""
        self._work_through(
            (lambda model: [("state", "=", "placed"), ("amount_open", "=", 0)], lambda found: found._close_paid()),
            (lambda model: [("state", "=", "closed"), ("amount_open", ">", 0)], lambda found: found._close_paid()),
            (lambda model: [("state", "=", "placed")], lambda found: found._find_recalls()),
        )

    def _find_recalls(self):
        """Write down what stands against collecting these debts by now, and ask somebody about what is new.

        The office answers for its agencies: who has become bankrupt, has died, disputes, has a plan or applied for
        assistance (26 CFR 1.501(r)-6(c)(5)) is asked by nobody.
        """
        found = self._get_against()
        fresh = self.browse()
        for placement in self:
            keys = ", ".join(sorted(found.get(placement, ())))
            if keys and not placement.recall_reasons:
                fresh += placement
            if keys != (placement.recall_reasons or ""):
                placement.recall_reasons = keys or False
        fresh._ask_for("mail.mail_activity_data_todo", {
            placement: self.env._(
                "Call it back from %(agency)s? %(why)s", agency=placement.agency_id.name,
                why=placement.recall_note,
            ) for placement in fresh
        }, users={placement: placement.user_id for placement in fresh})

    def _get_against(self):
        """{placement: keys of what stands against collecting it}, in a fixed number of queries."""
        cases = self.case_id
        standings = cases._get_standings()
        held = cases._get_held(self.item_ids.move_line_id.ids)
        found = {}
        for placement in self:
            standing = standings[placement.case_id]
            keys = {
                key for key, stands in (
                    ("bankrupt", standing.is_bankrupt), ("deceased", standing.is_deceased),
                    ("minor", standing.is_minor), ("assistance", standing.assistance_pending),
                    ("question", standing.has_question),
                ) if stands
            }
            keys |= {
                why for line in placement.item_ids.move_line_id for why, _part in held.get(line.id, ())
                if why != "placed" and line.amount_residual_currency > 0
            }
            if keys:
                found[placement] = keys
        return found
