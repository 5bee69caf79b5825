from . import worklist
from . import worklist_card
