"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from evenweave.toolkit.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenweave.config.settings")
application = get_wsgi_application()
end_with_parent()
