import time
from typing import Any

from django.db.backends.postgresql import base

from core import postgres
from core.database.creation import DatabaseCreation
from core.database.schema import DatabaseSchemaEditor
from core.database.watch import watch

LOOK_EVERY_SECONDS = 1.0
# Plans that a connection keeps. One purchase asks more than the driver's hundred, which would then forget each before it comes again.
PREPARED_MOST = 500


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation
    SchemaEditorClass = DatabaseSchemaEditor
    _looked_at = float("-inf")

    @property
    def queries_logged(self) -> bool:
        """Only where somebody counts them. Django would keep and render every statement while DEBUG is on, which takes a tenth of the time."""
        return bool(self.force_debug_cursor)

    def get_connection_params(self) -> dict[str, Any]:
        if folder := self.settings_dict.get("EMBEDDED_IN"):
            self._see_that_it_runs(folder)
        return super().get_connection_params()

    def _configure_connection(self, connection: Any) -> Any:
        """Every connection comes by here once, out of the pool or not."""
        connection.prepared_max = PREPARED_MOST
        if seconds := self.settings_dict.get("SILENCE_SECONDS"):
            watch(connection, seconds=seconds)
        return super()._configure_connection(connection)  # type: ignore[misc]

    def _see_that_it_runs(self, folder: Any) -> None:
        """Every request takes a connection from the pool and comes by here; looking means to connect, so they share one look a second."""
        pooled = "pool" in self.settings_dict["OPTIONS"]
        if pooled and self.settings_dict["PASSWORD"] and time.monotonic() - DatabaseWrapper._looked_at < LOOK_EVERY_SECONDS:
            return
        server = postgres.ensure_running(folder)
        self.settings_dict.update(HOST=server.host, PORT=str(postgres.PORT), PASSWORD=server.password)
        DatabaseWrapper._looked_at = time.monotonic()
