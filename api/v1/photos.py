"""Photos of a listing: put there, described, ordered, taken away."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from api import serializers
from api.views import SoukViewSet
from core import clock
from core.errors import Invalid
from marketplace.catalog.listings import access as listings
from marketplace.catalog.listings.queries import picture_of
from marketplace.catalog.photos import access, operations
from marketplace.catalog.photos.models import Photo


class PhotoSerializer(serializers.Serializer[Any]):
    """A photo and the addresses of its files."""

    reference = serializers.CharField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    small = serializers.CharField()
    medium = serializers.CharField()
    large = serializers.CharField()
    avif = serializers.CharField(help_text="A srcset.")
    webp = serializers.CharField(help_text="A srcset.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Rows and pictures look alike."""
        return dict(super().to_representation(picture_of(instance) if isinstance(instance, Photo) else instance))


class PhotoUploadSerializer(serializers.Serializer[Any]):
    """One file of at most 12 MB: JPEG, PNG, WebP or AVIF."""

    photo = serializers.FileField()
    alt = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class PhotoDescribeSerializer(serializers.Serializer[Any]):
    """What can be seen, for people who do not see it."""

    alt = serializers.CharField(allow_blank=True, max_length=200)


class PhotoOrderSerializer(serializers.Serializer[Any]):
    """Every photo of the listing, in the new order."""

    photos = serializers.ListField(child=serializers.CharField(max_length=12), max_length=12)


class PhotoView(SoukViewSet):
    """Photos of one listing."""

    access = "person"
    scope = "sell"
    permission = "Members of the shop with edit_listings."
    idempotent = ("create",)
    serializer_class = PhotoSerializer
    queryset = Photo.objects.none()
    pagination_class = None
    parser_classes = (*api_settings.DEFAULT_PARSER_CLASSES, MultiPartParser)

    @extend_schema(responses=PhotoSerializer(many=True))
    def list(self, request: Request, listing_reference: str, **kwargs: Any) -> Response:
        """The photos in their order."""
        listing = listings.get_for(request.user, reference=listing_reference)
        return Response(PhotoSerializer(listing.photos.all(), many=True).data)

    @extend_schema(request={"multipart/form-data": PhotoUploadSerializer}, responses={201: PhotoSerializer})
    def create(self, request: Request, listing_reference: str, **kwargs: Any) -> Response:
        """Add a photo at the end. We keep only our own encodings of it, without the camera's notes."""
        listing = listings.get_for(request.user, reference=listing_reference)
        file = request.FILES.get("photo")
        if file is None:
            raise Invalid("photo", operations.WORDS["not_a_picture"])
        operations.require_light(file)
        given = self.read(PhotoUploadSerializer)

        def effect() -> dict[str, Any]:
            photo = operations.add(listing=listing, file=file, alt=given["alt"], actor=self.actor, at=clock.now())
            return dict(PhotoSerializer(photo).data)

        return self.once(effect, status=201)

    @extend_schema(request=PhotoDescribeSerializer, responses=PhotoSerializer)
    def partial_update(self, request: Request, listing_reference: str, reference: str, **kwargs: Any) -> Response:
        """Describe it."""
        photo = access.get_for(request.user, listing_reference=listing_reference, reference=reference)
        described = operations.describe(photo=photo, actor=self.actor, at=clock.now(), **self.read(PhotoDescribeSerializer))
        return Response(PhotoSerializer(described).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, listing_reference: str, reference: str, **kwargs: Any) -> Response:
        """Take it off the listing. What was sold with it keeps it."""
        photo = access.get_for(request.user, listing_reference=listing_reference, reference=reference)
        operations.remove(photo=photo, actor=self.actor, at=clock.now())
        return Response(status=204)

    @extend_schema(request=PhotoOrderSerializer, responses=PhotoSerializer(many=True))
    def order(self, request: Request, listing_reference: str, **kwargs: Any) -> Response:
        """Put them into another order; the first one is on the card."""
        listing = listings.get_for(request.user, reference=listing_reference)
        given = self.read(PhotoOrderSerializer)
        operations.reorder(listing=listing, references=given["photos"], actor=self.actor, at=clock.now())
        return Response(PhotoSerializer(listing.photos.all(), many=True).data)
