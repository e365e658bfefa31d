"""The OpenAPI 3.1 schema: who may call each operation, its Idempotency-Key, and the problems it answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api import permissions
from api.auth import access_of
from api.errors import MEDIA_TYPE
from api.idempotency import HEADER
from api.views import permission_of


class ProblemFieldSerializer(serializers.Serializer[Any]):
    """One wrong input."""

    field = serializers.CharField(
        allow_null=True, help_text="In the body, the address or the headers; a dot leads inwards, 0 is the first of several."
    )
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField(help_text="urn:souk:problem:<code>")
    title = serializers.CharField(help_text="The kind of problem in a few words, always the same for a code.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable and made for machines.")
    detail = serializers.CharField(help_text="What is wrong this time: a sentence for people, in the language asked for.")
    errors = ProblemFieldSerializer(many=True)


class SoukSchema(AutoSchema):
    """Adds to each operation what our foundation does for all of them."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation with `x-permission`, `x-access` and its line of the permission table, `x-roles`."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["x-access"] = access_of(self.view) or "nobody"
            operation["x-permission"] = str(permission_of(self.view))
            if row := permissions.of_operation(self.method, self.path):
                operation["x-roles"] = row.cells
                operation["description"] = f"{operation.get('description', '')}\n\nAllowed: {', '.join(row.allowed) or 'by invitation only'}."
        return operation

    def get_auth(self) -> list[dict[str, list[Any]]]:
        """The ways in: a person's token or session; for a guest the token of their basket or order; nothing where nothing is looked at."""
        ways: list[dict[str, list[Any]]] = [way for way in super().get_auth() if way]
        if access_of(self.view) != "anyone":
            return ways
        guest, action = getattr(self.view, "guest_shows", ""), getattr(self.view, "action", "")
        needless = action in getattr(self.view, "needs_nothing", ())
        return [*ways, {guest: []}, *([{}] if needless else [])] if guest else [{}]

    def get_override_parameters(self) -> list[Any]:
        """What may be asked in the address, and the Idempotency-Key of the actions that take one."""
        found = list(super().get_override_parameters())
        if question := getattr(self.view, "questions", {}).get(getattr(self.view, "action", None)):
            found.append(question)
        if getattr(self.view, "action", None) in getattr(self.view, "idempotent", ()):
            text = "Repeating a request with the same key repeats the answer, not the effect. Kept 30 days."
            found.append(OpenApiParameter(HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, required=False, description=text))
        return found

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        """What is sent has the names written here and no others (see api.serializers.Serializer)."""
        shape: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        return {**shape, "additionalProperties": False} if direction == "request" else shape

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self._problem_codes():
            if code not in bodies:
                bodies[code] = {**self._get_response_for_code(ProblemSerializer, code, [MEDIA_TYPE]), "description": "Problem"}
        return bodies

    def _problem_codes(self) -> list[str]:
        codes = ["400", "401", "404", "405", "406", "429", "503"]  # 401: a wrong token is said everywhere; 405: {reference} may be an action
        if access_of(self.view) != "anyone":
            codes += ["403"]
        if self.method not in ("GET", "HEAD"):
            codes += ["403", "409", "410", "412", "413", "415", "422", "428"]
        return sorted(set(codes))


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the token is written in the schema."""

    target_class = "api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """HTTP bearer."""
        return {"type": "http", "scheme": "bearer", "description": "A personal API token, made under “You → API tokens”."}
