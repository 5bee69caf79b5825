from . import insurance_plan
from . import authorization
from . import authorization_line
from . import authorization_answer
from . import authorization_follow_up
from . import code
from . import coverage
