from . import bill_wizard
from . import remittance_reverse
from . import adjust_wizard
