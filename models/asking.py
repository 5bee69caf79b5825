from markupsafe import escape

from odoo import models


class BillingAsking(models.AbstractModel):
    """What the office asks somebody to do about a record: on that person's list of activities, and nowhere else.

    For models with activities. Nothing is mailed: a night that finds two hundred matters fills lists, not mailboxes.
    """

    _name = "billing.asking"
    _description = "Asks somebody to do something"

    def _ask_for(self, kind, sentences, users=None, deadline=None, notes=None):
        """Put one activity on each of these records, in a number of queries that does not grow with them.

        :param kind: the type of activity, or its external id
        :param dict sentences: {record: what to do, in one line}
        :param users: who is asked: one user, or {record: user}. Somebody who has left sees no activities, so nobody in
            particular is asked then, and the office's lists show it to everybody
        :param deadline: name of the record's date until which it is to be done; without one the days of the type
        :param dict notes: {record: the details}
        """
        activity_type = self.env.ref(kind) if isinstance(kind, str) else kind
        model_id = self.env["ir.model"]._get_id(self._name)
        usual = activity_type._get_date_deadline()
        per_record = users if isinstance(users, dict) else dict.fromkeys(self, users)
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create([
            {
                "activity_type_id": activity_type.id,
                "res_model_id": model_id,
                "res_id": record.id,
                "summary": sentences[record],
                "note": escape(notes[record]) if notes and notes.get(record) else False,
                "date_deadline": (deadline and record[deadline]) or usual,
                "user_id": self._get_present_user(per_record.get(record)).id,
                "automated": True,
            }
            for record in self
        ])

    def _get_present_user(self, user):
        """This user if they still work here: what the system itself has done is nobody's."""
        return (user or self.env["res.users"]).sudo().filtered("active")
