"""What every request passes: its language, and the headers of every answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from touchstone_web.shared.languages import language_of

GetResponse = Callable[[HttpRequest], HttpResponse]


def language(get_response: GetResponse) -> GetResponse:
    """Speak the reader's language while the answer is made."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = language_of(request)
        request.LANGUAGE_CODE = chosen
        with translation.override(chosen):
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answer


def headers(get_response: GetResponse) -> GetResponse:
    """Keep answers out of every store and out of other sites' pages.

    A right that has ended must not live on in a cache; static files never come this far.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        return response

    return answer


def client_address(request: HttpRequest) -> str:
    """The address a request comes from; behind own proxies, what the outermost of them saw."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TOUCHSTONE_PROXIES:
        return direct
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    # Each proxy adds one at the right; what stands further to the left anyone may have written.
    own = seen[-settings.TOUCHSTONE_PROXIES :]
    return own[0] or direct
