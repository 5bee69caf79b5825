from . import collection_figure
from . import contact_figure
from . import plan_figure
from . import plan_promise
from . import placement_figure
from . import dispute_figure
