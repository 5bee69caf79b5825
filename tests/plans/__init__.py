from . import test_plan_ledger
from . import test_plan_proposal
