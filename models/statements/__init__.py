from . import res_company
from . import res_config_settings
from . import statement_run
from . import statement_run_sending
from . import statement_line
from . import statement_line_facts
from . import statement_line_sending
from . import res_partner
