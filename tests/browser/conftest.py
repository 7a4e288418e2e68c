"""A real browser: the system's Chromium, driven by Playwright."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from jit_backoffice.first_start import DEMO_KEY, DEMO_KIND, demo_sign_ins
from jobs.running import run_now
from tests.conftest import PASSWORD

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("No Chromium here. Install it: apt-get install chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop here
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(SWITCHES)
        )
        yield browser
        browser.close()


class Visitor:
    """One person at one screen; knows the site, and what a page must never do."""

    def __init__(self, browser, base, **context):
        self.base = base
        self.context = browser.new_context(**context)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.clicks = 0
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self, email, password=PASSWORD):
        self.page.goto(f"{self.base}/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def open(self, path):
        self.page.goto(f"{self.base}{path}")

    def click(self, selector):
        self.clicks += 1
        self.page.locator(selector).first.click()

    def check(self):
        """No CSP violation, no script error, nothing that axe finds."""
        self.page.wait_for_load_state("networkidle")
        assert self.page.evaluate("window.violations") == []
        assert self.errors == []
        found = Axe().run(self.page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()

    def overflow(self):
        """Pixels by which the page is wider than the screen."""
        wide = "document.documentElement.scrollWidth - window.innerWidth"
        return max(self.page.evaluate(wide), 0)


@pytest.fixture
def visit(chromium, live_server):
    visitors = []

    def start(**context):
        context.setdefault("viewport", {"width": 1440, "height": 900})
        visitor = Visitor(chromium, live_server.url, **context)
        visitors.append(visitor)
        return visitor

    yield start
    for visitor in visitors:
        visitor.context.close()


@pytest.fixture
def demo_shop(transactional_db, settings, tmp_path):
    """A small demo shop up to yesterday, and the password of its people."""
    settings.MAILERS = {"default": {"BACKEND": "accounts.mailbox.MailboxBackend"}}
    settings.MEDIA_ROOT = tmp_path
    size = {"items": 48, "days": 200, "receipt_days": 10, "ledger_days": 30}
    run_now(DEMO_KIND, key=DEMO_KEY, arguments={"size": size})
    return demo_sign_ins()
