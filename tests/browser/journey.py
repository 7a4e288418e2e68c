"""A newcomer's first five minutes in the demo shop, from alert to full shelf.

``walk`` takes a Visitor of any running site, so that the same steps prove a test server
and a site that was started by hand.
"""

import re

AMOUNT = re.compile(r"[\d,]+\.\d\d")
BUYERS_LIMIT = 900


def number(text):
    return float(text.strip().replace(",", "").replace("−", "-").replace("–", "0"))


def walk(visitor, work, seen=lambda name: None):
    """Low stock → why → change → submit → approve → send → mail → receive.

    ``work`` lets background work happen; ``seen`` is told when a step is on the screen.
    """
    play(visitor, "store manager")
    seen("01-dashboard")
    visitor.click("a.tile:has-text('Runs out before')")
    visitor.page.wait_for_url("**/low-stock/**")
    seen("02-low-stock")
    visitor.click("table.list a[href$='/why/']")
    visitor.page.wait_for_selector("#panel h2:has-text('Why')")
    seen("03-why")
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_selector("#panel > *", state="detached")
    visitor.click("a:has-text('Review suggested orders')")
    choose_order(visitor)
    change_first_line(visitor)
    seen("04-changed")
    product, ordered = first_line(visitor)
    visitor.click("button:has-text('Submit for approval')")
    visitor.page.wait_for_selector(".chip:has-text('Waiting for approval')")
    seen("05-submitted")
    order = visitor.page.url
    before = on_hand(visitor, product)
    sign_out(visitor)

    play(visitor, "buyer")
    visitor.click("nav >> text=Approvals")
    visitor.click(f"a.approval-entry[href*='/{order.rstrip('/').split('/')[-1]}/']")
    visitor.page.wait_for_selector("a.approval-entry.selected")
    seen("06-approval")
    visitor.click("button:has-text('Approve €')")
    visitor.page.wait_for_load_state()
    visitor.page.goto(order)
    visitor.click("a:has-text('Send to')")
    visitor.page.wait_for_selector("dialog[open]")
    seen("07-send")
    visitor.click("dialog button:has-text('Send order')")
    visitor.page.wait_for_load_state()
    work()
    read_mail(visitor, order, seen)
    visitor.page.goto(order)
    visitor.click("a:has-text('Receive')")
    visitor.click("button:has-text('All as ordered')")
    visitor.page.wait_for_selector("button:has-text('Book '):not(:has-text('what'))")
    seen("09-receiving")
    visitor.page.wait_for_load_state("networkidle")
    visitor.click("button:has-text('Book ')")
    visitor.page.wait_for_load_state("networkidle")
    seen("10-received")
    after = on_hand(visitor, product)
    seen("11-stock-risen")
    assert after == before + ordered, f"{before} and {ordered} are not {after}"


def play(visitor, role):
    visitor.open("/accounts/login/")
    visitor.click(f"button:has-text('As {role}')")
    visitor.page.wait_for_url(lambda url: "/accounts/" not in url)


def sign_out(visitor):
    visitor.click("details.person summary")
    visitor.click("details.person button:has-text('Sign out')")
    visitor.page.wait_for_load_state()


def choose_order(visitor):
    """The first order that the buyer may approve alone."""
    visitor.page.wait_for_url("**/suggested-orders/")
    for row in visitor.page.locator("tr[id^=order-]").all():
        total = number(row.locator("td[data-label=Total]").inner_text())
        if total < BUYERS_LIMIT:
            visitor.clicks += 1
            row.locator("td.name a").click()
            visitor.page.wait_for_selector("tr[id^=line-]")
            return
    raise AssertionError("Every suggested order is above the buyer's limit.")


def change_first_line(visitor):
    """One pack more, and why."""
    field = visitor.page.locator("input[data-grid=packs]").first
    packs = int(field.input_value()) + 1
    field.fill(str(packs))
    visitor.clicks += 1
    field.press("Enter")
    reason = visitor.page.locator("input.reason-input").first
    reason.fill("Window display")
    reason.press("Tab")
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.wait_for_selector("#order-foot:has-text('Saved')")
    saved = visitor.page.locator("input[data-grid=packs]").first.input_value()
    assert saved == str(packs)


def first_line(visitor):
    """Address of the first line's product, and the units ordered of it."""
    row = visitor.page.locator("tr[id^=line-]").first
    units = row.locator(".in-units b").inner_text()
    return row.locator("td.name a").first.get_attribute("href"), number(units)


def on_hand(visitor, product):
    visitor.open(product)
    visitor.page.wait_for_load_state("networkidle")
    facts = visitor.page.locator(".fact-strip div:has(dt:text-is('On hand')) dd").first
    return number(facts.inner_text())


def read_mail(visitor, order, seen):
    visitor.click("nav >> text=Mailbox")
    pk = int(order.rstrip("/").split("/")[-1])
    visitor.click(f"td.name a:has-text('PO-{1000 + pk}')")
    visitor.page.wait_for_selector("a:has-text('.pdf')")
    seen("08-mail")
    address = visitor.page.locator("a:has-text('.pdf')").first.get_attribute("href")
    answer = visitor.page.request.get(f"{visitor.base}{address}")
    assert answer.body().startswith(b"%PDF")
