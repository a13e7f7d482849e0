"""Addresses of this room."""

from django.urls import URLPattern, path

from evenweave.assessments.views import cases, overview, planning, questions, replies, reviews

urlpatterns: list[URLPattern] = [
    path("assessments/", overview.assessment_list, name="assessment_list"),
    path("assessments/plan/", planning.assessment_plan, name="assessment_plan"),
    path("assessments/photos/<str:ref>/withdraw/", questions.photo_withdraw, name="photo_withdraw"),
    path("assessments/comments/<str:ref>/resolve/", questions.comment_resolve, name="comment_resolve"),
    path("assessments/extensions/<str:ref>/", replies.extension, name="extension"),
    path("assessments/<str:ref>/", overview.assessment, name="assessment"),
    path("assessments/<str:ref>/assign/", planning.assessment_assign, name="assessment_assign"),
    path("assessments/<str:ref>/start/", overview.assessment_start, name="assessment_start"),
    path("assessments/<str:ref>/clusters/<slug:cluster>/", overview.assessment_cluster, name="assessment_cluster"),
    path(
        "assessments/<str:ref>/clusters/<slug:cluster>/take/", overview.assessment_take_cluster,
        name="assessment_take_cluster",
    ),
    path("assessments/<str:ref>/check/", overview.assessment_check, name="assessment_check"),
    path("assessments/<str:ref>/questions/<str:question_id>/", questions.question, name="question"),
    path("assessments/<str:ref>/questions/<str:question_id>/settle/", questions.question_settle,
         name="question_settle"),
    path("assessments/<str:ref>/questions/<str:question_id>/photos/", questions.question_photo, name="question_photo"),
    path("assessments/<str:ref>/questions/<str:question_id>/<slug:way>/", questions.question_beside,
         name="question_beside"),
    path("assessments/<str:ref>/review/", reviews.assessment_review, name="assessment_review"),
    path("assessments/<str:ref>/review/comment/", reviews.review_comment, name="review_comment"),
    path("assessments/<str:ref>/review/return/", reviews.review_return, name="review_return"),
    path("assessments/<str:ref>/review/approve/", reviews.review_approve, name="review_approve"),
    path("assessments/<str:ref>/reply/", replies.assessment_reply, name="assessment_reply"),
    path("assessments/<str:ref>/reply/send/", replies.reply_send, name="reply_send"),
    path("assessments/<str:ref>/reply/more-time/", replies.extension_ask, name="extension_ask"),
    path("assessments/<str:ref>/reply/<str:question_id>/", replies.reply_to_finding, name="reply_to_finding"),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/new/", cases.case_open, name="case_open"),
    path("cases/<str:ref>/", cases.case, name="case"),
    path("cases/<str:ref>/steps/<slug:key>/", cases.case_step, name="case_step"),
    path("cases/<str:ref>/close/", cases.case_close, name="case_close"),
]
