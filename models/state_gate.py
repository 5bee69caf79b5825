from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.tools.misc import clean_context

# Identity, not value, opens the gate: nothing that arrives by RPC can be this object.
_GATE_KEY = object()


class BillingStateGate(models.AbstractModel):
    """One gate per state: the only way in which a billing document changes its state.

    A model names the moves it allows in ``_state_moves`` (state -> states that may follow) and calls
    :meth:`_set_state`. A plain ``write({"state": ...})``, an import or an RPC call is refused, so that a state
    always means that the steps behind it were taken. A model of Odoo, whose ``state`` would mean something else, names
    its own field in ``_state_field``.
    """

    _name = "billing.state.gate"
    _description = "State changed through one gate"

    _state_field = "state"
    _state_moves = {}
    # What stands read-only on screens is read-only by RPC and import as well.
    _keeps_readonly = False

    @api.model_create_multi
    def create(self, vals_list):
        # Said explicitly: a default that comes with the context or a user's own defaults would be another way in.
        name = self._state_field
        firsts = self._get_first_states(vals_list)
        vals_list = [{name: first, **vals} for vals, first in zip(vals_list, firsts, strict=True)]
        for vals, first in zip(vals_list, firsts, strict=True):
            if vals[name] != first:
                self._refuse_state_write(vals[name])
        return super().create(vals_list)

    def write(self, vals):
        name = self._state_field
        if name in vals and self.env.context.get("billing_gate") is not _GATE_KEY:
            self._refuse_state_write(vals[name])
        if self._keeps_readonly and not self.env.su and name not in vals:
            self._refuse_typing({key for key in vals.keys() & self._fields if self._fields[key].readonly})
        return super().write(vals)

    @api.model
    def _get_first_states(self, vals_list):
        """The state in which each of these new records begins: the field's default."""
        return [self._fields[self._state_field].default(self)] * len(vals_list)

    def _refuse_state_write(self, state):
        raise UserError(self.env._(
            "The state of %(document)s cannot be typed over (wanted: %(state)s). Use its buttons.",
            document=self[:1].display_name or self._description,
            state=state,
        ))

    def _refuse_typing(self, names):
        """
        :param names: of fields that nobody types
        :raise UserError: there are any
        """
        if names:
            raise UserError(self.env._(
                "“%(fields)s” of %(document)s follows from what was done, and is never typed or imported. Use the "
                "buttons.",
                fields="”, “".join(sorted(self._fields[name]._description_string(self.env) for name in names)),
                document=self[:1].display_name or self._description,
            ))

    def _set_state(self, target, reason=None, **values):
        """Move these records to ``target``, together with ``values``, and log why.

        :param str target: the state to reach
        :param str reason: a sentence for the chatter, or None
        :raise UserError: when a record's present state does not allow the move
        """
        labels = dict(self._fields[self._state_field]._description_selection(self.env))
        for record in self:
            state = record[self._state_field]
            if target not in self._state_moves.get(state, ()):
                raise UserError(self.env._(
                    "%(document)s is “%(state)s” and cannot become “%(target)s”.",
                    document=record.display_name,
                    state=labels.get(state, state),
                    target=labels.get(target, target),
                ))
        if reason:
            self._track_set_log_message(reason)
        self.with_context(billing_gate=_GATE_KEY).write({self._state_field: target, **values})

    def _lock_or_refuse(self):
        """Keep these records to ourselves until the transaction ends.

        :raise UserError: when somebody else is working on one of them at this moment
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Somebody else is working on %(documents)s right now. Wait a moment, reload the page and look "
                "whether it is still to be done.",
                documents=", ".join(self.mapped("display_name")),
            )) from error

    def _apart_from_screen(self):
        """The same records as their company works on them, whatever screen the user came from.

        A screen leaves default values in the context, for its own document; they must not fall upon the invoices and
        entries that follow.
        """
        return self.with_context(clean_context(self.env.context)).with_company(self.company_id[:1])
