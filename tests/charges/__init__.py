from . import test_debtor
from . import test_encounter
