"""The people of a demo programme that one click signs in."""

from django.db import models

from evenweave.people.models import Person


class DemoPerson(models.Model):
    """A face on /demo/. Rows exist only in a database that is marked as a demo."""

    key = models.SlugField(unique=True)
    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    programme = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=8, default="en")
    order = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=200)
    try_this = models.CharField(max_length=300)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.key
