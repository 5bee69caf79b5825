from . import approval_rule
from . import consent
