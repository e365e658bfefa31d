"""The timeline is append-only, and what was sold stays as it was sold: the database refuses to change or remove it."""

from django.db import migrations

TABLES = ["marketplace_orderevent", "marketplace_orderline"]
FORWARD = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
    for table in TABLES
) + """
CREATE FUNCTION marketplace_order_terms_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.trade, OLD.vendor_id, OLD.hold_id, OLD.buyer_party, OLD.currency, OLD.goods_minor, OLD.delivery_minor, OLD.tax_minor, OLD.total_minor, OLD.hand_over)
       IS DISTINCT FROM
       (NEW.trade, NEW.vendor_id, NEW.hold_id, NEW.buyer_party, NEW.currency, NEW.goods_minor, NEW.delivery_minor, NEW.tax_minor, NEW.total_minor, NEW.hand_over)
    THEN
        RAISE EXCEPTION 'the terms of order % never change', OLD.reference;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marketplace_order_terms BEFORE UPDATE ON marketplace_order
    FOR EACH ROW EXECUTE FUNCTION marketplace_order_terms_stay();
"""
BACKWARD = (
    "".join(f"DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES)
    + "DROP TRIGGER marketplace_order_terms ON marketplace_order; DROP FUNCTION marketplace_order_terms_stay();"
)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_is_append_only"), ("marketplace", "0021_trade")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
