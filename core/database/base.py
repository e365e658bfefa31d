from typing import Any

from django.db.backends.postgresql import base

from core import postgres
from core.database.creation import DatabaseCreation


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        if folder := self.settings_dict.get("EMBEDDED_IN"):
            server = postgres.ensure_running(folder)
            self.settings_dict.update(HOST=server.host, PORT=str(postgres.PORT), PASSWORD=server.password)
        return super().get_connection_params()
