from . import approval_rule
from . import consent
from . import assistance_programme
from . import assistance_bracket
from . import assistance_application
from . import assistance_decision
