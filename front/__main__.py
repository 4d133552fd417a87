"""``python -m allegedly``."""

import sys

from allegedly.cli import main

if __name__ == "__main__":
    sys.exit(main())
