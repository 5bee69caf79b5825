from . import code_system
from . import code
from . import adjustment_reason
