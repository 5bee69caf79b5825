from . import encounter
from . import encounter_diagnosis
from . import encounter_line
from . import encounter_rules
from . import code
from . import encounter_taxes
from . import encounter_shares
from . import encounter_billing
