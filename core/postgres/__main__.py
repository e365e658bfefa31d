import sys
from pathlib import Path

from core.postgres.sharing import keep

keep(Path(sys.argv[1]))
