from django.db import migrations

VIEW = """
CREATE VIEW v_audit AS
SELECT id, at, kind, reference, name, actor_kind, actor_reference, reason, before, after, request_id FROM core_auditevent;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW v_audit")]
