"""What figures that people type cannot be, in sentences that name the record and the value."""

from odoo.exceptions import ValidationError

from ..tools.periods import MOST_DAYS


def check_not_negative(records, names):
    """Amounts, percentages and counts that are nothing or more.

    :param names: of the fields
    :raise ValidationError: naming the record, the field and the value
    """
    env = records.env
    for record in records:
        for name in names:
            if record[name] < 0:
                raise ValidationError(env._(
                    "“%(field)s” of %(record)s cannot be less than nothing (%(value)s). Type zero or more.",
                    field=record._fields[name]._description_string(env),
                    record=record.display_name,
                    value=f"{record[name]:g}",
                ))


def check_days(records, names):
    """Numbers of days that a calendar can bear.

    :param names: of the fields
    :raise ValidationError: naming the record, the field and the value
    """
    env = records.env
    for record in records:
        for name in names:
            if not 0 <= record[name] <= MOST_DAYS:
                raise ValidationError(env._(
                    "“%(field)s” of %(record)s cannot be %(days)s days. Type a number of days, zero for the day itself "
                    "and %(most)s at most.",
                    most=MOST_DAYS,
                    field=record._fields[name]._description_string(env),
                    record=record.display_name,
                    days=record[name],
                ))
