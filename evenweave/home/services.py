"""Making the demo: the stories of invented factories, told through the real services."""

from itertools import islice

from django.db import transaction

from evenweave.home.demo import years
from evenweave.home.demo.people import Company, let_in, show_faces
from evenweave.home.demo.telling import Days, tell
from evenweave.home.demo.texts import demo_programmes, texts_of
from evenweave.home.models import DemoPerson
from evenweave.home.queries.demo import is_demo
from evenweave.organisations.models import Buyer, Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, programme_zone
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.worker import Worker
from evenweave.toolkit.refusals import Refused
from django.utils.translation import gettext as _
