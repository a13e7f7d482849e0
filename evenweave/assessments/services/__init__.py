"""The steps of an assessment, by subject: planning, answering, submitting, reviewing, replying, and cases."""
