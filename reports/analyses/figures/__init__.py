from . import ledger_day
from . import figure_month
from . import figure_month_statement
