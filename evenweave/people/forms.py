"""What is typed when people are invited, join, or set their account up."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from evenweave.people.models import Person


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
        self.fields["wants_digest"].initial = not self.instance.digest_muted

    def save(self, commit: bool = True) -> Person:
        self.instance.digest_muted = not self.cleaned_data["wants_digest"]
        return super().save(commit)
