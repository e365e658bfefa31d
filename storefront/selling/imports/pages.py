"""A table is sent, its columns are looked at beside the first rows, and then it runs; each page works by reloading."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.users import queries as users
from core import clock
from core.errors import NotHere, Refusal
from marketplace.importing import access, exporting, operations, queries
from marketplace.importing.models import Import, ImportProblem
from marketplace.importing.states import ImportState
from storefront.selling.imports.forms import SetupForm, UploadForm
from storefront.selling.listings.overview import shop_of

SHOWN_PROBLEMS = 50


def batch_of(request: HttpRequest, shop: str, reference: str) -> Import:
    """The import of this very shop."""
    found = access.get_for(request.user, reference=reference)  # type: ignore[arg-type]
    if found.vendor.slug != shop:
        raise NotHere
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, shop: str) -> HttpResponse:
    """What was brought in so far, and the next table."""
    vendor = shop_of(request, shop)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        given = {"name": file.name, "file": file.file, "terms": form.terms(vendor.currency), "user": request.user}
        try:
            batch = operations.upload(vendor=vendor, actor=users.actor_of(request.user), at=clock.now(), **given)  # type: ignore[arg-type]
        except Refusal as refused:
            form.refuse(refused)
        else:
            return redirect("storefront:imports:import", shop, batch.reference)
    page = Paginator(queries.of_vendor(vendor), 20).get_page(request.GET.get("page"))
    context = {"vendor": vendor, "form": form, "page": page, "exports": list(exporting.KINDS)}
    return render(request, "selling/imports/list.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """Before it begins: columns and the first rows. Afterwards: how far it is, and what stayed out."""
    batch = batch_of(request, shop, reference)
    if batch.state == ImportState.UPLOADED:
        return _setup(request, batch)
    if request.method == "POST":  # begun in another window
        return redirect(request.path)
    template = "selling/imports/_progress.html" if request.headers.get("HX-Request") else "selling/imports/import.html"
    return render(request, template, _progress(batch))


def _progress(batch: Import) -> dict[str, object]:
    problems = queries.problems_of(batch)
    errors = problems.filter(kind=ImportProblem.Kind.ERROR)
    return {
        "batch": batch,
        "vendor": batch.vendor,
        "running": batch.state == ImportState.RUNNING,
        "errors": errors[:SHOWN_PROBLEMS],
        "more": max(batch.failed - SHOWN_PROBLEMS, 0),
        "notes": problems.filter(kind=ImportProblem.Kind.NOTE).count(),
        "pictures": queries.pictures_of(batch),
    }


def _setup(request: HttpRequest, batch: Import) -> HttpResponse:
    form = SetupForm(request.POST, batch=batch) if request.method == "POST" else SetupForm(batch=batch)
    if form.is_bound and form.is_valid():
        by = {"actor": users.actor_of(request.user), "at": clock.now()}  # type: ignore[arg-type]
        try:
            batch = operations.configure(batch=batch, mapping=form.mapping(), terms=form.terms(), **by)
            if request.POST.get("do") == "run":
                operations.start(batch=batch, **by)
            return redirect(request.path)
        except Refusal as refused:
            form.refuse(refused)
    preview = queries.preview(batch, at=clock.now())
    columns = [(name, field, preview.samples.get(name, "")) for name, field in form.columns()]
    context = {"batch": batch, "vendor": batch.vendor, "form": form, "columns": columns, "preview": preview}
    return render(request, "selling/imports/setup.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def cancellation(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    batch = batch_of(request, shop, reference)
    try:
        operations.cancel(batch=batch, actor=users.actor_of(request.user), at=clock.now())  # type: ignore[arg-type]
    except Refusal as refused:
        messages.warning(request, refused.message)
    return redirect("storefront:imports:import", shop, batch.reference)


@login_required
@require_safe
def problems(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """Everything there is to say, as a table."""
    batch = batch_of(request, shop, reference)
    return _attachment("".join(queries.problem_lines(batch)).encode("utf-8-sig"), "csv", f"problems-{batch.reference}")


@login_required
@require_safe
def export(request: HttpRequest, shop: str, kind: str) -> HttpResponse:
    """All listings of the shop; sent back as they are they change nothing."""
    vendor = shop_of(request, shop)
    if kind not in exporting.KINDS:
        raise NotHere
    out = BytesIO()
    exporting.WRITERS[kind](vendor=vendor, file=out)
    return _attachment(out.getvalue(), kind, vendor.slug)


def _attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=exporting.KINDS[kind], headers=headers)
