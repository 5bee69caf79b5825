from . import bill_wizard
from . import remittance_reverse
from . import adjust_wizard
from . import assistance_wizard
from . import statement_wizard
