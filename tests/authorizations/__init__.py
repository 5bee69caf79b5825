from . import test_authorization_access
from . import test_authorization_follow_up
from . import test_authorization_request
from . import test_authorization_sessions
from . import test_authorization_tour
from . import test_authorization_use
