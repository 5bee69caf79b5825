from . import bill_wizard
from . import bill_wizard_estimate
from . import remittance_reverse
from . import adjust_wizard
from . import statement_wizard
from . import rule_finder
