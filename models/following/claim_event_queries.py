from odoo import api, models
from odoo.tools import SQL


class BillingClaimEvent(models.Model):
    """The statements behind the history of a claim: one for each kind of thing that happens to it."""

    _inherit = "billing.claim.event"

    def _get_event_queries(self):
        return [
            *super()._get_event_queries(), *self._get_claim_queries(), *self._get_sending_queries(),
            *self._get_answer_queries(),
        ]

    @api.model
    def _select(self, number, source, *, kind, date, record, model, document=None, has_time=True, user=None,
                amount=None, text=None, key=None):
        """One SELECT of events.

        :param int number: of the source, 0 to 39, nobody else's: this room takes 0 to 19, later ones the others
        :param SQL source: FROM and WHERE; the claim is ``claim``
        :param SQL kind: a kind as text
        :param SQL date: when; a timestamp in UTC, or a date
        :param SQL record: the id of what makes it one event
        :param str model: of the document behind it
        :param SQL document: the id of that document; empty: ``record``
        :param bool has_time: False for a date: what happened on a day is told after what has an hour of it
        """
        nothing = SQL("NULL")
        return SQL(
            """
            SELECT %(record)s::bigint * 40 + %(number)s AS id,
                   claim.id AS claim_id,
                   claim.company_id AS company_id,
                   claim.currency_id AS currency_id,
                   %(kind)s::varchar AS kind,
                   (%(date)s)::timestamp %(late)s AS date,
                   %(has_time)s AS has_time,
                   %(user)s::integer AS user_id,
                   %(amount)s::numeric AS amount,
                   %(text)s::varchar AS text,
                   %(key)s::varchar AS selection_key,
                   %(model)s::varchar AS res_model,
                   %(document)s AS res_id
              %(source)s
            """,
            record=record, document=document or record, number=number, kind=kind,
            late=SQL("") if has_time else SQL("+ INTERVAL '23 hours'"),
            date=date, has_time=has_time, model=model, source=source,
            user=user or nothing, amount=amount or nothing, text=text or nothing, key=key or nothing,
        )

    @api.model
    def _number_about(self, relation, document):
        """What tells the events of one document about several claims apart, one for each of them.

        :param str relation: the table of pairs, ``about`` in the statement
        :param str document: its column for the document; that for the claim is ``claim_id``
        """
        return SQL(
            """
            (about.%(document)s::bigint * 100000 + (
                SELECT COUNT(*) FROM %(relation)s earlier
                 WHERE earlier.%(document)s = about.%(document)s AND earlier.claim_id < about.claim_id
            ))
            """,
            document=SQL.identifier(document), relation=SQL.identifier(relation),
        )

    def _get_claim_queries(self):
        """Made, mended, taken back, replaced: what the claim itself says."""
        own = {"record": SQL("claim.id"), "model": "billing.claim"}
        return [
            self._select(
                0, SQL("FROM billing_claim claim JOIN account_move invoice ON invoice.id = claim.invoice_id "
                       "LEFT JOIN billing_claim before ON before.id = claim.replaces_id"),
                # The day on which the visit was billed; it comes before all else of that day.
                kind=SQL("'made'"), date=SQL("invoice.invoice_date::timestamp - INTERVAL '23 hours'"), has_time=False,
                user=SQL("claim.create_uid"), amount=SQL("claim.amount_charged"), text=SQL("before.name"), **own,
            ),
            self._select(
                1, SQL("FROM billing_claim claim WHERE claim.date_mended IS NOT NULL"),
                kind=SQL("'mended'"), date=SQL("claim.date_mended"), **own,
            ),
            self._select(
                2, SQL("FROM billing_claim claim WHERE claim.date_void IS NOT NULL"),
                kind=SQL("'void'"), date=SQL("claim.date_void"), has_time=False, **own,
            ),
            self._select(
                3, SQL("FROM billing_claim claim JOIN billing_claim after ON after.replaces_id = claim.id"),
                kind=SQL("'replaced'"), date=SQL("after.create_date"), user=SQL("after.create_uid"),
                text=SQL("after.name"), record=SQL("after.id"), model="billing.claim",
            ),
        ]

    def _get_sending_queries(self):
        """Sent, what came back of it, and the calls."""
        sending = SQL("FROM billing_claim_submission sending JOIN billing_claim claim ON claim.id = sending.claim_id")
        own = {"record": SQL("sending.id"), "model": "billing.claim.submission"}
        return [
            self._select(
                4, sending,
                kind=SQL("CASE WHEN sending.state = 'withdrawn' THEN 'withdrawn' WHEN sending.frequency = '7' "
                         "THEN 'sent_7' WHEN sending.frequency = '8' THEN 'sent_8' ELSE 'sent' END"),
                date=SQL("sending.date"), user=SQL("sending.user_id"),
                text=SQL("CONCAT_WS(' · ', sending.reference, sending.note)"), key=SQL("sending.channel"), **own,
            ),
            self._select(
                5, SQL("%s WHERE sending.answer_date IS NOT NULL", sending),
                kind=SQL("sending.state"), date=SQL("sending.answer_date"),
                text=SQL("CONCAT_WS(' · ', sending.payer_control_number, sending.answer_text)"), **own,
            ),
            self._select(
                6, SQL("FROM billing_claim_contact call JOIN billing_claim_contact_rel about ON "
                       "about.contact_id = call.id JOIN billing_claim claim ON claim.id = about.claim_id"),
                kind=SQL("'contact'"), date=SQL("call.date"), user=SQL("call.user_id"),
                text=SQL("CONCAT_WS(' · ', call.spoken_to, call.said, call.call_reference)"), key=SQL("call.outcome"),
                record=self._number_about("billing_claim_contact_rel", "contact_id"), model="billing.claim.contact",
                document=SQL("call.id"),
            ),
        ]

    def _get_answer_queries(self):
        """What payers answered and the office decided."""
        answers = SQL("""
            FROM (
                  SELECT line.claim_id, line.remittance_id, SUM(line.amount_paid) AS paid, MIN(line.id) AS first_line,
                         BOOL_OR(EXISTS (
                             SELECT FROM billing_remittance_adjustment adjustment
                               JOIN billing_adjustment_reason reason ON reason.id = adjustment.reason_id
                              WHERE adjustment.line_id = line.id AND reason.effect = 'hold'
                                AND adjustment.amount > adjustment.amount_mirrored
                         )) AS is_denied,
                         MAX(line.taken_back_by_id) AS taken_back_by_id
                    FROM billing_remittance_line line
                   WHERE line.kind = 'answer'
                GROUP BY line.claim_id, line.remittance_id
                 ) answer
            JOIN billing_claim claim ON claim.id = answer.claim_id
            JOIN billing_remittance remittance ON remittance.id = answer.remittance_id
       LEFT JOIN billing_remittance later ON later.id = answer.taken_back_by_id
        """)
        decided = SQL("FROM billing_adjustment decision JOIN billing_claim claim ON claim.id = decision.claim_id "
                      "JOIN billing_adjustment_reason reason ON reason.id = decision.reason_id")
        return [
            # A remittance is one document over several claims: the event is told apart by its first line.
            self._select(
                7, SQL("%s WHERE remittance.state IN ('posted', 'reversed')", answers),
                kind=SQL("CASE WHEN answer.is_denied THEN 'denied' ELSE 'answered' END"), date=SQL("remittance.date"),
                has_time=False, user=SQL("remittance.create_uid"), amount=SQL("answer.paid"),
                text=SQL("remittance.reference"), record=SQL("answer.first_line"), model="billing.remittance",
                document=SQL("remittance.id"),
            ),
            self._select(
                8, SQL("%s WHERE remittance.state = 'reversed' OR later.id IS NOT NULL", answers),
                kind=SQL("'answer_reversed'"), date=SQL("COALESCE(later.write_date, remittance.write_date)"),
                user=SQL("COALESCE(later.write_uid, remittance.write_uid)"),
                text=SQL("COALESCE(later.reference, remittance.reference)"), record=SQL("answer.first_line"),
                model="billing.remittance", document=SQL("COALESCE(later.id, remittance.id)"),
            ),
            self._select(
                9, SQL("%s WHERE decision.state IN ('posted', 'reversed')", decided),
                kind=SQL("'adjusted'"), date=SQL("decision.date"), has_time=False,
                user=SQL("COALESCE(decision.approver_id, decision.requested_by_id)"), amount=SQL("decision.amount"),
                text=SQL("decision.note"), record=SQL("decision.id"), model="billing.adjustment",
            ),
            self._select(
                10, SQL("%s WHERE decision.state = 'reversed'", decided),
                kind=SQL("'adjustment_reversed'"), date=SQL("decision.write_date"), user=SQL("decision.write_uid"),
                amount=SQL("decision.amount"), record=SQL("decision.id"), model="billing.adjustment",
            ),
        ]
