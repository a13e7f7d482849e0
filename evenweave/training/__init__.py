"""Courses and their sessions, open to every factory; who takes part, what they learn, how cases are shared."""
