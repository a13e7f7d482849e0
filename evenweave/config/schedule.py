"""What happens by itself, and when. A room adds its line when it has a task to repeat."""

from evenweave.toolkit.jobs.periodic import Periodic, daily, every

# `Periodic("dotted.path.of_a_task", every(minutes=…))` or `daily(at="HH:MM", zone="…")`; UTC unless a zone is named.
SCHEDULE = {
    "toolkit.forget_finished_jobs": Periodic("evenweave.toolkit.jobs.upkeep.forget_finished_jobs", daily(at="02:10")),
    "assessments.close_passed_windows": Periodic(
        "evenweave.assessments.services.replying.close_passed_windows", every(minutes=30)
    ),
}
