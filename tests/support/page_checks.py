"""What holds for every page, checked in a real browser.

One main heading, a name for everything that can be used, no fault in the console, nothing refused
by the security policy, and no scrolling sideways on a phone.
"""

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page
from tests.support.browser import DESKTOP, PHONE

PATIENCE_MS = 20_000
STEP_MS = 100
# Pictures come after the page; until then nothing is finished.
UNFINISHED = """
() => document.querySelectorAll('[hx-trigger="load"]').length
    + [...document.querySelectorAll("figure[data-chart]")]
        .filter(figure => !["drawn", "failed"].includes(figure.dataset.chart)).length
"""
FAULTS = """
() => {
  const faults = [];
  const shown = element => element.getClientRects().length > 0;
  const named = element => (element.getAttribute("aria-label") ?? element.textContent).trim() !== ""
    || element.hasAttribute("aria-labelledby") || (element.labels?.length ?? 0) > 0;
  const where = element => element.outerHTML.slice(0, 120);
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`${headings} main headings`);
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  if (document.querySelectorAll("main").length !== 1) faults.push("not one main part");
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  if (twice.length) faults.push(`ids that stand twice: ${twice}`);
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!named(field)) faults.push(`no label: ${where(field)}`);
  }
  for (const used of document.querySelectorAll("a[href], button, summary, progress")) {
    if (shown(used) && !named(used)) faults.push(`no name: ${where(used)}`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) {
    faults.push(`no alternative text: ${where(image)}`);
  }
  for (const drawing of document.querySelectorAll("[role=img]")) {
    if (!drawing.getAttribute("aria-label")) faults.push(`no alternative: ${where(drawing)}`);
  }
  for (const head of document.querySelectorAll("table th:not([scope])")) {
    faults.push(`a head that says not of what: ${where(head)}`);
  }
  for (const labelled of document.querySelectorAll("[aria-labelledby]")) {
    const names = labelled.getAttribute("aria-labelledby").split(" ");
    const isFound = names.every(id => document.getElementById(id));
    if (!isFound) faults.push(`a lost name: ${where(labelled)}`);
  }
  for (const failed of document.querySelectorAll('figure[data-chart="failed"]')) {
    faults.push(`not drawn: ${where(failed)}`);
  }
  return faults;
}
"""
WIDER_THAN_ITS_WINDOW = """
() => document.documentElement.scrollWidth > window.innerWidth
  ? [...document.querySelectorAll("main *")]
      .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map(element => element.outerHTML.slice(0, 120)).slice(0, 3)
  : []
"""


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and wait for that page."""
    with page.expect_navigation():
        link.click()


class Watch:
    """Looks over the shoulder of one page, from its opening on."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page = page
        self.pictures = pictures
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    def check(self, name: str) -> None:
        """Hold the page as it stands against all rules, and keep a picture at both sizes."""
        self.settle()
        faults = list(self.page.evaluate(FAULTS))
        for label, (width, height) in (("wide", DESKTOP), ("phone", PHONE)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(2 * STEP_MS)
            self.page.screenshot(path=self.pictures / f"{name}-{label}.png", full_page=True)
            faults += [
                f"{label}: too wide: {part}" for part in self.page.evaluate(WIDER_THAN_ITS_WINDOW)
            ]
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        assert (name, faults, self.complaints) == (name, [], [])

    def settle(self) -> None:
        """Wait until the page is whole and all its pictures are drawn."""
        self.page.wait_for_load_state("load")
        for _ in range(PATIENCE_MS // STEP_MS):
            if self.page.evaluate(UNFINISHED) == 0:
                return
            self.page.wait_for_timeout(STEP_MS)
        raise AssertionError(f"{self.page.url} is not finished")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)
