from . import encounter
from . import encounter_diagnosis
from . import encounter_line
from . import code
from . import encounter_taxes
from . import encounter_billing
from . import encounter_account
from . import res_partner
