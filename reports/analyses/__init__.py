from . import analysis
from . import account_invoice_report
from . import conservation
from . import plan_promise
from . import placement_figure
from . import dispute_figure
from . import account_review
