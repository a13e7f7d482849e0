"""A signed-in person reads the house in their own language."""

from django.utils import translation


class OwnLanguage:
    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and not request.COOKIES.get("django_language"):
            translation.activate(request.user.reads_in)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
