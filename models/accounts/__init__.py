from . import res_partner_state
from . import res_partner_closing
from . import res_partner_duplicates
from . import res_partner_profile
from . import res_partner_verification
from . import res_partner_to_verify
from . import approval_rule
from . import consent
