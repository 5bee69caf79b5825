from . import claim
from . import payment_plan
from . import report
