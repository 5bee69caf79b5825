from . import tile
from . import tile_station
from . import tile_figure
from . import digest_digest
