from . import test_plan_ability
from . import test_plan_changes
from . import test_plan_ledger
from . import test_plan_nights
from . import test_plan_paying
from . import test_plan_proposal
from . import test_plan_signing
from . import test_plan_successor
