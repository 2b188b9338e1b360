"""The pieces every page is made of: the picture, the form pack, the size of a first visit."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from apps.core.templatetags import house

ROOT = Path(__file__).resolve().parents[2]


class Sample(forms.Form):
    text = forms.CharField(label="Text", help_text="A <b>hint</b>", widget=forms.Textarea)
    wish = forms.CharField(label="Wish", required=False)
    how = forms.ChoiceField(
        label="How", choices=[("1", "Well"), ("2", "Partly")], widget=forms.RadioSelect({"class": "chips"})
    )
    which = forms.MultipleChoiceField(
        label="Which", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    zone = forms.ChoiceField(label="Zone", choices=[("x", "X")])
    sure = forms.BooleanField(label="Sure")
    day = forms.SplitDateTimeField(label="Day")
    seen = forms.CharField(widget=forms.HiddenInput)


def drawn(template: str, **context: object) -> str:
    return Template("{% load crispy_forms_tags %}" + template).render(Context(context))


def test_a_form_with_errors_says_them_beside_each_field() -> None:
    form = Sample({"text": ""})
    html = drawn("{{ form|crispy }}", form=form)
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html and 'id="id_text_error"' in html
    assert html.count('aria-invalid="true"') >= 4
    assert "(if you like)" in html and html.count("(if you like)") == 1


def test_groups_of_choices_are_fieldsets_with_a_legend() -> None:
    html = drawn("{{ form|crispy }}", form=Sample())
    assert len(re.findall(r"<fieldset", html)) == len(re.findall(r"<legend", html)) == 3
    assert 'class="field choices chips' in html


def test_every_label_points_at_a_field_that_is_there() -> None:
    html = drawn("{{ form|crispy }}", form=Sample())
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'<label[^>]*\bfor="([^"]+)"', html)) <= ids
    assert len(ids) == len(re.findall(r'\bid="', html))


@pytest.mark.parametrize("bound", [False, True])
def test_a_whole_form_is_well_formed_by_both_ways(bound: bool) -> None:
    form = Sample({}) if bound else Sample()
    form.helper = FormHelper()
    form.helper.add_input(Submit("go", "Go on"))
    html = drawn("{% crispy form %}", form=form, csrf_token="t")
    balanced(html)
    assert 'name="csrfmiddlewaretoken"' in html and '<button type="submit"' in html
    balanced(drawn("{{ form|crispy }}", form=form))


def test_a_layout_is_drawn() -> None:
    form = Sample()
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Fieldset("Both", Row("text", "wish")), Div(Field("how"), css_class="x"), Submit("go", "Go")
    )
    html = drawn("{% crispy form %}", form=form, csrf_token="t")
    balanced(html)
    assert "<legend>Both</legend>" in html and 'class="x"' in html


def test_a_formset_is_drawn() -> None:
    formset = forms.formset_factory(Sample, extra=2)()
    balanced(drawn("{{ formset|crispy }}", formset=formset))
    formset.helper = FormHelper()  # type: ignore[attr-defined]
    balanced(drawn("{% crispy formset %}", formset=formset, csrf_token="t"))


class Balance(HTMLParser):
    EMPTY = {"input", "br", "hr", "img", "meta", "link", "path", "circle"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open and self.open.pop() == tag


def balanced(html: str) -> None:
    parser = Balance()
    parser.feed(html)
    assert parser.open == []


@pytest.mark.parametrize(("done", "total"), [(0, 7), (3, 7), (7, 7), (9, 7), (0, 0)])
def test_the_picture_moves_both_ends_by_the_same(done: int, total: int) -> None:
    picture = house.meeting(done, total, "Mara", "Jonas")
    left, right = picture["left_end"], picture["right_end"]
    assert float(left["x"]) + float(right["x"]) == pytest.approx(house.WIDTH)
    assert left["y"] == right["y"]
    assert picture["met"] is (total > 0 and done >= total)


def test_the_picture_says_in_words_what_it_shows() -> None:
    html = drawn("{% meeting 3 7 left right %}", left="<Mara>", right="")
    assert 'aria-label="3 of 7 steps done together"' in html
    assert "&lt;Mara&gt;" in html and 'class="open"' in html


def test_hues_follow_the_seat() -> None:
    assert [house.hue(1), house.hue(2), house.hue(None)] == ["one", "two", ""]


@pytest.mark.django_db
def test_a_first_visit_is_below_sixty_kilobytes(client: Client) -> None:
    page = client.get(reverse("home")).content
    linked = re.findall(rb'(?:src|href)="/static/([^"]+)"', page)
    assert linked
    sizes = [len(gzip.compress(page))]
    for address in linked:
        name = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", address.decode())
        found = finders.find(name)
        assert found, name
        sizes.append(len(gzip.compress(Path(str(found)).read_bytes())))
    assert sum(sizes) < 60_000


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "help", "soup", "account_login", "account_signup"])
def test_public_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert not re.search(r'(?:src|action)="(?:https?:)?//', page)
    assert not re.search(r'<link[^>]+href="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]+src=)|\son\w+=|\sstyle=|<style|javascript:", page)


def test_no_template_of_a_page_has_inline_style_or_script() -> None:
    for file in (ROOT / "templates").rglob("*.html"):
        if "email" in file.relative_to(ROOT).parts or "outbox" in file.parts:
            continue
        assert not re.search(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]+src=)", file.read_text()), file
