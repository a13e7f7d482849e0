"""Committees, their members, elections and meetings, and what was decided and signed there.

The factory's people, its coach and the programme read all of it; buyers read none of it but what a progress report
says."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.committees.enums import ElectionState, MeetingState, PointSource, Seated, Sex, Signing
from evenweave.improvement.enums import Agreement, Side
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from evenweave.toolkit.models import StoredFile
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


def _reach(to: str) -> Paths:
    """How a record hangs on its committee's factory, by the path that leads to the committee."""
    return Paths(factory=f"{to}factory_id", programme=f"{to}factory__programme", always=Shared.FACTORY)


class Committee(models.Model):
    """The one committee of a factory, in equal numbers of both sides."""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="committees")
    formed_on = models.DateField()
    unions = models.JSONField(default=list, blank=True, help_text="names of the unions in the factory")
    recorded_at = models.DateTimeField(default=clock.now)
    ended_on = models.DateField(null=True, blank=True, help_text="the factory's record was merged into another")

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="factory__programme", always=Shared.FACTORY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factory"], condition=Q(ended_on=None), name="committee_one_a_factory"),
        ]

    def __str__(self) -> str:
        return f"committee of {self.factory}"

    def get_absolute_url(self) -> str:
        return reverse("committee_page", args=[self.factory.ref])


class Member(models.Model):
    """Somebody's seat, from a day until a day. Who is elected again has a seat again."""

    ref = RefField()
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    person = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", help_text="the account, where there is one"
    )
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=10, choices=Sex)
    side = models.CharField(max_length=12, choices=Side)
    post = models.CharField(max_length=120, blank=True, help_text="line, section or job")
    union = models.CharField(max_length=120, blank=True)
    seated = models.CharField(max_length=12, choices=Seated)
    is_chair = models.BooleanField(default=False)
    joined_on = models.DateField()
    term_ends_on = models.DateField(null=True, blank=True)
    term_told_at = models.DateTimeField(null=True, blank=True, help_text="the end of the term was announced")
    left_on = models.DateField(null=True, blank=True)
    left_reason = models.CharField(max_length=300, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = _reach("committee__")

    class Meta:
        ordering = ["side", "joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee"], condition=Q(is_chair=True, left_on=None), name="committee_one_chair"
            ),
            models.UniqueConstraint(
                fields=["committee", "person"], condition=Q(left_on=None), name="committee_person_one_seat"
            ),
        ]
        indexes = [
            models.Index(fields=["term_ends_on"], condition=Q(left_on=None), name="committee_terms"),
        ]

    def __str__(self) -> str:
        return self.name


class Election(models.Model):
    """Workers choose their members on paper; what is kept here is who stood, what was counted and who looked on."""

    ref = RefField()
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="elections")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=ElectionState, default=ElectionState.NOMINATING)
    seats = models.PositiveSmallIntegerField()
    marks_each = models.PositiveSmallIntegerField(help_text="how many names one ballot may mark")
    is_for_all_seats = models.BooleanField(default=True, help_text="the elected members of today leave with it")
    nominations_until_on = models.DateField()
    polling_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    eligible = models.PositiveIntegerField(null=True, blank=True)
    handed_out = models.PositiveIntegerField(null=True, blank=True)
    in_box = models.PositiveIntegerField(null=True, blank=True)
    invalid = models.PositiveIntegerField(null=True, blank=True)
    observers = models.JSONField(default=list, blank=True, help_text="who looked on: names and whom they stand for")
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    tie_decided_how = models.CharField(max_length=300, blank=True)
    called_off_reason = models.CharField(max_length=300, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = _reach("committee__")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "number"], name="election_number_once"),
            models.UniqueConstraint(
                fields=["committee"], condition=Q(state__in=["nominating", "tied"]), name="election_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=ElectionState.values), name="election_state_known"),
            models.CheckConstraint(
                condition=Q(polling_on__gte=models.F("nominations_until_on")), name="election_polls_after_nominations"
            ),
            models.CheckConstraint(
                condition=Q(in_box=None)
                | Q(eligible__gte=models.F("handed_out"), handed_out__gte=models.F("in_box"),
                    in_box__gte=models.F("invalid")),
                name="election_ballots_fit",
            ),
        ]

    def __str__(self) -> str:
        return f"election {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("election_page", args=[self.ref])


class Candidate(models.Model):
    """Somebody who stands for election."""

    ref = RefField()
    election = models.ForeignKey(Election, models.CASCADE, related_name="candidates")
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=10, choices=Sex)
    post = models.CharField(max_length=120, blank=True)
    union = models.CharField(max_length=120, blank=True)
    nominated_by = models.CharField(max_length=200, help_text="a union, a line, workers")
    withdrew_on = models.DateField(null=True, blank=True)
    votes = models.PositiveIntegerField(null=True, blank=True)
    is_elected = models.BooleanField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = _reach("election__committee__")

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """A meeting, from its planning to minutes that both sides have signed."""

    ref = RefField()
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    on = models.DateField()
    starts_at = models.TimeField(help_text="local time at the factory")
    ends_at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    guests = models.CharField(max_length=300, blank=True)
    remarks = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    is_quorate = models.BooleanField(null=True, blank=True, help_text="as the minutes say")
    minutes = models.TextField(blank=True, help_text="canonical JSON, what is signed")
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    called_off_reason = models.CharField(max_length=300, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = _reach("committee__")

    class Meta:
        ordering = ["-on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "number"], name="meeting_number_once"),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "signed"]) | ~Q(minutes_sha256=""), name="meeting_minutes_hashed"
            ),
        ]
        indexes = [models.Index(fields=["committee", "on"], name="meeting_by_day")]

    def __str__(self) -> str:
        return f"meeting {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_page", args=[self.ref])


class Attendance(models.Model):
    """Whether a member of that day was there."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    is_present = models.BooleanField(default=False)

    class Meta:
        ordering = ["member__side", "member__joined_on", "member_id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member} at {self.meeting}"


class AgendaPoint(models.Model):
    """A point of an agenda: asked for by a member, or written by itself when the meeting was opened."""

    ref = RefField()
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=12, choices=PointSource)
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, blank=True, related_name="+")
    count = models.PositiveIntegerField(default=1, help_text="of items, where it stands for several")
    title = models.CharField(max_length=600, blank=True, help_text="as it was asked for; else the source says it")
    language = models.CharField(max_length=8, default="en")
    minutes = models.PositiveSmallIntegerField(default=10)
    raised_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    raised_by_side = models.CharField(max_length=12, choices=Side, blank=True)
    said = models.TextField(blank=True, help_text="what was said, for the minutes")

    objects = PermittedQuerySet.as_manager()
    access = _reach("meeting__committee__")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="agenda_point_number_once")]

    def __str__(self) -> str:
        return f"point {self.number}"


class Decision(models.Model):
    """What was decided: an action of a plan item, which it made or went to. Each side's word at the table becomes its
    answer in the plan when it signs."""

    ref = RefField()
    point = models.ForeignKey(AgendaPoint, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="+")
    action = models.OneToOneField(ItemAction, models.PROTECT, related_name="+")
    is_new_item = models.BooleanField()
    management = models.CharField(max_length=10, choices=Agreement)
    workers = models.CharField(max_length=10, choices=Agreement)
    reason = models.CharField(max_length=1000, blank=True, help_text="of the side that disagrees")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = _reach("point__meeting__committee__")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"decision {self.ref}"


class Signature(models.Model):
    """A side signed these very minutes. A signature under a text that was changed since stays, and counts no more."""

    ref = RefField()
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=12, choices=Side)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    signing = models.CharField(max_length=10, choices=Signing)
    objection = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = _reach("meeting__committee__")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "side", "sha256"], name="minutes_signed_once_a_side"),
            models.CheckConstraint(condition=~Q(signing="objects") | ~Q(objection=""), name="objection_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.side} under {self.meeting}"


class MinutesFile(models.Model):
    """The minutes as a file in one language: the text with this hash, with so many signatures below."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files")
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    signatures = models.PositiveSmallIntegerField()
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "language", "sha256", "signatures"], name="minutes_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} in {self.language}"


class CalendarFeed(models.Model):
    """The address at which a person's calendar program reads their committees' days. Only its hash is kept."""

    person = models.OneToOneField(PERSON, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
