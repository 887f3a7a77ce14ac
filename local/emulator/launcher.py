"""Starts MiniStack with the house's pieces installed.

`python launcher.py [--end-with-stdin]` serves on BIND_HOST:GATEWAY_PORT, configured by MiniStack's own environment
variables (local/emulator-environment.ts sets them). Each piece is one file that replaces a few named functions and
says which behaviour of AWS it restores; `replacement.py` refuses to start when MiniStack's source is not the one a
piece was written for.
"""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time

import ministack.app

import alarms  # noqa: F401  each piece installs itself when it is imported
import api_gateway  # noqa: F401
import cloudformation  # noqa: F401
import cloudtrail  # noqa: F401
import dynamodb_authorization  # noqa: F401
import firewall  # noqa: F401
import iam_authorization  # noqa: F401
import iam_limits  # noqa: F401
import lambda_functions  # noqa: F401
import policy_variables  # noqa: F401
import service_metrics  # noqa: F401
import ses_authorization  # noqa: F401
import signatures  # noqa: F401
import step_functions_authorization  # noqa: F401
import step_functions_flow  # noqa: F401
import step_functions_tasks  # noqa: F401
import transport  # noqa: F401

OWN_TEMPORARY_FOLDER = "lapse-emulator-"


def end_with_stdin() -> None:
    """Ends this process group when the parent goes away: the pipe it holds to our stdin closes with it."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(3)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    if "--end-with-stdin" in sys.argv:
        sys.argv.remove("--end-with-stdin")
        threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        ministack.app.main()
    finally:
        temporary_folder = tempfile.gettempdir()
        if os.path.basename(temporary_folder).startswith(OWN_TEMPORARY_FOLDER):
            shutil.rmtree(temporary_folder, ignore_errors=True)


if __name__ == "__main__":
    main()
