"""All settings, from the environment. `docs/operating.md` lists every variable.

HALFWAY_LOCAL=1 (set by bin/up and bin/test, never in a deployment) means: one machine, plain http on loopback,
secrets that bin/up made for itself. Without it the process refuses to start on a missing or well-known secret.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

LOCAL = env.bool("HALFWAY_LOCAL", default=False)
DEBUG = env.bool("DEBUG", default=False)


def secret(name: str, *, shortest: int) -> str:
    """A secret from the environment; raises ImproperlyConfigured where it is missing, short, or one that is public."""
    value = env.str(name, default="")
    if len(value) < shortest:
        raise ImproperlyConfigured(f"{name} is missing or too short. docs/operating.md says how to make one.")
    if not LOCAL and any(word in value.lower() for word in ("demo", "change-me", "changeme", "insecure", "example")):
        raise ImproperlyConfigured(f"{name} is a well-known value. Make your own: docs/operating.md says how.")
    return value


SECRET_KEY = secret("SECRET_KEY", shortest=32)
# "id:base64 of 32 bytes", comma separated; the first one wraps new keys, the others can still be read.
VAULT_KEYS = secret("VAULT_KEYS", shortest=40)

if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG shows private text in error pages. It works only together with HALFWAY_LOCAL=1.")

# The address under which people reach this server: links in mails are made from it.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000" if LOCAL else "").rstrip("/")
if not BASE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("BASE_URL is missing: the address of this server, such as https://halfway.example.org")
if not LOCAL and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("BASE_URL must begin with https:// outside of bin/up.")
HOST = BASE_URL.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[HOST, "127.0.0.1", "localhost"] if LOCAL else [HOST])
CSRF_TRUSTED_ORIGINS = [] if LOCAL else [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
    "apps.core",
    "apps.vault",
    "apps.guides",
    "apps.outbox",
    "apps.accounts",
    "apps.spaces",
    "apps.checkins",
    "apps.appointments",
    "apps.plans",
    "apps.me",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.CalmFailureMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.LoginRequiredMiddleware",
    "apps.accounts.middleware.NotHelpfulMiddleware",
    "apps.accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.spaces.middleware.SeatMiddleware",
    "apps.core.middleware.PrivatePagesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "apps.core.context_processors.house",
            ],
            "builtins": ["apps.core.templatetags.house"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_TEMPLATE_PACK = "halfway"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("halfway",)

# Database. One transaction a request, so that what a page reads and what an action writes belong together.
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    ATOMIC_REQUESTS=True,
    CONN_MAX_AGE=0,
    CONN_HEALTH_CHECKS=True,
    OPTIONS={
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 5},
        "connect_timeout": 5,
        # For apps/outbox/claims.py alone, whose cursor prepares its statements; Django's own cursor never does.
        "prepare_threshold": 0,
    },
)

# Redis carries Celery's messages and nothing else: cache, rate limits and sessions live in the database,
# so that losing it loses nothing.
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# How often the clock looks for what is due, in seconds. A task that nobody took before the next look is dropped.
OUTBOX_EVERY = env.float("OUTBOX_EVERY", default=30.0)
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = ""
CELERY_BEAT_SCHEDULE = {
    "outbox: send what is due": {
        "task": "apps.outbox.tasks.send_due",
        "schedule": OUTBOX_EVERY,
        "options": {"expires": max(OUTBOX_EVERY - 5, OUTBOX_EVERY * 0.8)},
    },
    "outbox: purge what ended long ago": {
        "task": "apps.outbox.tasks.purge",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "check-ins: close what has run out and plan the next": {
        "task": "apps.checkins.tasks.turn_over",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "times for two: write the reminders of the coming day": {
        "task": "apps.appointments.tasks.remind",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "me: write the mail of the coming day": {
        "task": "apps.me.tasks.own_times",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "check-ins: repair missing reminders": {
        "task": "apps.checkins.tasks.repair",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
}

# Mail. A neutral sender; every mail is a Letter row first (apps/outbox).
vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
# How many mails the provider takes, such as “500/h”; every worker on every host keeps to it. Empty: no limit.
MAIL_LIMIT = env.str("MAIL_LIMIT", default="")
# The last part of the address of the operator's page, a long random word. Empty: there is no such page.
OPERATOR_PAGE = env.str("OPERATOR_PAGE", default="")
if OPERATOR_PAGE and (len(OPERATOR_PAGE) < 20 or not OPERATOR_PAGE.isalnum()):
    raise ImproperlyConfigured("OPERATOR_PAGE is a random word of 20 letters and digits or more.")
DEFAULT_FROM_EMAIL = env.str(
    "MAIL_FROM", default=f"Halfway <halfway@{HOST if '.' in HOST and not LOCAL else 'localhost'}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# bin/up's mail sink writes what it received here, and /dev/mailbox/ shows it. Empty: no such page exists.
DEV_MAILBOX = env.str("DEV_MAILBOX", default="") if LOCAL else ""

# Who a person is
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "apps.accounts.sign_in_forms.LoginForm",
    "signup": "apps.accounts.sign_in_forms.SignupForm",
    "add_email": "apps.accounts.sign_in_forms.AddEmailForm",
    "change_password": "apps.accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "apps.accounts.sign_in_forms.SetPasswordForm",
    "reset_password": "apps.accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.sign_in_forms.ResetPasswordKeyForm",
    "reauthenticate": "apps.accounts.sign_in_forms.ReauthenticateForm",
    "confirm_email_verification_code": "apps.accounts.sign_in_forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "apps.accounts.sign_in_forms.ConfirmPasswordResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.split("://", 1)[0]
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
if LOCAL and env.bool("NO_RATE_LIMITS", default=False):
    ACCOUNT_RATE_LIMITS = False  # the test suite signs in hundreds of times from one address

# Language and time. Dates and hours are shown in each person's own zone (accounts middleware).
LANGUAGE_CODE = "en"
# The words are English; the country says how days and hours are written (config/formats/).
LANGUAGES = [("en", _("English")), ("en-gb", _("English")), ("en-us", _("English"))]
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".run" / "static" if LOCAL else env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Security. bin/up speaks plain http on loopback, so Secure cookies and HSTS are for deployments.
SECURE = not LOCAL
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
# One text takes 10,000 characters; a page of several texts stays far below this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_private_text": {"()": "apps.core.logs.NoPrivateText"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_private_text"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "INFO"}},
}
