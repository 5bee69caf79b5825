from . import code_system
from . import code
from . import adjustment_reason
from . import code_pair
from . import code_ceiling
