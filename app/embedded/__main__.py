"""`python3 -m app.embedded COMMAND`: what the Makefile calls, on whatever Python 3 the machine has."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the words are for those whose Python is older
    sys.exit(
        "guatu: Python 3.11 or newer is needed; {} is {}.{}.\n"
        "Name a newer one, for example: make run PYTHON=python3.12".format(
            sys.executable, *sys.version_info[:2]
        )
    )

from app.embedded.commands import main

sys.exit(main(sys.argv[1:]))
