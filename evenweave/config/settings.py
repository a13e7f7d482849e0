"""Settings, all from the environment; every one has a default that works on a laptop."""

import os
import secrets
from pathlib import Path

from django.utils.csp import CSP

from evenweave.config.database import database_settings
from evenweave.config.mail import mailer_settings

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
CONTENT = Path(os.environ.get("EVENWEAVE_CONTENT", ROOT / "content"))
DATA = Path(os.environ.get("EVENWEAVE_DATA", ROOT / "var")).resolve()
DATA.mkdir(parents=True, exist_ok=True)


def _switch(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """The key of this installation: from the environment, else made once and kept beside the data."""
    if given := os.environ.get("EVENWEAVE_SECRET_KEY"):
        return given
    kept = DATA / "secret.key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text().strip()


DEBUG = _switch("EVENWEAVE_DEBUG", False)
# A demo is a database of its own, marked as such; an operator who names a database gets no demo unasked.
DEMO = _switch("EVENWEAVE_DEMO", "DATABASE_URL" not in os.environ)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("EVENWEAVE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PUBLIC_ADDRESS = os.environ.get("EVENWEAVE_ADDRESS", "")
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PUBLIC_ADDRESS.startswith("https://") else []

INSTALLED_APPS = [
    "evenweave.config",
    "evenweave.home",
    "evenweave.exchange",
    "evenweave.reports",
    "evenweave.indicators",
    "evenweave.committees",
    "evenweave.advisory",
    "evenweave.training",
    "evenweave.selfassessments",
    "evenweave.improvement",
    "evenweave.assessments",
    "evenweave.enrolment",
    "evenweave.programmes",
    "evenweave.questionnaires",
    "evenweave.law",
    "evenweave.notifications",
    "evenweave.messaging",
    "evenweave.organisations",
    "evenweave.people",
    "evenweave.access",
    "evenweave.activity",
    "evenweave.toolkit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "evenweave.people.middleware.OwnLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "evenweave.toolkit.drafts.SavedDrafts",
    "evenweave.access.routes.RouteGuard",
]

ROOT_URLCONF = "evenweave.config.urls"
WSGI_APPLICATION = "evenweave.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["evenweave.toolkit.templatetags.ew", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL"), DATA, is_demo=DEMO)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["name", "email"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "evenweave.people.adapters.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
# Who has no e-mail address signs in with a phone number and a code, sent or printed (people/services/codes.py).
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_FORMS = {
    "request_login_code": "evenweave.people.forms.PhoneForm",
    "confirm_login_code": "evenweave.people.forms.CodeForm",
}
TEXT_SENDER = "evenweave.messaging.sms.gateway"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("km", "ខ្មែរ"), ("ar", "العربية")]
# Drafts are shown with a mark until a native speaker has reviewed them.
DRAFT_LANGUAGES = {"km", "ar"}
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["evenweave.config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA / "files")}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Background work: the durable backend in our own database, unless a scaled installation names an existing engine.
TASKS = {
    "default": {
        "BACKEND": os.environ.get("EVENWEAVE_TASKS", "evenweave.toolkit.jobs.backend.DurableBackend"),
        # Documents take seconds to make; everything else is short.
        "QUEUES": ["default", "documents"],
    }
}
PERIODIC_JOBS = "evenweave.config.schedule.SCHEDULE"

# The gateway for texts: an address and a body with {{to}}, {{text}} and so on (docs/operating/texts.md).
SMS = {
    "URL": os.environ.get("EVENWEAVE_SMS_URL", ""),
    "METHOD": os.environ.get("EVENWEAVE_SMS_METHOD", "POST"),
    "BODY": os.environ.get("EVENWEAVE_SMS_BODY", "id={{id}}&text={{text}}&to={{to}}&from={{from}}"),
    "TYPE": os.environ.get("EVENWEAVE_SMS_TYPE", "urlencoded"),
    "FROM": os.environ.get("EVENWEAVE_SMS_FROM", ""),
    "HEADERS": os.environ.get("EVENWEAVE_SMS_HEADERS", "{}"),
    "ANSWER": os.environ.get("EVENWEAVE_SMS_ANSWER", ""),
    "CHANNEL": os.environ.get("EVENWEAVE_SMS_CHANNEL", ""),
}

MAILERS = {"default": mailer_settings(os.environ.get("EVENWEAVE_MAIL"), DATA)}
DEFAULT_FROM_EMAIL = os.environ.get("EVENWEAVE_FROM", "Evenweave <no-reply@localhost>")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_ADDRESS.startswith("https://")
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LOG_LEVEL = os.environ.get("EVENWEAVE_LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"level": LOG_LEVEL}},
}

LANGUAGES_RIGHT_TO_LEFT = {"ar"}
GUARDED_BY_OTHERS = {
    # Routes that are not ours: a prefix of the view's module, and why anybody may reach them.
    "allauth.": "sign-in, sign-out and one's own sign-in methods; allauth asks for a signed-in person where it must",
    "django.views.i18n": "the choice of a language and its catalogue hold nothing of anybody",
    "django.views.static": "never used in production; WhiteNoise serves the static files",
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
