"""All settings of the web side. What can be set from outside is declared with `env`."""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from touchstone_web.env import Environment, key_file

env = Environment()
PACKAGE = Path(__file__).parent

# ---- Where work data stands, and the secret --------------------------------------------------

TOUCHSTONE_HOME = Path(
    env.text(
        "TOUCHSTONE_HOME",
        default="./var",
        help="Folder of the work data: database, evidence, mail, secret key.",
    )
).resolve()
EVIDENCE_FOLDER = TOUCHSTONE_HOME / "evidence"


def _secret_key() -> str:
    given = env.secret(
        "TOUCHSTONE_SECRET_KEY",
        help="Signs sessions and links. Without it the file `secret-key` in the home is used, "
        "made at the first start.",
    )
    file = key_file(TOUCHSTONE_HOME)
    # Before the first start there is none; commands that keep nothing do not need one that lasts.
    kept = file.read_text("utf-8").strip() if file.exists() else ""
    return given or kept or secrets.token_urlsafe(64)


SECRET_KEY = _secret_key()
DEBUG = env.flag(
    "TOUCHSTONE_DEBUG", default=False, help="Show faults with their source. Only while developing."
)

# ---- Addresses -------------------------------------------------------------------------------

TOUCHSTONE_ORIGIN = env.origin(
    "TOUCHSTONE_ORIGIN",
    default="http://localhost:8000",
    help="Address under which people reach the pages; links in mail are made from it.",
)
ALLOWED_HOSTS = env.names(
    "TOUCHSTONE_HOSTS",
    default="localhost,127.0.0.1",
    help="Host names that are answered, with commas between them; that of the origin is always.",
)
ALLOWED_HOSTS = list(dict.fromkeys([*ALLOWED_HOSTS, urlsplit(TOUCHSTONE_ORIGIN).hostname or ""]))
TOUCHSTONE_PROXIES = env.number(
    "TOUCHSTONE_PROXIES",
    default=0,
    help="How many reverse proxies of your own stand in front; they set X-Forwarded-For and "
    "X-Forwarded-Proto.",
)
IS_HTTPS = TOUCHSTONE_ORIGIN.startswith("https:")
CSRF_TRUSTED_ORIGINS = [TOUCHSTONE_ORIGIN]
if TOUCHSTONE_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---- Parts -----------------------------------------------------------------------------------

OWN_APPS = [
    "touchstone_web.shared",
    "touchstone_web.journal",
    "touchstone_web.people",
    "touchstone_web.units",
    "touchstone_web.packs",
    "touchstone_web.evidence",
    "touchstone_web.assessments",
    "touchstone_web.pages",
]
INSTALLED_APPS = [
    *(name for name in OWN_APPS if (PACKAGE / name.rpartition(".")[2] / "apps.py").exists()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "touchstone_web.shared.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "touchstone_web.shared.middleware.language",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "touchstone_web.urls"
WSGI_APPLICATION = "touchstone_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "touchstone_web.shared.languages.words",
                "touchstone_web.people.menus.menu",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Database --------------------------------------------------------------------------------

# Durable by default: a commit that was acknowledged is on the disk. Deleted rows are overwritten,
# so that an erased payload is gone. Writers take their lock when they begin, not in the middle.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": 20_000,
    "foreign_keys": 1,
    "secure_delete": 1,
}
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": TOUCHSTONE_HOME / "touchstone.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": " ".join(f"PRAGMA {key}={value};" for key, value in SQLITE_PRAGMAS.items()),
    },
}
DATABASES = {
    "default": env.database(
        "TOUCHSTONE_DATABASE_URL",
        help="postgresql://user:password@host:port/name; without it SQLite in the home is used.",
    )
    or SQLITE
}

# ---- Jobs and calculation --------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TOUCHSTONE_ENGINE = env.choice(
    "TOUCHSTONE_ENGINE",
    default="duckdb",
    choices=("duckdb", "kernel", "spark"),
    help="Which engine tallies: duckdb, kernel or spark; results are equal.",
)
TOUCHSTONE_LARGEST_UPLOAD = env.number(
    "TOUCHSTONE_LARGEST_UPLOAD",
    default=200,
    least=1,
    help="Largest file that is taken as evidence, in MiB.",
)
TOUCHSTONE_WEB_WORKERS = env.number(
    "TOUCHSTONE_WEB_WORKERS", default=2, least=1, help="Web processes that `serve` starts."
)

# ---- Accounts --------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=2).total_seconds())
TOUCHSTONE_INVITATION_DAYS = env.number(
    "TOUCHSTONE_INVITATION_DAYS", default=7, least=1, help="Days for which an invitation holds."
)
# Name and address together: nobody can lock another person out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "touchstone_web.people.queries.address_tried"
AXES_FAILURE_LIMIT = env.number(
    "TOUCHSTONE_SIGN_IN_FAILURES",
    default=5,
    least=1,
    help="Wrong passwords after which sign-in pauses for this account from this address.",
)
AXES_COOLOFF_TIME = timedelta(
    minutes=env.number(
        "TOUCHSTONE_SIGN_IN_PAUSE", default=15, least=1, help="Minutes of that pause."
    )
)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "touchstone_web.people.views.paused"
AXES_CLIENT_IP_CALLABLE = "touchstone_web.shared.middleware.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# ---- Sessions, cookies, headers --------------------------------------------------------------

SESSION_COOKIE_NAME = "touchstone-session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "touchstone-forgery"
CSRF_FAILURE_VIEW = "touchstone_web.shared.views.forgery_refused"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS = (
    # Subdomains and preload lists are for whoever owns the domain to decide.
    ["security.W005", "security.W021"]
    if IS_HTTPS
    # A server on one's own machine speaks http; `shared.W001` warns for every other host.
    else ["security.W004", "security.W008", "security.W012", "security.W016"]
)

# ---- Languages, time -------------------------------------------------------------------------

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LANGUAGE_CODE = env.choice(
    "TOUCHSTONE_LANGUAGE",
    default="en",
    choices=tuple(code for code, _ in LANGUAGES),
    help="Language for those whose browser asks for none of the three.",
)
LANGUAGE_COOKIE_NAME = "touchstone-language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone(
    "TOUCHSTONE_TIME_ZONE", default="UTC", help="Where the day begins, such as Asia/Shanghai."
)

# ---- Static files ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 300
WHITENOISE_ALLOW_ALL_ORIGINS = False

# ---- Mail ------------------------------------------------------------------------------------

_MAIL = env.choice(
    "TOUCHSTONE_MAIL",
    default="file",
    choices=("file", "console", "smtp"),
    help="How mail leaves: into the folder `mail` of the home, to the console, or by SMTP.",
)
EMAIL_BACKEND = {
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}[_MAIL]
EMAIL_FILE_PATH = TOUCHSTONE_HOME / "mail" if _MAIL == "file" else None
EMAIL_HOST = env.text("TOUCHSTONE_MAIL_HOST", default="localhost", help="Host of the SMTP server.")
EMAIL_PORT = env.number("TOUCHSTONE_MAIL_PORT", default=587, least=1, help="Port of that server.")
EMAIL_HOST_USER = env.text("TOUCHSTONE_MAIL_USER", default="", help="Account at that server.")
EMAIL_HOST_PASSWORD = env.secret("TOUCHSTONE_MAIL_PASSWORD", help="Password of that account.")
_MAIL_SECURITY = env.choice(
    "TOUCHSTONE_MAIL_SECURITY",
    default="starttls",
    choices=("starttls", "tls", "none"),
    help="How the connection to that server is protected.",
)
EMAIL_USE_TLS = _MAIL_SECURITY == "starttls"
EMAIL_USE_SSL = _MAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text(
    "TOUCHSTONE_MAIL_FROM", default="touchstone@localhost", help="Sender of mail."
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---- Log: to standard error, without contents of requests ------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
        # Scanners ask for foreign hosts all day long; the answer 400 is enough.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
