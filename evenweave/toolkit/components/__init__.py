"""The components of the pages, by subject; registered as template tags by `templatetags/ew.py`."""
