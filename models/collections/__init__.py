from . import collection_stage
from . import collection_case
from . import collection_item
from . import collection_case_amounts
from . import collection_snapshot
