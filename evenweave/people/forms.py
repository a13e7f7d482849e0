"""What is typed when people are invited, join, or set their account up."""

from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from evenweave.people.models import Person
from evenweave.people.rules import normal_phone
from evenweave.people.services import check_code, is_asked_too_often


class InviteForm(forms.Form):
    """Whom to invite, and as what. `offers`: {value: label} of the roles with their place the inviter may give."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    offer = forms.ChoiceField(label=_("As"), widget=forms.RadioSelect)

    def __init__(self, *args, offers: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].choices = list(offers.items())

    def clean_email(self) -> str:
        email = Person.objects.normalize_email(self.cleaned_data["email"])
        if Person.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("This person already has an account. Ask them to sign in."))
        return email


class JoinForm(forms.Form):
    """The invited person's password and language; the name can be corrected by whoever invited."""

    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A sentence is easy to keep in mind."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args, invitation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, Person(name=self.invitation.name, email=self.invitation.email))
        return password


class AccountForm(forms.ModelForm):
    """A person's own account."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    wants_digest = forms.BooleanField(label=_("Send me what changed once a week"), required=False)

    class Meta:
        model = Person
        fields = ["name", "language"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.language
        if own not in dict(settings.LANGUAGES):  # the house has no words in it yet; what they type stays in it
            self.fields["language"].choices = [*settings.LANGUAGES, (own, get_language_info(own)["name_local"])]
        self.fields["wants_digest"].initial = not self.instance.digest_muted

    def save(self, commit: bool = True) -> Person:
        self.instance.digest_muted = not self.cleaned_data["wants_digest"]
        return super().save(commit)


class PhoneForm(forms.Form):
    """Asks for a code. A number nobody has is answered like one that somebody has. allauth reads `_user`."""

    phone = forms.CharField(
        label=_("Phone number"), max_length=30, help_text=_("With + and the country code, as +855 12 345 678."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        phone = normal_phone(self.cleaned_data["phone"])
        if not phone:
            raise forms.ValidationError(_("Write the number with + and the country code, as +855 12 345 678."))
        asked = ratelimit.consume(context.request, action="request_login_code", key=phone)
        if not asked or is_asked_too_often(phone=phone):
            raise forms.ValidationError(_("Too many codes were asked for. Wait an hour, then ask again."))
        self._user = get_adapter().get_user_by_phone(phone)
        return phone


class CodeForm(forms.Form):
    """The code that was sent, or one from the sheet. `code` is the reference of the attempt; see people.adapters."""

    code = forms.CharField(
        label=_("Code"), max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def __init__(self, *args, code: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.attempt = code

    def clean_code(self) -> str:
        if not check_code(ref=self.attempt, typed=self.cleaned_data["code"]):
            raise forms.ValidationError(_("This code does not open. Look at it again, or ask for a new one."))
        return self.cleaned_data["code"]
