"""A factory's own look at itself: each side answers apart, then both compare, and what they admit enters the plan."""
