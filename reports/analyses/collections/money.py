from odoo.tools import SQL

# Whether the entry ``outside``, with which a debt was matched, is money: a payment, a line of a bank statement, or what
# an agency kept of what it has collected. Credit notes, write-offs, corrections of insurance and drafts are none.
IS_MONEY = SQL("""
    (outside.state = 'posted'
     AND (outside.origin_payment_id IS NOT NULL
          OR outside.statement_line_id IS NOT NULL
          OR outside.billing_recovery_id IS NOT NULL))
""")
