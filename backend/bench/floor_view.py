"""The yardstick's one address."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path


def floor(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marketplace_category")
        (found,) = cursor.fetchone()
    return JsonResponse({"categories": found})


urlpatterns = [path("floor", floor)]
