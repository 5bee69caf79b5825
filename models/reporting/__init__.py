from . import claim
from . import report
