import logging

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import LockError, RedirectWarning, UserError
from odoo.fields import Command

_logger = logging.getLogger(__name__)
# What stands in the way of posting, said in a sentence.
REFUSALS = (UserError, RedirectWarning)
# Money that the payer took for a claim that is not found yet, apart from claims (X12 835: PLB03).
TAKEN_FOR_LATER = "WO"


class TriedOutError(Exception):
    """Ends a trial, so that nothing of it stays."""


def is_busy(error):
    """Whether somebody else is just at work on it: no reason to wait for a person, it is tried again in a moment."""
    return isinstance(error, LockError) or isinstance(error.__cause__, LockError)


class BillingRemittanceTransaction(models.Model):
    """From a payment of a file to its remittance: all that is certain is posted, in one go or not at all."""

    _inherit = "billing.remittance.transaction"

    # === WHEN === #

    def _in_background(self, progress=None):
        """Post this payment unless somebody else is at it; one that cannot be posted stops no other.

        :param progress: commits what is done; without it, all stands or falls together
        """
        self.ensure_one()
        try:
            mine = self.try_lock_for_update(allow_referencing=True)
            if mine.state == "ready":
                if progress and not mine._match_in_parts(progress):
                    return
                mine._work()
                if not mine._end_part(progress):
                    return
            mine._post_rest(progress)
            self.env.flush_all()
        except Exception as error:  # it would come back for ever
            self.env.cr.rollback()
            if is_busy(error) or isinstance(error, OperationalError | UniqueViolation):
                # Somebody else was faster: the next run looks at it anew.
                self.env.ref("billing_coordinator.cron_read_remittances")._trigger()
                return
            _logger.exception("%s could not be posted", self.display_name)
            mine = self.try_lock_for_update(allow_referencing=True)
            if mine.state == "ready":
                self._hold("posting", str(error))
            elif mine.state == "posted":
                self._find_part("matched", None)._wait("posting", str(error))

    def _work_or_leave(self):
        """Post these, except where somebody else is at one of the claims: that is left to the background.

        :return: whether all were worked on
        """
        done = True
        for payment in self:
            try:
                with self.env.cr.savepoint():
                    payment._work()
            except UserError as error:
                if not is_busy(error):
                    raise
                self.env.invalidate_all()
                done = False
        return done

    def _work(self):
        """Find the payer and the claims, and post what can be posted; the rest is held, with the reason."""
        for payment in self.filtered(lambda one: one.state == "ready"):
            here = payment.with_company(payment.company_id)
            if not here._find_payer():
                here._hold("payer")
            elif typed := here._find_typed():
                here._set_state("duplicate", why="typed", remittance_id=typed.id)
                here.item_ids.filtered(lambda item: item.state != "ignored")._set_state("ignored", why="aside")
            elif reason := here._get_date_reason():
                here._hold(reason)
            else:
                here._post()

    def _find_payer(self):
        if not self.payer_id:
            self.payer_id = self.env["billing.payer.alias"]._find(
                self.company_id, self.payer_keys or [], self.payer_name,
            )
        return self.payer_id

    def _find_typed(self):
        """The remittance that somebody has typed from the paper of the same payment."""
        return self.env["billing.remittance"].search([
            ("company_id", "=", self.company_id.id), ("payer_id", "=", self.payer_id.id),
            ("reference", "=", self._get_reference()), ("amount", "=", self.amount), ("date", "=", self.date),
            ("state", "!=", "reversed"), ("file_transaction_ids", "=", False),
        ], limit=1)

    def _get_reference(self):
        return " ".join((self.name or "").split()).upper()

    # === WHAT === #

    def _post(self):
        """Match the claims and post what is certain; money of the rest waits as the payer's unapplied credit."""
        items = self.item_ids.sorted("position")
        items._match()
        if reason := self._get_nobodys_reason():
            self._hold(reason)
            return
        if self._is_before_services(self._get_day()):
            self._hold("old")
            return
        first = items._get_first_part()
        prepared = first._prepare_lines()
        if not prepared and not self.amount and not self.provider_adjustments:
            self._set_state("noted", why="aside" if not items else False)
            return
        remittance, error = self._try(prepared)
        if error and first != items:
            # The others follow, each by itself where it must.
            claims = first._get_taking_back().claim_id
            prepared = {item: vals_list for item, vals_list in prepared.items() if item.claim_id in claims}
            remittance, error = self._try(prepared)
        if error:
            _nothing, deeper = self._try({}, keep=False) if prepared else (None, error)
            if deeper:
                self._hold("posting", error.args[0])
                return
            prepared = self._leave_out_refused(prepared)
            remittance, error = self._try(prepared)
            if error:
                self._hold("posting", error.args[0])
                return
        self._after(remittance, prepared)
        if first != items:
            self.env.ref("billing_coordinator.cron_read_remittances").sudo()._trigger()

    def _get_nobodys_reason(self):
        """Why there is no sign that this payment is for claims of ours which it could pay; empty where there is one."""
        items = self.item_ids
        reasons = {item.why if item.state == "waiting" else item.state for item in items}
        if not items or self.is_released or reasons - {"unknown", "several", "other_currency", "other_company"}:
            return ""
        return next((reason for reason in ("other_currency", "other_company") if reason in reasons), "nothing_ours")

    def _try(self, prepared, keep=True):
        """Post a remittance with these lines.

        :param prepared: {answer: values of its lines}
        :param keep: whether it stays, or was a trial
        :return: (the remittance, or none; the error whose sentence stands in the way, or None)
        :raise UserError: somebody else is at work on one of the claims
        """
        try:
            with self.env.cr.savepoint():
                remittance = self.env["billing.remittance"].create(self._prepare_remittance_vals(prepared))
                if remittance._has_content() or remittance.amount:
                    remittance._post_answer()
                self.env.flush_all()
                if not keep:
                    raise TriedOutError
        except TriedOutError:
            return None, None
        except REFUSALS as error:
            if is_busy(error):
                raise
            return None, error
        return remittance, None

    def _leave_out_refused(self, prepared):
        """Find those that cannot be posted by halving, let them wait with the sentence, and give the others."""
        refused = self._find_refused(list(prepared.items()))
        claims = self.env["billing.claim"].union(*(item.claim_id for item in refused)) if refused else ()
        for item, error in refused.items():
            item._wait_refused(error)
        kept = {}
        for item, vals_list in prepared.items():
            if item in refused:
                continue
            # What follows upon one that waits would stand on nothing.
            if item.claim_id in claims:
                item._wait("after_reversal")
            else:
                kept[item] = vals_list
        return kept

    def _find_refused(self, pairs):
        """{answer: the error whose sentence stands in its way}, trying ever smaller parts."""
        _remittance, error = self._try(dict(pairs), keep=False)
        if not error:
            return {}
        if len({item.claim_id for item, _vals in pairs}) == 1:
            return {item: error for item, _vals in pairs}
        claims = list(dict.fromkeys(item.claim_id for item, _vals in pairs))
        first = set(claims[:len(claims) // 2])
        return {
            **self._find_refused([pair for pair in pairs if pair[0].claim_id in first]),
            **self._find_refused([pair for pair in pairs if pair[0].claim_id not in first]),
        }

    def _prepare_remittance_vals(self, prepared):
        """Values of the remittance: what is posted, what was kept apart from claims, and what waits.

        amount = Σ paid of what is posted − Σ apart from claims + what waits; what a payer took back for claims that are
        not found is kept apart from claims until they are.
        """
        exact = self.item_ids[:1]._exact if self.item_ids else lambda amount: amount
        waiting = self.item_ids.filtered(lambda item: item not in prepared)
        unapplied = sum(exact(item.amount_paid) for item in waiting if item.amount_paid > 0)
        apart = [
            {
                "code": row["code"], "reference": row["reference"], "amount": float(row["amount"]), "npi": row["npi"],
                "date": row["date"],
            } for row in self.provider_adjustments or [] if float(row["amount"])
        ]
        apart += [
            {"code": TAKEN_FOR_LATER, "reference": item.name or item.control_number, "amount": -item.amount_paid}
            for item in waiting if item.amount_paid < 0
        ]
        return {
            "payer_id": self.payer_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "reference": self._get_reference(),
            "date": self._get_day(),
            "amount": self.amount,
            "handling": self.handling if not self.amount else "payment",
            "amount_unapplied": float(unapplied),
            "line_ids": [Command.create(vals) for vals_list in prepared.values() for vals in vals_list],
            "provider_adjustment_ids": [Command.create(vals) for vals in apart],
        }

    def _after(self, remittance, prepared):
        """It is in the books: say so wherever it concerns somebody."""
        self._set_state("posted", why=False, note=False, remittance_id=remittance.id)
        items = self.env["billing.remittance.item"].union(*prepared)
        items._set_posted(remittance)
