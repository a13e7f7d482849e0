from django.db import migrations


class Migration(migrations.Migration):
    """The country beside a report is counted from the packed answers of the latest assessments."""

    dependencies = [
        ('indicators', '0003_cluster_means'),
    ]

    operations = [
        migrations.DeleteModel(
            name='ClusterTally',
        ),
        migrations.DeleteModel(
            name='PointTally',
        ),
    ]
