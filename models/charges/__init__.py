from . import encounter
from . import encounter_diagnosis
from . import encounter_line
from . import code
from . import encounter_taxes
from . import encounter_billing
from . import eligibility_check
from . import encounter_verification
