"""What happens once, when the program starts."""

import atexit

from django.apps import AppConfig
from django.db import connections


class Config(AppConfig):
    name = "evenweave.config"

    def ready(self) -> None:
        # A pool that is still open when Python ends waits five seconds for each of its threads.
        atexit.register(close_pools)


def close_pools() -> None:
    """Give back every database connection of this process."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
