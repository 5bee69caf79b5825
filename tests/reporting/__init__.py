from . import test_aged_items
from . import test_report_definition
from . import test_unbilled
from . import test_unfilled
from . import test_claim_figures
from . import test_collection_figures
from . import test_plan_figures
from . import test_dispute_figures
