from . import assistance_programme
from . import assistance_bracket
from . import assistance_application
from . import assistance_decision
from . import adjustment
from . import assistance_discounts
from . import account_move
from . import res_partner
