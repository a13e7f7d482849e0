from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("home", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="demoperson", name="programme", field=models.CharField(blank=True, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="demoperson", name="language", field=models.CharField(default="en", max_length=8),
        ),
    ]
