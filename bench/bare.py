"""What the machine does at best: the same web server answering with nothing, and a Django process that does nothing.

`python -m bench.bare web PORT` and `python -m bench.bare django`."""

import sys
import time
from collections.abc import Callable

from granian import Granian


def application(environ: dict, start_response: Callable) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"ready": true}']


def main() -> None:
    if sys.argv[1] == "web":
        Granian("bench.bare:application", port=int(sys.argv[2]), interface="wsgi", workers=1, blocking_threads=1,
                log_level="warning").serve()
        return
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    time.sleep(3600)


if __name__ == "__main__":
    main()
