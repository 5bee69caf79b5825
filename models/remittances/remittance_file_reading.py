import logging
from collections import Counter

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import LockError

from odoo.addons.billing_coordinator.tools.x12 import remittance as x12
from odoo.addons.billing_coordinator.tools.x12.faults import X12Error

from ..kept_file import open_kept

_logger = logging.getLogger(__name__)

# Claims stored in one database transaction when a large file is read.
BATCH = 200
# Files up to this many bytes are read and posted while somebody waits.
AT_ONCE = 150_000
# Payments that are read, and large ones of which a part is in the books.
TO_POST = ["|", ("state", "=", "ready"), "&", ("state", "=", "posted"), ("item_ids.state", "=", "matched")]
# Faults kept of one file; who wants more has the file itself.
KEPT_FAULTS = 500


class Reading:
    """Where the reading of a file stands: the payment being read, its claims not stored yet, its faults."""

    def __init__(self, file):
        self.file = file
        self.faults = []
        self.counts = Counter()
        self.begin(None)

    def begin(self, payment):
        """A new payment begins; None: there is none."""
        self.payment = payment
        self.claims = []
        self.provider = []
        self.held = {}
        self.held_payment = None
        self.fraction = None
        self.unit = payment._get_unit() if payment else None
        self.position = 0


class BillingRemittanceFile(models.Model):
    """Reading: record by record, stored in batches, so that a process that is killed goes on where it was.

    Nothing of a payment is posted before its closing figures were read and are right.
    """

    _inherit = "billing.remittance.file"

    # === WHEN === #

    def _read_or_leave(self):
        """Read and post small files now; leave large ones, and what is being read elsewhere, to the background."""
        large = self.filtered(lambda file: file.size > AT_ONCE)
        for file in (self - large).filtered(lambda one: one.state in ("new", "reading")):
            if file.try_lock_for_update(allow_referencing=True):
                file.sudo()._read()
                if not file.transaction_ids.filtered(lambda payment: payment.state == "ready").sudo()._work_or_leave():
                    large |= file
            else:
                large |= file
        if large:
            self.env.ref("billing_coordinator.cron_read_remittances").sudo()._trigger()

    @api.model
    def _cron_read(self):
        """Read what waits, then post what was read: each payment in a database transaction of its own.

        What somebody else works on is left to them; what there is no time for is left to the next run.
        """
        progress = self.env["ir.cron"]._commit_progress
        waiting = self.search([("state", "in", ("new", "reading"))], order="id")
        payments = self.env["billing.remittance.transaction"]
        payments._release_due()
        progress(remaining=len(waiting) + payments.search_count(TO_POST))
        for file in waiting:
            if file._guarded(file._read, progress) and not progress(1):
                return
        left = payments.search(TO_POST, order="id")
        progress(remaining=len(left))
        for payment in left:
            payment._in_background(progress)
            if not progress(1):
                # Of a large one a part may be left.
                self.env.ref("billing_coordinator.cron_read_remittances")._trigger()
                return

    def _guarded(self, work, *args):
        """Do ``work`` while nobody else is at this file; one that cannot be read stops no other.

        :return: whether it was done
        """
        try:
            if not self.try_lock_for_update(allow_referencing=True):
                return False
            work(*args)
            self.env.flush_all()
            return True
        except (OperationalError, UniqueViolation, LockError):
            # Somebody else was faster: the next run looks at it anew.
            self.env.cr.rollback()
            self.env.ref("billing_coordinator.cron_read_remittances")._trigger()
        except Exception:  # one bad file stops no other
            self.env.cr.rollback()
            _logger.exception("%s could not be worked on", self.display_name)
        return False

    # === HOW === #

    def _read(self, progress=None):
        """Store what the file says, as far as that was not done before.

        :param progress: commits what is done; without it, all stands or falls together
        """
        self.ensure_one()
        if self.state not in ("new", "reading"):
            return
        if self.state == "new":
            self._set_state("reading")
        reading = Reading(self)
        try:
            with open_kept(self, "file") as file:
                for record in x12.read(file):
                    self._take(reading, record)
                    if progress and len(reading.claims) >= BATCH:
                        self._store(reading)
                        progress()
                        # Memory does not grow with the file.
                        self.env.invalidate_all()
                        # Somebody may have come between: what was locked is locked again.
                        self.lock_for_update(allow_referencing=True)
        except X12Error as error:
            self._refuse(reading, error)
            return
        self._finish(reading)

    def _take(self, reading, record):
        """Do with one record of the file what it asks for."""
        self._note_fraction(reading, record)
        if isinstance(record, x12.Payment):
            reading.begin(self._begin_payment(record))
        elif isinstance(record, x12.Claim):
            # What was stored before reading was cut off is passed over.
            if record.position > self.position and reading.payment and reading.payment.state == "reading":
                reading.claims.append(record)
        elif isinstance(record, x12.ProviderAdjustment):
            reading.provider.append(record)
        elif isinstance(record, x12.Fault):
            self._note_fault(reading, record)
        elif isinstance(record, x12.Refused):
            self._note_fault(reading, x12.Fault(x12.HOLD, record.reason, record.position, record.detail))
            if reading.payment and reading.payment.state == "reading":
                self._store(reading)
                reading.payment.item_ids._put_aside("damaged")
                reading.payment._hold("damaged", self._tell_fault({
                    "reason": record.reason, "position": record.position, "detail": self._plain(record.detail),
                }))
            reading.begin(None)
        elif isinstance(record, x12.Closing):
            if reading.payment and reading.payment.state == "reading":
                self._store(reading)
                reading.payment._close(record, reading)
            reading.begin(None)

    def _begin_payment(self, record):
        """The payment that begins here: the one stored before, where reading was cut off, or a new one."""
        payments = self.env["billing.remittance.transaction"]
        known = payments.search([("file_id", "=", self.id), ("position", "=", record.position)])
        return known or payments.create(payments._prepare_vals(self, record))

    def _note_fault(self, reading, fault):
        if len(reading.faults) < KEPT_FAULTS:
            reading.faults.append({
                "severity": fault.severity,
                "reason": fault.reason,
                "position": fault.position,
                "detail": self._plain(fault.detail),
            })
        reading.counts["faults"] += 1
        if fault.severity == x12.HOLD:
            if fault.claim:
                reading.held.setdefault(fault.claim, []).append(fault)
            elif reading.held_payment is None:
                reading.held_payment = fault

    def _note_fraction(self, reading, record):
        """Note the first amount that cannot be paid in the currency of the payment: stored, it would be rounded."""
        if (
            reading.unit and not reading.unit.divides_all and not reading.fraction
            and isinstance(record, x12.Claim | x12.ProviderAdjustment)
        ):
            reading.fraction = reading.unit.find_fault(record)
            if reading.fraction:
                self._note_fault(reading, reading.fraction)

    @api.model
    def _plain(self, detail):
        return {key: str(value) for key, value in detail.items()}

    def _store(self, reading):
        """Write down the claims read since the last time."""
        if reading.payment and reading.claims:
            items = self.env["billing.remittance.item"].with_context(tracking_disable=True)
            items.create([items._prepare_vals(reading.payment, claim) for claim in reading.claims])
            self.write({"position": reading.claims[-1].position})
        reading.claims = []

    def _finish(self, reading):
        """The whole file is read."""
        if not self.transaction_ids:
            self._refuse(reading, X12Error("no_transaction"))
            return
        self._set_state(
            "read", faults=reading.faults, fault_count=reading.counts["faults"], position=self.segment_count,
        )

    def _refuse(self, reading, error):
        """It is no file of this kind, or nothing of it can be read: say where, and what to do."""
        if reading.payment and reading.payment.state == "reading":
            self._store(reading)
            reading.payment.item_ids._put_aside("damaged")
            reading.payment._hold("damaged", str(error))
        self._set_state(
            "refused", faults=reading.faults, fault_count=reading.counts["faults"], refusal=self._tell_refusal(error),
        )
