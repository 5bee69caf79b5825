from . import analysis
from . import account_invoice_report
from . import conservation
from . import unbilled_item
from . import unfilled_item
from . import plan_promise
from . import placement_figure
from . import dispute_figure
