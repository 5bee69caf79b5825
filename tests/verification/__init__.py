from . import test_coverage_notices
from . import test_eligibility_check
from . import test_encounter_verification
from . import test_verification_tour
