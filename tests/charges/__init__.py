from . import test_debtor
from . import test_encounter
from . import test_encounter_verification
from . import test_verification_tour
