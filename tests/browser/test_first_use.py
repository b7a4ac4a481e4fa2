"""A newcomer's first hour, in a real browser: import, assess, read, check, in three languages."""

import re

from playwright.sync_api import Page, expect
from tests.support.browser import open_browser
from tests.support.page_checks import Watch, follow

from touchstone.content.packs import read_pack

LONG = 120_000
ASSESSMENT = re.compile(r".*/assessments/[0-9a-f]{32}$")


def test_from_sign_in_to_a_checked_result(served, pictures):
    """Evidence of 6,194 schools is imported, assessed and checked; one school is looked at."""
    with open_browser() as browser:
        page = browser.pages[0]
        page.on("dialog", lambda dialog: dialog.accept())
        watch = Watch(page, pictures)
        sign_in(page, watch, served)
        import_schools(page, watch)
        become_analyst(page, watch)
        assess(page, watch)
        read_results(page, watch)
        read_a_school(page, watch)
        compute_again_and_publish(page, watch)
        change_language(page, watch)


def sign_in(page: Page, watch: Watch, served) -> None:
    page.goto(served.origin)
    watch.check("landing-en")
    follow(page, page.get_by_role("main").get_by_role("link", name="Sign in"))
    page.get_by_label("E-mail").fill(served.email)
    page.get_by_label("Password").fill(served.password)
    follow(page, page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    watch.check("home-empty-en")


def import_schools(page: Page, watch: Watch) -> None:
    follow(page, page.get_by_role("link", name="Import evidence"))
    watch.check("import-en")
    schools = read_pack("schools").evidence["schools"]
    page.locator("select[name=dataset]").select_option("schools/schools")
    page.locator("input[type=file]").set_input_files(schools)
    page.locator("select[name=tree]").select_option("new")
    page.locator("input[name=new_tree]").fill("California")
    follow(page, page.locator("main form button[type=submit]"))
    expect(page.get_by_text("6,194").first).to_be_visible(timeout=LONG)
    watch.check("preview-en")
    follow(page, page.locator("form[action$='/freeze'] button"))
    expect(page.locator("#content-hash")).to_be_visible(timeout=LONG)
    watch.check("snapshot-en")


def become_analyst(page: Page, watch: Watch) -> None:
    """Whoever opened the tree as administrator grants the role that assesses."""
    page.goto("/".join(page.url.split("/")[:3]))
    follow(page, page.get_by_role("link", name="Name an analyst"))
    follow(page, page.get_by_role("link", name="Demo", exact=True).last)
    page.locator("select[name=role]").select_option("analyst")
    page.locator("select[name=tree]").select_option(label="California")
    follow(page, page.get_by_role("button", name="Grant"))
    expect(page.get_by_role("main").get_by_text("California").first).to_be_visible()
    watch.check("person-en")


def assess(page: Page, watch: Watch) -> None:
    follow(page, page.get_by_role("link", name="Assessments", exact=True))
    follow(page, page.get_by_role("link", name="New assessment").first)
    watch.check("new-assessment-en")
    page.get_by_label("Growth target met", exact=True).check()
    follow(page, page.get_by_role("button", name="Assess"))
    expect(page).to_have_url(ASSESSMENT)
    expect(page.get_by_role("heading", name="6,194 schools")).to_be_visible(timeout=LONG)


def read_results(page: Page, watch: Watch) -> None:
    watch.check("results-en")
    page.get_by_label("Search").fill("washington")
    expect(page).to_have_url(re.compile("text=washington"))
    watch.settle()
    found = page.locator("#table")
    expect(found).not_to_have_text("6,194 schools")
    page.locator("select[name=grade]").select_option("no")
    expect(page).to_have_url(re.compile("grade=no"))
    watch.check("results-filtered-en")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = download.value.path().read_text("utf-8").splitlines()
    assert rows[0].startswith("unit,name,")
    assert all("ashington" in row for row in rows[1:])
    follow(page, page.get_by_role("link", name="Areas"))
    watch.check("areas-en")


def read_a_school(page: Page, watch: Watch) -> None:
    follow(page, page.get_by_role("link", name="Results", exact=True))
    follow(page, page.locator("tbody th a").first)
    expect(page.get_by_role("heading", name="Place among its peers")).to_be_visible()
    watch.check("unit-en")
    page.locator("details summary").first.click()
    expect(page.locator("details table").first).to_be_visible()


def compute_again_and_publish(page: Page, watch: Watch) -> None:
    follow(page, page.locator(".breadcrumb a").first)
    follow(page, page.get_by_role("link", name="How was this computed?"))
    watch.check("computed-en")
    follow(page, page.get_by_role("button", name="Compute again now"))
    expect(page.get_by_text("Everything came out equal")).to_be_visible(timeout=LONG)
    follow(page, page.get_by_role("button", name="Sign off"))
    expect(page.get_by_text("Signed off by Demo")).to_be_visible()
    follow(page, page.get_by_role("button", name="Publish"))
    expect(page.get_by_text("Published by Demo")).to_be_visible(timeout=LONG)
    watch.check("computed-published-en")


def change_language(page: Page, watch: Watch) -> None:
    """Every page of the way speaks Chinese, in both scripts, where the reader chooses it."""
    addresses = {"home": "/", "assessments": "/assessments", "new-assessment": "/assessments/new"}
    origin = "/".join(page.url.split("/")[:3])
    addresses["computed"] = page.url.removeprefix(origin)
    addresses["results"] = addresses["computed"].removesuffix("/computed")
    addresses["areas"] = f"{addresses['results']}/areas"
    for code, heading in (("zh-hans", "评定"), ("zh-hant", "評定")):
        page.goto(f"{origin}/assessments")
        follow(page, page.locator(f"#languages button[value={code}]"))
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        for name, address in addresses.items():
            page.goto(f"{origin}{address}")
            watch.check(f"{name}-{code}")
        page.goto(f"{origin}{addresses['results']}")
        follow(page, page.locator("tbody th a").first)
        watch.check(f"unit-{code}")
