from . import test_approval
from . import test_closing
from . import test_consent
from . import test_merge
from . import test_merge_history
from . import test_profile
from . import test_registration
from . import test_verification
