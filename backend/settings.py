"""Every setting of the project, in one file. What differs between machines comes from backend.env."""

import logging
import sys
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from backend import env
from backend.logs import logging_config

SOUK = env.read()
ROOT = env.ROOT
TESTING = SOUK.testing
CLOCK_OFFSET_ALLOWED = SOUK.testing  # time travel, for tests and simulations only
CRASH_POINT = SOUK.crash_point  # env refuses it where SOUK_TESTING is off
DEBUG = SOUK.debug
SECRET_KEY = SOUK.secret_key
ALLOWED_HOSTS = list(SOUK.allowed_hosts) or ([SOUK.host] if SOUK.https else [])

# ── what is installed ─────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    *(["daphne"] if "runserver" in sys.argv else []),  # as an app it only gives `runserver` its sockets, and imports a whole server
    "core",
    "accounts",
    "vendors",
    "messaging",
    "escrow",
    "marketplace",
    "search",
    "storefront",
    "api",
    "desk",
    "procrastinate.contrib.django",
    "backend",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "axes",
    "guardian",
    "csp",
    "channels",
    "corsheaders",
    "django_countries",
    "django_filters",
    "django_htmx",
    "phonenumber_field",
    "treebeard",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
]

MIDDLEWARE = [
    "backend.metrics.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backend.policy.PolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.middleware.PersonMiddleware",
    "backend.request_log.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "storefront.account.middleware.ActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "storefront.account.middleware.PreferenceMiddleware",
    "axes.middleware.AxesMiddleware",
    "storefront.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
ASGI_APPLICATION = "backend.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # our own words for Django's `i18n` are meant
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"i18n": "storefront.templatetags.words"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "desk.queues.desk_tabs",
                "storefront.account.context.person",
                "storefront.buying.visitor.basket",
            ],
        },
    },
]

# ── database: embedded unless DATABASE_URL is set ─────────────────────────────────────────────────
# Time limits in milliseconds. A page never waits long; a migration or a job may.
_LIMITS = {
    "web": {"lock_timeout": 3_000, "statement_timeout": 5_000, "idle_in_transaction_session_timeout": 10_000},
    "worker": {"lock_timeout": 3_000, "statement_timeout": 60_000, "idle_in_transaction_session_timeout": 60_000},
    "command": {"lock_timeout": 30_000, "statement_timeout": 0, "idle_in_transaction_session_timeout": 0},
}[SOUK.process]
# A pool needs CONN_MAX_AGE=0. Short-lived commands and tests connect directly: they have one thread.
_POOL = {"min_size": 1, "max_size": SOUK.pool_size, "timeout": 5, "max_idle": 60}

DATABASES = {
    "default": {
        "ENGINE": "core.database",
        **env.database(SOUK),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        # the server ends every statement in time; one that stays silent for longer hangs itself, and we hang up (core.database.watch)
        "SILENCE_SECONDS": _LIMITS["statement_timeout"] / 1000 + 2 if _LIMITS["statement_timeout"] else 0,
        "OPTIONS": {
            "connect_timeout": 5,
            # a server that vanished from the network is noticed in ten seconds, not in hours
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "application_name": f"souk-{SOUK.process}",
            # Values travel beside the words, and a statement asked for the third time on a connection keeps its plan: half of PostgreSQL's work
            # for a purchase was reading and planning the same wide joins. (A pooler in between must keep sessions, or set the threshold to None.)
            "server_side_binding": True,
            "prepare_threshold": 3,
            "options": " ".join(f"-c {name}={value}" for name, value in _LIMITS.items()),
            **({} if SOUK.process == "command" else {"pool": _POOL}),
        },
    }
}

# ── background jobs (core.jobs is the only caller) ────────────────────────────────────────────────
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
# The insert trigger's NOTIFY would serialise commits: a migration in core disables it, the worker polls.
PROCRASTINATE_WORKER_DEFAULTS = {
    "listen_notify": False,
    "fetch_job_polling_interval": 0.2,
    "update_heartbeat_interval": 5.0,
    "concurrency": 4,
    "delete_jobs": "successful",
    "shutdown_graceful_timeout": 20,
}

# ── people ────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:  # argon2 is slow on purpose; tests sign in hundreds of times
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/you/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.entrance.LoginForm",
    "signup": "accounts.sign_in.entrance.SignupForm",
    "add_email": "accounts.sign_in.entrance.AddEmailForm",
    "change_email": "accounts.sign_in.entrance.ChangeEmailForm",
    "change_password": "accounts.sign_in.entrance.ChangePasswordForm",
    "set_password": "accounts.sign_in.entrance.SetPasswordForm",
    "reset_password": "accounts.sign_in.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in.entrance.ResetPasswordKeyForm",
    "reauthenticate": "accounts.sign_in.entrance.ReauthenticateForm",
    "confirm_email_verification_code": "accounts.sign_in.entrance.ConfirmEmailVerificationCodeForm",
}
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.sign_in.forms.SignUpForm"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SOUK.https else "http"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an unverified address must never link two people
USERSESSIONS_TRACK_ACTIVITY = True
HEADLESS_CLIENTS = ("app",)
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = False
AXES_IPWARE_PROXY_COUNT = SOUK.proxy_count or None
AXES_ENABLED = not TESTING
GUARDIAN_GET_INIT_ANONYMOUS_USER = "guardian.management.get_init_anonymous_user"
ANONYMOUS_USER_NAME = None

# ── the web's safety ──────────────────────────────────────────────────────────────────────────────
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SOUK.https
SESSION_ENGINE = "accounts.sessions.store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = False
CSRF_TRUSTED_ORIGINS = [SOUK.url]
CSRF_FAILURE_VIEW = "storefront.refusals.csrf_failure"
SECURE_SSL_REDIRECT = SOUK.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SOUK.proxy_count else None
SECURE_HSTS_SECONDS = 63_072_000 if SOUK.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SOUK.https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A browser follows a sent form to another site only when that is named: "Pay" and "Connect your payouts" end at Stripe's.
PAYMENT_PAGES = ("https://checkout.stripe.com", "https://connect.stripe.com") if SOUK.payment_provider == "stripe" else ()
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *PAYMENT_PAGES],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "usb")
}
CORS_ALLOWED_ORIGINS = list(SOUK.cors_origins)
CORS_URLS_REGEX = r"^/api/.*$"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# ── languages and time ────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
HOME_CURRENCY = "EUR"  # what prices in the address bar are in unless they name their own

# ── files ─────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = SOUK.static_root
MEDIA_URL = "/media/"
MEDIA_ROOT = SOUK.data / "media"
# Collected and hashed in production (SOUK_STATIC_ROOT); straight from the source tree otherwise.
WHITENOISE_USE_FINDERS = SOUK.static_root is None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # files that no address serves: the tables that sellers import
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": SOUK.data / "private"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SOUK.static_root
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# ── cache and sockets ─────────────────────────────────────────────────────────────────────────────
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": SOUK.redis_url}
    if SOUK.redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},  # what {% cache %} uses
}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# ── mail ──────────────────────────────────────────────────────────────────────────────────────────
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SOUK.mail_from
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 10
locals().update(env.mail(SOUK))
if SOUK.testing:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# ── the API (its details belong to api/) ──────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.auth.TokenAuthentication", "rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.auth.Declared"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.BoundedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.CursorPages",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.PersonThrottle", "api.throttling.StrangerThrottle", "api.throttling.DoorThrottle"],
    "DEFAULT_THROTTLE_RATES": {"person": "1200/min", "stranger": "300/min", "sensitive": "20/min"},
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "DEFAULT_SCHEMA_CLASS": "api.schema.SoukSchema",
    "DEFAULT_VERSION": "v1",
    "ALLOWED_VERSIONS": ["v1"],
    "EXCEPTION_HANDLER": "api.errors.answer",
    "NUM_PROXIES": SOUK.proxy_count,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_BODY_LIMIT = 1024 * 1024  # bytes of JSON
SPECTACULAR_SETTINGS = {
    "TITLE": "Souk API",
    "DESCRIPTION": (ROOT / "docs" / "api.md").read_text(encoding="utf-8"),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "cartToken": {"type": "apiKey", "in": "header", "name": "X-Cart-Token", "description": "A guest's basket: from its first line's answer."},
            "orderToken": {"type": "apiKey", "in": "header", "name": "X-Order-Token", "description": "A guest's order: from the paid checkout."},
        }
    },
    "ENUM_NAME_OVERRIDES": {
        "OrderStateEnum": "marketplace.orders.states.OrderState",
        "CheckoutStateEnum": "marketplace.checkout.states.CheckoutState",
        "PaymentStateEnum": "escrow.payments.states.PaymentState",
        "HandOverEnum": "marketplace.catalog.listings.models.HandOver",
        "ImportStateEnum": "marketplace.importing.states.ImportState",
        "ListingStateEnum": "marketplace.catalog.listings.states.ListingState",
        "ReturnStateEnum": "marketplace.returns.states.ReturnState",
        "ReturnReasonEnum": "marketplace.returns.states.ReturnReason",
    },
}

# ── logs ──────────────────────────────────────────────────────────────────────────────────────────
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # else allauth's app tokens are answered with 401
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # of answers that stream: one line a request is enough
LOGGING_CONFIG = None if "mypy" in Path(sys.argv[0]).name else "logging.config.dictConfig"
LOGGING = logging_config(level=SOUK.log_level, json=SOUK.log_json)

# ── money (what escrow asks for) ──────────────────────────────────────────────────────────────────
PAYMENT_PROVIDER = SOUK.payment_provider
CHARGEBACK_BEARER = SOUK.chargeback_bearer
SANDBOX_WEBHOOK_SECRETS = tuple(SOUK.sandbox_webhook_secret.split(","))  # the present one, then during a change the old one
STRIPE_SECRET_KEY = SOUK.stripe_secret_key
STRIPE_WEBHOOK_SECRETS = SOUK.stripe_webhook_secrets  # one for each endpoint at Stripe; during a change the old ones too
STRIPE_API_BASE = SOUK.stripe_api_base
STRIPE_COUNTRY = SOUK.stripe_country
STRIPE_PAYMENT_METHODS = SOUK.stripe_payment_methods
COMMISSION_RATE_BP = SOUK.commission_rate_bp  # where no plan says otherwise
COMMISSION_TAX_BP = SOUK.commission_tax_bp
RULING_LIMIT = SOUK.ruling_limit  # in units of the order's currency: above it a second person approves
OPERATOR = SOUK.operator  # who invoices commission: a name, then the lines of an address
PAPER_FONT = SOUK.paper_font
SOUK_SANDBOX_CARRIER_SECONDS = SOUK.sandbox_carrier_seconds  # between two events of a played parcel
