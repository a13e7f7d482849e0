"""What happened in each factory of the demo, in order. Every yield is the next day on which something happens.

`hero` tells the main factory, `others` its neighbours and every other factory, `together` their
visits, committees and courses, `steps` what their years share."""

from evenweave.home.demo.years.hero import hero
from evenweave.home.demo.years.others import neighbour, ordinary, under_way
from evenweave.home.demo.years.together import together

__all__ = ["hero", "neighbour", "ordinary", "together", "under_way"]
