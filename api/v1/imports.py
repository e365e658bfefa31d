"""Tables on their way into a shop: sent, looked at, begun, watched; and the shop as a table."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from api import naming, serializers
from api.questions import ShopQuestion
from api.renderers import AnyFileRenderer
from api.views import SoukViewSet
from core import clock
from core.errors import Invalid
from marketplace.catalog.listings.content import LANGUAGES
from marketplace.catalog.listings.models import LARGEST_STOCK, Condition, HandOver
from marketplace.importing import access, exporting, operations, queries, words
from marketplace.importing.models import Import, ImportProblem
from marketplace.importing.states import ImportState
from marketplace.importing.terms import PRICES, Terms
from vendors.members import access as members

EVERYONE_INSIDE = "Members of the shop with edit_listings."
OUTCOMES = ("created", "changed", "unchanged", "failed")


class ImportTermsSerializer(serializers.Serializer[Any]):
    """What new listings have where their row says nothing, and how whole numbers in the price column are meant."""

    category = serializers.CharField(required=False, allow_blank=True, max_length=60, help_text="A category's slug.")
    stock = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST_STOCK, help_text="Of new listings only.")
    condition = serializers.ChoiceField(required=False, choices=Condition.choices)
    language = serializers.ChoiceField(required=False, choices=LANGUAGES)
    delivery = serializers.ListField(required=False, child=serializers.ChoiceField(choices=HandOver.choices), min_length=1, max_length=2)
    prices = serializers.ChoiceField(required=False, choices=PRICES)
    publish = serializers.BooleanField(required=False)


class ImportUploadSerializer(serializers.Serializer[Any]):
    """A CSV, CSV.gz or XLSX file of at most 100 MB whose first line names its columns."""

    vendor = serializers.CharField(max_length=60, help_text="The shop's slug.")
    file = serializers.FileField()
    currency = serializers.CharField(required=False, max_length=3, help_text="Of the prices; must be the shop's own.")
    category = serializers.CharField(required=False, allow_blank=True, max_length=60, help_text="A category's slug.")
    stock = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_STOCK)
    prices = serializers.ChoiceField(required=False, choices=PRICES)


class ImportSetupSerializer(serializers.Serializer[Any]):
    """Corrections to the guess. `columns`: column → field, empty to leave it out; a column not named stays as it is."""

    columns = serializers.DictField(required=False, child=serializers.CharField(allow_blank=True, max_length=60))
    terms = ImportTermsSerializer(required=False)


class ImportSerializer(serializers.Serializer[Any]):
    """A table, and how far it came."""

    reference = serializers.CharField()
    vendor = serializers.CharField(source="vendor.slug")
    state = serializers.ChoiceField(choices=ImportState.choices)
    file_name = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField(allow_blank=True), source="mapping")
    terms = serializers.DictField()
    rows_total = serializers.IntegerField(help_text="0 until it runs.")
    rows_done = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    failed = serializers.IntegerField()
    why = serializers.CharField(help_text="Why it stopped; empty otherwise.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ImportPreviewRowSerializer(serializers.Serializer[Any]):
    """A row as it would become a listing, or why not."""

    line = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    sku = serializers.CharField()
    title = serializers.CharField()
    price_minor = serializers.IntegerField(source="price.amount_minor", allow_null=True, default=None)
    on_hand = serializers.IntegerField(allow_null=True)
    category = serializers.CharField(source="category.slug", allow_null=True, default=None)
    reason = serializers.CharField()


class ImportPreviewSerializer(serializers.Serializer[Any]):
    """The first rows. `problem` says why the file cannot be read any more."""

    rows = ImportPreviewRowSerializer(many=True)
    samples = serializers.DictField(child=serializers.CharField(allow_blank=True), help_text="A cell of each column.")
    problem = serializers.CharField()


class ImportProblemSerializer(serializers.Serializer[Any]):
    """A row that stayed out (error), or a remark about one that went in (note)."""

    line = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ImportProblem.Kind.choices)
    sku = serializers.CharField()
    column = serializers.CharField(source="field")
    code = serializers.CharField()
    reason = serializers.CharField(source="sentence")


class ImportView(SoukViewSet):
    """Tables of the shops in which the caller works."""

    access = "person"
    scope = "sell"
    permission = EVERYONE_INSIDE
    idempotent = ("create", "run", "cancellation")
    questions = {"list": ShopQuestion}
    paged = ("list", "problems")
    serializer_class = ImportSerializer
    queryset = Import.objects.none()
    cursor_ordering = ("-pk",)
    parser_classes = (*api_settings.DEFAULT_PARSER_CLASSES, MultiPartParser)

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """A shop's tables, the newest first."""
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=self.asked["vendor"], permission="edit_listings")
        page = self.paginate_queryset(queries.of_vendor(vendor))
        return self.get_paginated_response(ImportSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One table and its progress."""
        return Response(ImportSerializer(self._mine(reference)).data)

    @extend_schema(request={"multipart/form-data": ImportUploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Send a table. We guess its columns; nothing goes in before you say `run`."""
        file = request.FILES.get("file")
        if file is None:
            raise Invalid("file", words.FILES["not_a_table"])
        given = self.read(ImportUploadSerializer)
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=given["vendor"], permission="edit_listings")
        told = {name: given[name] for name in ("category", "stock", "prices") if name in given}
        terms = Terms(currency=given.get("currency", vendor.currency).upper(), **told)

        def effect() -> dict[str, Any]:
            batch = operations.upload(vendor=vendor, user=request.user, name=file.name, file=file.file, terms=terms, actor=self.actor, at=clock.now())
            return dict(ImportSerializer(batch).data)

        return self.once(effect, status=201)

    @extend_schema(request=ImportSetupSerializer, responses=ImportSerializer)
    def partial_update(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Correct the guess about columns and terms, before it runs."""
        batch = self._mine(reference)
        given = self.read(ImportSetupSerializer)
        terms = Terms.from_json({**batch.terms, **given.get("terms", {})})
        mapping = {**batch.mapping, **given.get("columns", {})}
        batch = operations.configure(batch=batch, mapping=mapping, terms=terms, actor=self.actor, at=clock.now())
        return Response(ImportSerializer(batch).data)

    @extend_schema(responses=ImportPreviewSerializer)
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The first rows as they would become listings."""
        return Response(ImportPreviewSerializer(queries.preview(self._mine(reference), at=clock.now())).data)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def run(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Begin. Rows go in by and by; look at the table for its progress. One at a time in a shop."""
        batch = self._mine(reference)
        return self.once(lambda: dict(ImportSerializer(operations.start(batch=batch, actor=self.actor, at=clock.now())).data))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Stop. What is in stays."""
        batch = self._mine(reference)
        return self.once(lambda: dict(ImportSerializer(operations.cancel(batch=batch, actor=self.actor, at=clock.now())).data))

    @extend_schema(responses=ImportProblemSerializer(many=True))
    @action(detail=True, methods=["get"])
    def problems(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Rows that stayed out and remarks, the last line first."""
        page = self.paginate_queryset(queries.problems_of(self._mine(reference)))
        return self.get_paginated_response(ImportProblemSerializer(page, many=True).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"], renderer_classes=(*api_settings.DEFAULT_RENDERER_CLASSES, AnyFileRenderer))
    def problem_table(self, request: Request, reference: str, **kwargs: Any) -> HttpResponse:
        """The same, pictures too, as CSV."""
        batch = self._mine(reference)
        return attachment("".join(queries.problem_lines(batch)).encode(), "csv", f"problems-{batch.reference}")

    def _mine(self, reference: str) -> Import:
        return access.get_for(self.request.user, reference=reference)


class TableQuestion(serializers.Serializer[Any]):
    """What kind of file."""

    kind = serializers.ChoiceField(choices=list(exporting.KINDS), required=False, default="csv")


class ListingTableView(SoukViewSet):
    """The shop as a table."""

    access = "person"
    scope = "sell"
    permission = EVERYONE_INSIDE
    serializer_class = ImportSerializer
    queryset = Import.objects.none()
    pagination_class = None
    questions = {"list": TableQuestion}
    renderer_classes = (*api_settings.DEFAULT_RENDERER_CLASSES, AnyFileRenderer)

    @extend_schema(
        parameters=[
            OpenApiParameter("vendor_slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The shop's slug."),
        ],
        responses={(200, "text/csv"): OpenApiTypes.STR, (200, exporting.KINDS["xlsx"]): OpenApiTypes.BINARY},
    )
    def list(self, request: Request, vendor_slug: str, **kwargs: Any) -> HttpResponse:
        """All listings that are not removed, a row for each variant. Sent back as an import it changes nothing."""
        vendor = members.get_for(request.user, slug=vendor_slug, permission="edit_listings")
        kind = self.asked["kind"]
        out = BytesIO()
        exporting.WRITERS[kind](vendor=vendor, file=out)
        return attachment(out.getvalue(), kind, vendor.slug)


def attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=exporting.KINDS[kind], headers=headers)
