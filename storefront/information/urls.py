from django.urls import path
from django.views.generic import TemplateView

from storefront.information.fees import fees

app_name = "information"

PAGES = ("held", "help", "terms")

urlpatterns = [
    path("fees/", fees, name="fees"),
    *(path(f"{page}/", TemplateView.as_view(template_name=f"information/{page}.html"), name=page) for page in PAGES),
]
