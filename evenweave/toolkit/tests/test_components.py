"""Each component says what it was given, in both writing directions, and escapes what people typed."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from evenweave.toolkit import navigation
from evenweave.toolkit.parts import (
    Bench,
    Choice,
    Entry,
    Fact,
    File,
    Item,
    Knot,
    Lane,
    Link,
    Mark,
    Message,
    Photo,
    Reader,
    Seat,
    Side,
    Step,
    Tag,
    Task,
)
from evenweave.toolkit.tables import Column, columns

MEAN = '<script>"x"</script>'


@pytest.fixture(autouse=True)
def _no_rooms(monkeypatch):
    """The toolkit by itself: whatever rooms offer navigation is not there."""
    monkeypatch.setattr(navigation, "_registered", [])
    monkeypatch.setattr(navigation, "_own", [])
    monkeypatch.setattr(navigation, "_notices", [])


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the licence")
    due_on = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("w", "Wages")], widget=forms.CheckboxSelectMultiple, required=False
    )
    seen = forms.BooleanField(label="Seen")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def asked(address: str = "/x/", **cookies):
    request = RequestFactory().get(address)
    request.COOKIES.update(cookies)
    request.user = SimpleNamespace(is_authenticated=False, pk=None)
    return request


def draw(source: str, request=None, **given) -> str:
    return engines["django"].from_string(source).render(given, request or asked())


def page(request=None, **given) -> str:
    return draw('{% extends "toolkit/page.html" %}{% block main %}inside{% endblock %}', request, **given)


SAMPLES = {
    "status_tag": ('{% status_tag "good" words %}', ["ew-tag-good", "#circle-check"]),
    "thread_bar": ("{% thread_bar marks words words=True %}", ["3 done, 2 open", "ew-mark-half"]),
    "agreement": ('{% agreement "yes" "" words %}', ['class="b off"']),
    "panel": ("{% panel words count=3 action=link %}inside{% endpanel %}", ["inside", "<h2>"]),
    "button": ('{% button words icon="plus" busy="Saving" %}', ['data-busy="Saving"', "<button"]),
    "link_button": ('{% link_button words "/there" %}', ['href="/there"']),
    "notice": ('{% notice "bad" %}{{ words }}{% endnotice %}', ["ew-notice-bad"]),
    "empty_state": ('{% empty_state words "Add" "/add" %}', ['href="/add"']),
    "dialog": ('{% dialog "d" words %}inside{% enddialog %}', ['<dialog class="ew-dialog" id="d"', "inside"]),
    "detail": ("{% detail words %}inside{% enddetail %}", ["<summary>"]),
    "page_head": ("{% page_head words words tags=tags %}<a>act</a>{% endpage_head %}", ["<h1>", "<a>act</a>"]),
    "crumbs": ('{% crumbs "Plans" "/plans" words %}', ['href="/plans"', 'aria-current="page"']),
    "subject_band": ('{% subject_band words "/f" meta=words tag=tag links=links %}', ['aria-current="page"']),
    "tabs": ("{% tabs links words %}", ["All 62"]),
    "chips": ("{% chips links words %}", ["<span>62</span>"]),
    "summary_list": ("{% summary_list facts %}", ["<dt>Owner</dt>"]),
    "check_answers": ("{% check_answers facts %}", ['href="/change"']),
    "key_figures": ("{% key_figures facts %}", ["<dd>"]),
    "plain_table": ("{% plain_table words heads rows %}", ['<td class="ew-num">2</td>', '<th scope="row">Jun</th>']),
    "locked_row": ("{% locked_row words 4 %}why{% endlocked_row %}", ['colspan="3"', "why"]),
    "figure": ("{% figure words svg note=words %}inside{% endfigure %}", ["<details>", "<svg"]),
    "sparkline": ("{% sparkline values words 20 %}", ['r="3.8"']),
    "dated_list": ("{% dated_list words entries count=1 %}", ["ew-is-late", "Answer"]),
    "task_list": ("{% task_list tasks %}", ['aria-pressed="true"', "9 of 9"]),
    "needs_attention": ("{% needs_attention attention %}", ['href="/there"']),
    "plan_board": ("{% plan_board lanes %}", ['data-lane="doing"', 'value="agreed"']),
    "path": ("{% path knots words %}", ['aria-current="step"', "ew-to-come"]),
    "path_down": ("{% path knots words down=True %}", ["ew-path-down"]),
    "five_whys": ("{% five_whys whys words %}", ["ew-root"]),
    "evidence_strip": ("{% evidence_strip photos files add_href='/add' add_label=words %}", ["61 %", "/file"]),
    "thread": ("{% thread messages words %}", ['lang="km"', "ew-face-b"]),
    "conflict": ("{% conflict side side %}", ["ew-side-a", "ew-side-b"]),
    "seats": ("{% seats bench bench %}", ["Empty seat"]),
    "who_can_read": ("{% who_can_read readers %}", ["#lock"]),
    "steps_taken": ("{% steps_taken steps '/all' words %}", ['href="/all"']),
    "sync_bar": ('{% sync_bar "offline" words words link %}', ["#wifi-off"]),
    "question": ('{% question "SH-61" words second=words second_lang="km" %}a{% endquestion %}', ['lang="km"']),
    "answers": ('{% answers "q" choices chosen="no" wrong="no" legend=words %}', ["checked", "ew-answer-wrong"]),
    "finding": ("{% finding words tag=tag %}inside{% endfinding %}", ["inside"]),
    "sentence": ('{% sentence "__ of __ exits" "blanks" blanks %}', ['value="1"', 'value="&lt;script&gt;']),
    "face": ("{% face words %}", ["aria-hidden"]),
    "meta": ('{% meta "user" words "calendar" "" %}', ["#user"]),
    "draft_mark": ("{% draft_mark %}{{ words }}", ["not reviewed"]),
    "saved_state": ("{% saved_state words %}", ['role="status"']),
    "parties": ("{% parties parties %}", ["ew-swatch-b"]),
    "mark_legend": ("{% mark_legend marks %}{{ words }}", ["done"]),
}

GIVEN = {
    "words": MEAN,
    "marks": [Mark("half", 3, "done"), ("empty", 2, "open"), Mark("full", 0, "none")],
    "tag": Tag("wrong", MEAN),
    "tags": [Tag("wrong", MEAN)],
    "link": Link(MEAN, "/there"),
    "links": [Link("All", "/all", is_current=True, count=62), Link(MEAN, "/other", icon="plus")],
    "facts": [("Owner", MEAN), Fact("Due", "5 November", "/change", MEAN, is_bad=True), ("Empty", "")],
    "heads": ["Month", MEAN],
    "rows": [("Jun", 2)],
    "svg": "",
    "values": [3, 2, 1],
    "entries": [Entry("Fri 13", MEAN, "/e", tags=[Tag("wrong", MEAN)], action=Link("Answer", "/a"), state="late")],
    "tasks": [Task(MEAN, "/t", Tag("good", "Done"), sum="9 of 9", owners=[Choice("A", "a", is_on=True)])],
    "attention": [(MEAN, "/there", MEAN)],
    "lanes": [Lane("Doing", "circle", 1, [Item("34", MEAN, "/i", MEAN, moves=[Choice("Agreed", "agreed")])], "doing")],
    "knots": [Knot("Agreed", "past"), Knot(MEAN, "now", MEAN), Knot("Done", "to-come")],
    "whys": [("Why?", MEAN)],
    "photos": [Photo("/p.jpg", MEAN, MEAN, percent=61)],
    "files": [File(MEAN, "/file")],
    "messages": [Message(MEAN, "today", MEAN, "manager", "b", "km", "in English", "en")],
    "side": Side(MEAN, "10:43", Tag("wrong", "No"), MEAN, MEAN, choose_label=MEAN, choose_value="1"),
    "bench": Bench(MEAN, "2 seats", [Seat(MEAN, MEAN, Tag("good", "Here")), Seat("")]),
    "readers": [Reader("Public", MEAN, may_read=False)],
    "steps": [Step("today", MEAN, MEAN)],
    "choices": [("yes", "Yes", "check"), ("no", MEAN, "x")],
    "blanks": ["1", MEAN],
    "parties": [("b", MEAN, MEAN, Tag("good", "Agrees"))],
}


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_component_draws_what_it_was_given_and_escapes_it(name, direction):
    from evenweave.toolkit import charts

    source, expected = SAMPLES[name]
    given = {**GIVEN, "direction": direction, "svg": charts.sparkline([1], "w")}
    with override("ar" if direction == "rtl" else "en"):
        drawn = draw(source, **given)
    if direction == "ltr":
        assert [part for part in expected if part not in drawn] == []
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn or name == "face"
    assert "&amp;lt;" not in drawn


def test_the_page_writes_language_direction_and_the_base_that_fits_it():
    with override("en"):
        english = page()
    with override("ar"):
        arabic = page()
    assert '<html lang="en" dir="ltr">' in english
    assert "bootstrap-reboot.min.css" in english
    assert "bootstrap-reboot.rtl.min.css" in page(direction="rtl")
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "bootstrap-reboot.rtl.min.css" in arabic


def columns_of(first="", side="", main="<p>rest</p>") -> list[str]:
    blocks = {"first": first, "side": side, "main": main}
    source = "".join("{% block " + name + " %}" + text + "{% endblock %}" for name, text in blocks.items())
    return re.findall(r'<div class="ew-(cols|first|side|main)">', draw('{% extends "toolkit/page.html" %}' + source))


def test_the_side_column_is_read_after_the_first_section_or_after_everything():
    assert columns_of() == ["main"]
    assert columns_of(side=" \n {% if nothing %}x{% endif %}") == ["main"]
    assert columns_of(side="<p>aside</p>") == ["cols", "main", "side"]
    assert columns_of(first="<p>first</p>", side="<p>aside</p>") == ["cols", "first", "side", "main"]
    assert columns_of(first="<p>first</p>") == ["main"]


def test_a_language_that_nobody_has_reviewed_is_marked_on_every_page():
    with override("km"):
        assert "ew-draft" in page()
    with override("en"):
        assert "ew-draft" not in page()


def test_the_theme_comes_from_a_cookie_and_nothing_else_fits_in():
    assert 'data-theme="dark"' in page(asked(ew_theme="dark"))
    assert "data-theme=" not in page(asked(ew_theme='"><b>')).split("<head>")[0]
    assert "data-theme=" not in page(asked()).split("<head>")[0]


def test_the_shell_draws_no_more_than_seven_links_and_the_phone_four_and_more(monkeypatch):
    many = [Link(f"Room {number}", f"/{number}", "home", is_current=number == 6) for number in range(9)]
    monkeypatch.setattr(navigation, "_registered", [lambda request: many])
    drawn = page()
    assert re.findall(r'<li><a href="(/\d)"', drawn.split("</header>")[0]) == [f"/{number}" for number in range(7)]
    bar = drawn[drawn.index('class="ew-tabbar"') :]
    assert re.findall(r'<a class="ew-tab" href="(/\d)"', bar) == ["/0", "/1", "/2", "/3"]
    assert re.findall(r'<a href="(/\d)"', bar) == ["/4", "/5", "/6"]
    assert 'href="/6" aria-current="page"' in bar
    assert '<summary class="ew-tab" aria-current="true">' in bar


def test_nobody_signed_in_sees_the_way_in_and_no_account():
    drawn = page()
    assert "/accounts/login/" in drawn
    assert "Sign out" not in drawn


def test_a_person_signed_in_finds_name_theme_and_the_way_out():
    class Person(SimpleNamespace):
        def __str__(self) -> str:
            return "Sok <Channary>"

    request = asked()
    request.user = Person(is_authenticated=True, pk=7)
    drawn = page(request)
    assert "Sok &lt;Channary&gt;" in drawn
    assert "/accounts/logout/" in drawn
    assert "data-theme-switch" in drawn
    assert "/accounts/login/" not in drawn


def test_a_field_ties_label_hint_and_error_to_its_input():
    form = Sample({"name": ""})
    drawn = draw("{% form_fields form %}{% error_summary form %}", form=form)
    assert '<label for="id_name">Name</label>' in drawn
    assert 'aria-describedby="id_name_error id_name_helptext"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert '<p class="ew-hint" id="id_name_helptext">As on the licence</p>' in drawn
    assert "(optional)" in drawn[drawn.index("Note") :]
    assert "(optional)" not in drawn[drawn.index('"id_name"') : drawn.index("Due")]
    assert '<input type="hidden" name="token" id="id_token">' in drawn
    assert drawn.count("<fieldset") == 2


def test_the_summary_says_the_same_words_as_the_fields_and_leads_to_them():
    drawn = draw("{% error_summary form %}{% form_fields form %}", form=Sample({"due_on": "tomorrow"}))
    summary, fields = drawn.split("</ul></div>", 1)
    listed = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', summary)
    assert listed == [
        ("id_name", "Fill in: Name"),
        ("id_due_on", "Enter a valid date."),
        ("id_kind_0", "Choose: Kind"),
        ("id_seen", "Choose: Seen"),
    ]
    for target, words in listed:
        assert f'id="{target}"' in fields
        assert words in fields


def test_nothing_wrong_draws_no_summary():
    assert "ew-summary-box" not in draw("{% error_summary form other %}", form=Sample(), other=None)


def test_a_draft_belongs_to_its_person():
    request = asked()
    mine = draw('{% keep_draft "visit-note" %}', request)
    request.user = SimpleNamespace(is_authenticated=True, pk=8)
    others = draw('{% keep_draft "visit-note" %}', request)
    owner = re.compile(r'data-owner="([0-9a-f]{12})"')
    assert 'value="visit-note"' in mine
    assert owner.search(mine).group(1) != owner.search(others).group(1)


def heads(address: str):
    made = (Column("name", "Name", is_sortable=True), Column("late", "Late", is_number=True, is_sortable=True),
            Column("plain", "Plain"))  # fmt: skip
    return columns(asked(address), *made, default="-late")


def test_columns_sort_by_links_that_keep_the_filters_and_turn_round():
    table = heads("/x/?q=sew&page=3&sort=late")
    assert table.sort == "late"
    assert table["late"].sort_href == "?q=sew&sort=-late"
    assert table["late"].direction == "ascending"
    assert (table["name"].sort_href, table["name"].direction) == ("?q=sew&sort=name", "")
    assert table["plain"].sort_href == ""


@pytest.mark.parametrize("wish", ["plain", "password", "-", "--late"])
def test_a_column_that_cannot_be_sorted_by_falls_back_to_the_default(wish):
    assert heads(f"/x/?sort={wish}").sort == "-late"


def test_a_table_names_its_cells_for_phones_and_only_the_sorted_column_says_so():
    source = (
        "{% data_table words heads %}<tr>{% head_cell %}A{% endhead_cell %}"
        "{% cell heads.late %}3{% endcell %}{% cell 'Other' %}{{ words }}{% endcell %}</tr>{% enddata_table %}"
    )
    drawn = draw(source, words=MEAN, heads=heads("/x/?sort=-late"))
    assert drawn.count("aria-sort") == 1
    assert 'aria-sort="descending"' in drawn
    assert '<td data-label="Late" class="ew-num">3</td>' in drawn
    assert '<th scope="row">A</th>' in drawn
    assert "<script" not in drawn


def test_pages_keep_the_filters():
    drawn = draw("{% pager page %}", asked("/x/?q=sew&page=2"), page=Paginator(range(62), 10).page(2))
    assert "Rows 11 to 20 of 62" in drawn
    assert 'href="?q=sew&amp;page=3" rel="next"' in drawn


def test_a_filter_bar_works_without_scripts_and_keeps_the_order():
    class Narrow(forms.Form):
        q = forms.CharField(label="Name", required=False)

    request = asked("/x/?q=sew&sort=-late")
    drawn = draw("{% filter_bar form %}", request, form=Narrow(request.GET))
    assert '<form class="ew-filter" method="get"' in drawn
    assert '<input type="hidden" name="sort" value="-late">' in drawn
    assert 'value="sew"' in drawn
    assert '<a href="/x/">' in drawn
    assert '<a href="/x/">' not in draw("{% filter_bar form %}", asked("/x/"), form=Narrow())


def test_more_than_sixty_marks_become_a_plain_bar():
    assert draw("{% thread_bar marks %}", marks=[("full", 60, "done")]).count("ew-mark-full") == 60
    drawn = draw("{% thread_bar marks %}", marks=[("full", 60, "done"), ("empty", 1, "open")])
    assert 'viewBox="0 0 61 10"' in drawn
    assert "ew-mark-full" not in drawn


def test_a_mark_or_button_nobody_designed_is_refused():
    with pytest.raises(ValueError, match="no mark 'ring'"):
        draw("{% thread_bar marks %}", marks=[("ring", 1, "")])
    with pytest.raises(ValueError, match="no 'huge' button"):
        draw('{% button "x" kind="huge" %}')


@pytest.mark.parametrize(
    ("first", "second", "drawn"),
    [
        ("", "", ['class="a off" d="M2 5h36"', 'class="b off" d="M2 13h36"']),
        ("yes", "", ['class="a" d="M2 5h36"', 'class="b off"']),
        ("yes", "yes", ['class="gap"']),
        ("yes", "no", ['class="a" d="M2 7c', 'class="b" d="M2 11c']),
    ],
)
def test_threads_cross_only_when_both_have_said_yes(first, second, drawn):
    found = draw("{% agreement first second %}", first=first, second=second)
    assert [part for part in drawn if part not in found] == []
    assert ('class="gap"' in found) == (first == second == "yes")
