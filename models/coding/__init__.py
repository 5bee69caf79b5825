from . import code_system
from . import code
from . import adjustment_reason
from . import code_crosswalk
from . import product_code
from . import code_translation
