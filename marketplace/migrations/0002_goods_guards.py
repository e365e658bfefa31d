"""What was shown, counted and asked stays as it was: the database refuses to change or remove it. And a view for auditors."""

from django.db import migrations

TABLES = ["marketplace_listingversion", "marketplace_stockmove", "marketplace_pricechange"]
FORWARD = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
    for table in TABLES
)
BACKWARD = "".join(
    f"DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES
)

# Every variant's counters beside the sum of its moves and of its open reservations: read-only, for drills and auditors.
VIEW = """
CREATE VIEW v_stock AS
SELECT listing.reference AS listing, variant.reference AS variant, variant.on_hand, variant.reserved,
       variant.on_hand - variant.reserved AS available,
       coalesce((SELECT sum(on_hand_change) FROM marketplace_stockmove WHERE variant_id = variant.id), 0) AS moved_on_hand,
       coalesce((SELECT sum(reserved_change) FROM marketplace_stockmove WHERE variant_id = variant.id), 0) AS moved_reserved,
       coalesce((SELECT sum(quantity) FROM marketplace_reservation WHERE variant_id = variant.id AND state = 'held'), 0) AS held
FROM marketplace_variant variant JOIN marketplace_listing listing ON listing.id = variant.listing_id;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_is_append_only"), ("marketplace", "0001_goods")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(VIEW, "DROP VIEW v_stock;")]
