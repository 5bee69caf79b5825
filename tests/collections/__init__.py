from . import test_collection_guards
from . import test_collection_plans
from . import test_collection_preview
from . import test_collection_queries
from . import test_collection_run
from . import test_collection_sessions
from . import test_collection_stages
from . import test_collection_steps
