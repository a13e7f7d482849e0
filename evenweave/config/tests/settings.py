"""The settings of a test run: the product's own, on a data folder of this process that goes when it ends."""

import atexit
import os
import shutil
import tempfile

# Never the data of somebody who happens to have named some: a test may empty what it finds.
folder = tempfile.mkdtemp(prefix="evenweave-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["EVENWEAVE_DATA"] = folder
os.environ["EVENWEAVE_DEMO"] = "0"

from evenweave.config.settings import *  # noqa: E402, F403
from evenweave.config.settings import DATABASES, LOGGING, PACKAGE  # noqa: E402
from evenweave.toolkit.catalogues import compile_catalogues  # noqa: E402

compile_catalogues(PACKAGE)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests begin many of these; what is on disk after a power cut matters to nobody here.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    # A file, because a server in a thread and a worker process are to see the same rows.
    DATABASES["default"]["TEST"]["NAME"] = f"{folder}/test.sqlite3"
LOGGING["root"]["level"] = "ERROR"
# The same files as when served, straight from where they are kept.
STATIC_ROOT.mkdir()  # noqa: F405
WHITENOISE_USE_FINDERS = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
