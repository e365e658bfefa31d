from django.db import migrations

# Without names, addresses and words: what an auditor or a report needs, and nothing about a person but a key.
VIEW = """
CREATE VIEW v_order AS
SELECT placed.reference, placed.trade, placed.checkout, vendor.slug AS vendor, placed.buyer_party AS buyer, hold.reference AS hold, placed.state,
    placed.hand_over, placed.currency, placed.goods_minor, placed.delivery_minor, placed.tax_minor, placed.total_minor,
    placed.placed_at, placed.paid_at, placed.shipped_at, placed.delivered_at, placed.ended_at
FROM marketplace_order placed JOIN vendors_vendor vendor ON vendor.id = placed.vendor_id JOIN escrow_hold hold ON hold.id = placed.hold_id;
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0031_importing"), ("escrow", "0021_hold_guards")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW v_order")]
