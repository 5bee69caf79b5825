from . import payer_rates
from . import claim_figure
from . import claim_figure_money
from . import denial_figure
from . import payer_scorecard
