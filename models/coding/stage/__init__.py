"""Between a file and the database: rows are staged, compared and applied, whole sets at a time.

Here is a class for each thing that files are about; a format names it as its ``target``.
"""

from .base import Stage, drop_staged
from .ceilings import CeilingStage
from .codes import CodeStage
from .crosswalks import CrosswalkStage
from .job import Job
from .pairs import PairStage

STAGES = {"code": CodeStage, "pair": PairStage, "ceiling": CeilingStage, "crosswalk": CrosswalkStage}

__all__ = ["STAGES", "CeilingStage", "CodeStage", "CrosswalkStage", "Job", "PairStage", "Stage", "drop_staged"]
