from . import test_ledger
from . import test_split
from . import test_remittance_ledger
from . import test_quick_entry
from . import test_currencies
from . import test_accountant
from . import test_bad_input
