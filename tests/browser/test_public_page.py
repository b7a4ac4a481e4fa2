"""What the public sees, in the language its browser asks for."""

import pytest
from playwright.sync_api import expect
from tests.support.browser import open_browser
from tests.support.page_checks import Watch


@pytest.mark.parametrize(
    ("locale", "heading"),
    [("zh-CN", "公共工作，经得起试金石检验"), ("zh-TW", "公共工作，經得起試金石檢驗")],
)
def test_the_public_page_speaks_the_language_of_the_browser(served, pictures, locale, heading):
    """Nobody has to find the menu of languages first."""
    with open_browser(locale=locale) as browser:
        page = browser.pages[0]
        watch = Watch(page, pictures)
        page.goto(served.origin)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        watch.check(f"landing-{locale}")
        page.goto(f"{served.origin}/sign-in")
        watch.check(f"sign-in-{locale}")
