from . import ledger_day
from . import figure_month
