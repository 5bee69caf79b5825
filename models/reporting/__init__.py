from . import report
from . import report_reading
from . import report_request
from . import report_table
from . import report_job
from . import report_job_run
from . import report_schedule
from . import report_schedule_run
