"""What happens by itself, and when. A room adds its line when it has a task to repeat."""

from evenweave.toolkit.jobs.periodic import Periodic, daily, every, weekly

# `Periodic("dotted.path.of_a_task", every(minutes=…))`, `daily(at="HH:MM", zone="…")`, `weekly(on="monday", at=…)`;
# UTC unless a zone is named.
SCHEDULE = {
    "activity.anchor_today": Periodic("evenweave.activity.services.anchor_today", daily(at="23:50")),
    # Monday morning from Amman to Jakarta.
    "notifications.send_digests": Periodic(
        "evenweave.notifications.services.send_digests", weekly(on="monday", at="01:00")
    ),
    "toolkit.forget_finished_jobs": Periodic("evenweave.toolkit.jobs.upkeep.forget_finished_jobs", daily(at="02:10")),
    "assessments.close_passed_windows": Periodic(
        "evenweave.assessments.services.replying.close_passed_windows", every(minutes=30)
    ),
    # Late is what a day has passed in its programme: midnights fall on the hour or the half.
    "reports.escalate_overdue": Periodic("evenweave.reports.services.progress.escalate_overdue", every(minutes=30)),
    "people.forget_codes": Periodic("evenweave.people.services.codes.forget_codes", daily(at="02:20")),
    "committees.announce_ends_of_terms": Periodic(
        "evenweave.committees.services.terms.announce_ends_of_terms", daily(at="00:40")
    ),
}
