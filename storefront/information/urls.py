from django.urls import path
from django.views.generic import TemplateView

app_name = "information"

PAGES = ("held", "help", "fees", "terms")

urlpatterns = [path(f"{page}/", TemplateView.as_view(template_name=f"information/{page}.html"), name=page) for page in PAGES]
