from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

SHORTEST_INSPECTION_DAYS = 3
LONGEST_INSPECTION_DAYS = 30


def in_language(names: dict[str, str]) -> str:
    """The name in the reader's language; English stands in for what is not translated."""
    return names.get((get_language() or "en").lower()) or names.get("en", "")


class Category(MP_Node):
    slug = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    inspection_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(SHORTEST_INSPECTION_DAYS), MaxValueValidator(LONGEST_INSPECTION_DAYS)],
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                name="category_inspection_days_in_range",
                condition=models.Q(inspection_days__gte=SHORTEST_INSPECTION_DAYS, inspection_days__lte=LONGEST_INSPECTION_DAYS),
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> str:
        return in_language(self.names) or self.slug

    @property
    def lineage(self) -> list[str]:
        """Paths of this category and all its ancestors, from the root down."""
        step = self.steplen
        return [self.path[:end] for end in range(step, len(self.path) + 1, step)]


class AttributeDefinition(models.Model):
    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("One of a list")
        YES_NO = "yes_no", _("Yes or no")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="attribute_definitions")
    code = models.SlugField(max_length=40)
    labels = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    choices = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=12, blank=True, default="")
    required = models.BooleanField(default=False)
    filterable = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["category__path", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="attribute_once_per_category")]

    def __str__(self) -> str:
        return f"{self.category_id}:{self.code}"
