"""My API tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import operations as tokens
from accounts.tokens import queries
from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import ALL, MONEY
from api import serializers, step_up
from api.views import SoukViewSet
from core import clock
from core.errors import Forbidden


class SignInRequired(Forbidden):
    """A token must not breed tokens."""

    code = "sign_in_required"
    sentence = _("Tokens are made by a signed-in person, not by another token.")


class TokenSerializer(serializers.Serializer[Any]):
    """A token without its secret."""

    reference = serializers.CharField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="How the secret begins.")
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class TokenIssueSerializer(serializers.Serializer[Any]):
    """What the new token may do, and until when."""

    name = serializers.CharField(max_length=60)
    scopes = serializers.ListField(
        child=serializers.CharField(max_length=12), min_length=1, max_length=len(ALL), help_text=f"Any of: {', '.join(ALL)}."
    )
    expires_at = serializers.DateTimeField(help_text="Within the next 12 months.")


class TokenIssuedSerializer(TokenSerializer):
    """The only answer that ever carries the secret."""

    secret = serializers.CharField()


class TokenView(SoukViewSet):
    """Tokens of the signed-in person."""

    access = "person"
    scope = "account"
    permission = {
        "list": "The owner of the tokens.",
        "create": "A person signed in by session; a token cannot make tokens.",
        "destroy": "The owner of the tokens.",
    }
    serializer_class = TokenSerializer
    queryset = ApiToken.objects.none()
    throttle_scope = "sensitive"

    def get_queryset(self) -> QuerySet[ApiToken]:
        return queries.of(self.request.user) if self.request.user.is_authenticated else ApiToken.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """My tokens, the ended ones too."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(TokenSerializer(page, many=True).data)

    @extend_schema(request=TokenIssueSerializer, responses={201: TokenIssuedSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Make a token. Its secret is in this answer and nowhere else; therefore it takes no Idempotency-Key."""
        if request.auth is not None:
            raise SignInRequired
        given = self.read(TokenIssueSerializer)
        if MONEY in given["scopes"]:
            step_up.demand(request)
        token, secret = tokens.issue(user=request.user, at=clock.now(), **given)
        return Response({**TokenSerializer(token).data, "secret": secret}, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Revoke a token at once."""
        tokens.revoke(user=request.user, reference=reference, at=clock.now())
        return Response(status=204)
