"""The report: stands alone, without script, in the reader's language, and lists no person."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from tests.unit.reports.cases import computed, folder, unit

from touchstone.content.texts import LANGUAGES
from touchstone.loop.results import Assessment
from touchstone.reports.drawings import draw_chart
from touchstone.reports.pages import report_charts, report_page
from touchstone.reports.recipes import Computed
from touchstone.reports.words import HTML_LANGUAGES

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Outline(HTMLParser):
    """Reads a page: elements, attributes, text; refuses tags that do not nest."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], []
        self.feed(page.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attrs]

    def handle_data(self, text):
        self.text.append(text)


def page_of(units, **changes):
    made = computed(**changes)
    assessment = Assessment("towns", "service", tuple(units))
    whole = Computed(made.recipe, made.snapshot, made.measures, assessment)
    drawn = [draw_chart(chart, language="en") for chart in report_charts(whole)]
    return report_page(whole, drawn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", ["organisations", "persons"])
def test_a_report_stands_alone_without_script(language, about):
    """One file: no script, no address to fetch from, its language named, a link to skip to."""
    outline = Outline(folder(language=language, about=about)["report.html"])
    assert ("html", "lang", HTML_LANGUAGES[language]) in outline.attributes
    assert "script" not in outline.tags
    assert not {"img", "link", "iframe", "object"} & set(outline.tags)
    fetched = [value for _, name, value in outline.attributes if name in {"src", "srcset"}]
    assert fetched == []
    links = [value for tag, name, value in outline.attributes if name == "href" and tag == "a"]
    assert links == ["#results"]
    assert ("section", "id", "results") in outline.attributes
    assert outline.tags.count("h1") == 1


def test_a_report_has_a_text_and_a_table_for_each_picture():
    """Each picture has a sentence for those who do not see it, and its figures."""
    outline = Outline(folder()["report.html"])
    labels = [value for _, name, value in outline.attributes if name == "aria-label"]
    assert outline.tags.count("svg") == 10
    assert len([label for label in labels if label.endswith(".")]) == 10
    assert outline.tags.count("details") == 5


def test_a_report_escapes_every_name():
    """A name with signs of HTML is shown as it is written."""
    page = folder()["report.html"]
    assert b"Town &lt;1&gt; &amp; Co" in page
    assert b"Town <1>" not in page


def test_a_report_lists_unexplained_units_by_their_identifier():
    """Town 000 is graded though the official column says otherwise."""
    page = folder()["report.html"].decode()
    section = page.split("Not explained by the data")[1].split("</section>")[0]
    assert '<span class="code">007</span> Town &lt;7&gt; &amp; Co' in section


def test_a_report_about_persons_names_nobody():
    """Persons stand in results.csv for those whose remit covers them, not on a page."""
    page = folder(about="persons")["report.html"].decode()
    assert "Town &lt;" not in page
    assert "each person sees their own page" in page


def test_a_report_names_the_hashes_that_lead_to_its_figures():
    """Snapshot, scheme and results can be compared with the manifest."""
    page = folder()["report.html"].decode()
    whole = computed()
    for content in (
        whole.snapshot.content_hash,
        whole.recipe.scheme.content_hash,
        whole.results_hash,
    ):
        assert content in page


def test_a_report_does_not_list_an_end_with_too_many_ties():
    """Eleven units with the same highest score are counted, not ranked by their names."""
    tied = [unit(f"{n:02}", "9") for n in range(11)]
    page = page_of([*tied, unit("z", "1")]).decode()
    assert "11 towns share this end of the scale" in page
    lowest = page.split("Lowest scores</h3>")[1].split("</section>")[0]
    assert "Town z" in lowest


def test_a_report_counts_the_reasons_for_withheld_results():
    """Each reason stands once with its number."""
    page = page_of([unit("a", None), unit("b", None), unit("c", "5")]).decode()
    reasons = page.split("Why results are withheld</h3>")[1].split("</table>")[0]
    assert "<td>2</td>" in reasons


def test_a_report_without_any_score_still_stands():
    """Nothing was measured: the page says so in place of pictures."""
    page = page_of([unit("a", None)])
    Outline(page)
    assert b"No town has a score." in page


def test_a_report_writes_a_real_minus_and_thousands():
    """Figures are written as people read them."""
    page = page_of([unit("a", "-1234.5", low=Decimal("-1300"), high=Decimal("-1200"))])
    assert "−1,234.5".encode() in page
