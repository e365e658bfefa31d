"""The category tree, and what each category asks about a thing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.views import SoukViewSet
from marketplace.catalog.categories import queries
from marketplace.catalog.categories.models import Category


class CategorySerializer(serializers.Serializer[Any]):
    """A category in the reader's language."""

    slug = serializers.CharField()
    name = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    depth = serializers.IntegerField(help_text="1 for a branch.")
    inspection_days = serializers.IntegerField(help_text="How long a buyer may look at a thing before the money is released.")


class CategoryNodeSerializer(CategorySerializer):
    """A category with the categories inside it. Things are put into categories without children."""

    children = CategorySerializer(many=True)


class AttributeChoiceSerializer(serializers.Serializer[Any]):
    """One of the answers to choose from."""

    code = serializers.CharField()
    label = serializers.CharField()


class AttributeSerializer(serializers.Serializer[Any]):
    """What the category asks. Its own questions and those of the branches above it."""

    code = serializers.CharField()
    label = serializers.SerializerMethodField()
    kind = serializers.CharField(help_text="text, number, choice or yes_no")
    unit = serializers.CharField()
    required = serializers.BooleanField()
    filterable = serializers.BooleanField()
    choices = serializers.SerializerMethodField()

    def get_label(self, attribute: Any) -> str:
        return str(attribute.label(get_language() or "en"))

    @extend_schema_field(AttributeChoiceSerializer(many=True))
    def get_choices(self, attribute: Any) -> list[dict[str, str]]:
        return [{"code": choice.code, "label": choice.label(get_language() or "en")} for choice in attribute.choices]


class CategoryDetailSerializer(CategorySerializer):
    """A category with its place in the tree and its questions."""

    breadcrumbs = CategorySerializer(many=True)
    attributes = AttributeSerializer(many=True)


class CategoryView(SoukViewSet):
    """Categories."""

    access = "anyone"
    permission = "Anyone."
    serializer_class = CategoryNodeSerializer
    queryset = Category.objects.none()
    pagination_class = None
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]{1,60}"

    @extend_schema(responses=CategoryNodeSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """The whole tree."""
        return Response(CategoryNodeSerializer(queries.whole_tree(), many=True).data)

    @extend_schema(responses=CategoryDetailSerializer)
    def retrieve(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """One category and what it asks about a thing."""
        category = queries.by_slug(slug)
        body = {
            **CategorySerializer(category).data,
            "breadcrumbs": CategorySerializer(queries.breadcrumbs(category), many=True).data,
            "attributes": AttributeSerializer(queries.attributes_of(category), many=True).data,
        }
        return Response(body)
