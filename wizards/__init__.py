from . import account_change
from . import registration
from . import registration_coverage
from . import registration_duplicate
from . import bill_wizard
from . import remittance_reverse
from . import adjust_wizard
from . import statement_wizard
