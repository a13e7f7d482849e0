"""Draft findings as the review and the reply show them."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from evenweave.assessments.enums import Seriousness
from evenweave.assessments.models import Assessment, ReviewComment
from evenweave.assessments.queries import DraftFinding
from evenweave.assessments.views import words
from evenweave.law.queries import citations
from evenweave.questionnaires.queries import compiled
from evenweave.toolkit.parts import Photo, Tag

SERIOUSNESS_FAMILIES = {Seriousness.MINOR: "none", Seriousness.MAJOR: "waiting", Seriousness.GRAVE: "danger"}


def finding_rows(
    assessment: Assessment, drafts: Sequence[DraftFinding],
    comments: Mapping[str, Sequence[ReviewComment]] | None = None,
) -> list[dict]:
    """One dictionary a finding, in the order of asking. Comments only for staff: pass none for the factory."""
    tool, language = compiled(assessment.tool_id), words.reading_language()
    return [
        {
            "id": draft.question.id, "title": _("Finding %(id)s") % {"id": draft.question.id}, "draft": draft,
            "point": tool.points[draft.question.point].title(language),
            "sentence": words.finding_words(draft.text, draft.question, draft.language),
            "question": words.question_words(draft.question), "law": citations(draft.question.law),
            "tag": _seriousness_tag(draft.seriousness),
            "is_public": draft.question.is_public, "photos": _photos(draft),
            "comments": (comments or {}).get(draft.question.id, ()),
            "reply": draft.reply, "reply_tag": words.position_tag(draft.reply.position) if draft.reply else None,
            "reply_photos": [
                Photo(src=reverse("file", args=[file.ref]), href=reverse("file", args=[file.ref]),
                      alt=_("Evidence of the factory"))
                for file in draft.reply_files
            ],
        }
        for draft in drafts
    ]


def _seriousness_tag(seriousness: str) -> Tag | None:
    if not seriousness:
        return None
    known = Seriousness(seriousness)
    return Tag(SERIOUSNESS_FAMILIES[known], str(known.label))


def _photos(draft: DraftFinding) -> list[Photo]:
    return [
        Photo(src=reverse("file", args=[one.file.ref]), href=reverse("file", args=[one.file.ref]),
              alt=one.photo.caption or _("Photo without a caption"), caption=one.photo.caption)
        for one in draft.photos if one.file is not None
    ]
