"""Papers and closed months are written once: the database refuses to change or remove them."""

from django.db import migrations

TABLES = ["marketplace_paper", "marketplace_statement"]
FORWARD = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_is_append_only"), ("marketplace", "0035_papers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
