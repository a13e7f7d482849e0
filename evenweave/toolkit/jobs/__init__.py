"""Background work: a durable, leased, retrying backend for `django.tasks` in the database itself.

Write a task with `django.tasks.task`, call its `enqueue` inside the transaction that wants it: the job exists
when, and only when, that transaction commits. A worker leases it, performs it, and its database effects commit
together with its completion, exactly once, wherever a worker is killed.

Two ways to write one:

* **Short work** (the default): the function runs inside the transaction that completes the job.
* **Long work, or work outside the database** (`@task(takes_context=True)`): the function runs outside any
  transaction, so that nobody waits for it, and ends with `with completing(context): …save…`, one short
  transaction that holds the effects and the completion.

What happens outside the database (mail, files) happens at least once: give the other side
`context.task_result.id`, which is the same in every attempt, to tell a repetition by.

`running` holds what tasks and their callers use, `periodic` the schedule, `worker` the process."""
