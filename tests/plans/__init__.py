from . import test_plan_changes
from . import test_plan_ledger
from . import test_plan_nights
from . import test_plan_proposal
