"""``python -m biocapil`` is the command line."""

from __future__ import annotations

import sys

from biocapil.cli.main import main

sys.exit(main())
