"""The page of an order: lines, steps, and what it says when they fail."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Product
from purchasing import ordering
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from tests.purchasing.conftest import line_of, text_of
from vendors.models import VendorProduct

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def post(client, order, step, data=None, **options):
    return client.post(reverse(step, args=[order.pk]), data or {}, **options)


@pytest.mark.parametrize("state", ["suggested", "submitted", "approved", "sent"])
def test_every_state_has_its_page(state, request, as_buyer):
    order = request.getfixturevalue(state)
    page = as_buyer.get(order.get_absolute_url())
    assert page.status_code == 200
    assert "Oat drink, barista 1 L" in text_of(page)
    assert "€116.40" in text_of(page)


def test_a_foreign_order_is_not_there(suggested, client, people):
    client.force_login(people.outsider)
    assert client.get(suggested.get_absolute_url()).status_code == 404
    assert post(client, suggested, "order_submission").status_code == 404


def test_a_viewer_reads_and_changes_nothing(suggested, client, people):
    client.force_login(people.viewer)
    page = client.get(suggested.get_absolute_url())
    assert "Submit for approval" not in text_of(page)
    assert b"packs-" not in page.content
    assert post(client, suggested, "order_submission").status_code == 403
    assert post(client, suggested, "order_lines").status_code == 403


def test_a_cell_is_saved_with_the_sums_around_it(suggested, steady, as_manager):
    line = line_of(suggested, steady)
    answer = post(
        as_manager,
        suggested,
        "order_lines",
        {f"packs-{line.pk}": "8", "seen": suggested.stamp},
        headers=HTMX,
    )
    assert answer.status_code == 200
    html = answer.content.decode()
    assert html.lstrip().startswith(f'<tr id="line-{line.pk}"')
    assert html.count("hx-swap-oob") == 3
    assert "€99.36" in text_of(answer)
    assert "Saved" in text_of(answer)
    assert 'name="seen" value="2-draft"' in html
    assert 'name="reason-' in html  # a changed line asks why
    line.refresh_from_db()
    assert line.quantity == 48


def test_a_line_above_a_thousand_is_saved(suggested, oats, as_manager):
    """Its number is a name in the form, without a comma for people."""
    line = line_of(suggested, oats)
    suggested.lines.filter(pk=line.pk).update(id=1_234_567)
    page = as_manager.get(suggested.get_absolute_url()).content.decode()
    assert 'name="packs-1234567"' in page
    assert "1,234,567" not in page


def test_a_reason_is_kept_when_the_packs_change(suggested, steady, as_manager, people):
    line = line_of(suggested, steady)
    ordering.change_line(
        suggested, line=line, quantity=Decimal(48), by=people.manager, reason="full"
    )
    post(as_manager, suggested, "order_lines", {f"packs-{line.pk}": "7"}, headers=HTMX)
    line.refresh_from_db()
    assert (line.quantity, line.reason) == (42, "full")


def test_the_whole_grid_is_saved_without_javascript(suggested, as_manager):
    packs = {f"packs-{line.pk}": "1" for line in suggested.lines.all()}
    answer = post(as_manager, suggested, "order_lines", packs)
    assert answer.status_code == 302
    quantities = suggested.lines.values_list("quantity", flat=True)
    assert sorted(quantities) == [6, 12]
    assert PurchaseOrder.objects.get().version == 2


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "many"])
def test_what_is_no_number_of_packs_stays_as_typed(
    suggested, steady, as_manager, typed
):
    line = line_of(suggested, steady)
    answer = post(
        as_manager,
        suggested,
        "order_lines",
        {f"packs-{line.pk}": typed},
        headers=HTMX,
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'value="{typed}"' in html
    assert 'aria-invalid="true"' in html
    line.refresh_from_db()
    assert line.quantity == 60


def test_a_manager_cannot_change_the_cost(suggested, steady, as_manager):
    line = line_of(suggested, steady)
    post(
        as_manager,
        suggested,
        "order_lines",
        {f"packs-{line.pk}": "8", "unit_cost": "0.01", f"unit_cost-{line.pk}": "0.01"},
    )
    line.refresh_from_db()
    assert line.unit_cost == Decimal("1.42")


def test_case_32_a_stale_cell_gets_a_409_that_says_who(
    suggested, steady, oats, as_manager, people
):
    seen = suggested.stamp
    ordering.change_line(
        suggested, line=line_of(suggested, oats), quantity=Decimal(12), by=people.buyer
    )
    line = line_of(suggested, steady)
    answer = post(
        as_manager,
        suggested,
        "order_lines",
        {f"packs-{line.pk}": "8", "seen": seen},
        headers=HTMX,
    )
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#order-notice"
    assert "by Buyer (buyer)" in text_of(answer)
    assert "24 → 12" in text_of(answer)


def test_what_stands_in_the_grid_is_submitted(suggested, steady, as_manager):
    line = line_of(suggested, steady)
    data = {f"packs-{line.pk}": "9", "seen": suggested.stamp}
    assert post(as_manager, suggested, "order_submission", data).status_code == 302
    order = PurchaseOrder.objects.get()
    assert order.state == "submitted"
    assert line_of(order, steady).quantity == 54


def test_an_empty_order_says_why_it_is_not_submitted(suggested, as_manager):
    packs = {f"packs-{line.pk}": "0" for line in suggested.lines.all()}
    answer = post(as_manager, suggested, "order_submission", packs)
    assert answer.status_code == 422
    assert "every line is at 0" in text_of(answer)


def test_case_31_the_second_approval_is_a_409(submitted, as_buyer, people):
    ordering.approve(submitted, by=people.admin, version=1)
    answer = post(as_buyer, submitted, "order_approval", {"version": "1"})
    assert answer.status_code == 409
    assert "Approved by Admin (admin)" in text_of(answer)


def test_case_33_above_the_limit_is_a_403_that_names_who_may(
    submitted, as_buyer, people
):
    people.buyer.approval_limit = 100
    people.buyer.save()
    answer = post(as_buyer, submitted, "order_approval", {"version": "1"})
    assert answer.status_code == 403
    assert "Ask Admin (admin)" in text_of(answer)


def test_case_34_new_costs_must_be_seen_before_approving(submitted, steady, as_buyer):
    VendorProduct.objects.filter(product=steady).update(cost="1.60")
    answer = post(as_buyer, submitted, "order_approval", {"version": "1"})
    assert answer.status_code == 422
    data = {"version": "1", "costs_seen": "1"}
    assert post(as_buyer, submitted, "order_approval", data).status_code == 302
    assert PurchaseOrder.objects.get().state == "approved"


def test_a_manager_does_not_approve(submitted, as_manager):
    assert post(as_manager, submitted, "order_approval").status_code == 403


def test_sending_back_asks_for_the_reason(submitted, as_buyer):
    assert post(as_buyer, submitted, "order_return", {"reason": ""}).status_code == 422
    post(as_buyer, submitted, "order_return", {"reason": "Too many oats"})
    page = as_buyer.get(submitted.get_absolute_url())
    assert "Sent back: Too many oats" in text_of(page)


def test_the_mail_is_shown_before_it_is_sent(approved, as_buyer):
    shown = as_buyer.get(reverse("order_mail", args=[approved.pk]))
    assert "orders@near.example" in text_of(shown)
    assert not approved.mails.exists()
    post(as_buyer, approved, "order_mail", {"seen": approved.stamp})
    assert approved.mails.get().state == "waiting"
    page = as_buyer.get(approved.get_absolute_url())
    assert "The mail is about to go out" in text_of(page)


def test_a_page_that_waits_for_the_mail_is_renewed_once_it_went(approved, as_buyer):
    post(as_buyer, approved, "order_mail")
    url = approved.get_absolute_url()
    waiting = as_buyer.get(url, {"seen": approved.stamp}, headers=HTMX)
    assert f"{url}?seen={approved.stamp}" in waiting.content.decode()
    ordering.mark_sent(approved, by=None)
    gone = as_buyer.get(url, {"seen": approved.stamp}, headers=HTMX)
    assert gone["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("state", "words"),
    [("uncertain", "could not confirm"), ("failed", "came back")],
)
def test_mail_that_did_not_go_is_told(approved, as_buyer, state, words):
    post(as_buyer, approved, "order_mail")
    approved.mails.update(state=state, answer="550 No")
    page = as_buyer.get(approved.get_absolute_url())
    assert words in text_of(page)
    assert "Send again" in text_of(page)
    post(as_buyer, approved, "order_mail")
    assert approved.mails.get().state == "waiting"


@pytest.mark.parametrize(
    "step", ["order_sent", "order_mail", "order_return", "order_cancellation"]
)
def test_a_step_asks_in_a_dialog_and_on_a_page(approved, as_buyer, step):
    url = reverse(step, args=[approved.pk])
    page, dialog = as_buyer.get(url), as_buyer.get(url, headers=HTMX)
    assert b"<html" in page.content
    assert b"<html" not in dialog.content
    assert b'id="dialog-title"' in dialog.content


def test_the_vendors_day_is_typed_in(sent, as_buyer):
    early = {"confirmed_on": "2001-01-01"}
    assert post(as_buyer, sent, "order_confirmation", early).status_code == 422
    day = sent.today.isoformat()
    assert post(as_buyer, sent, "order_confirmation", {"confirmed_on": day})
    sent.refresh_from_db()
    assert sent.state == "confirmed"


def test_a_manager_throws_a_draft_away_but_no_sent_order(suggested, as_manager, people):
    order = ordering.submit(suggested, by=people.manager)
    order = ordering.approve(order, by=people.buyer, version=1)
    assert post(as_manager, order, "order_cancellation").status_code == 403
    order = ordering.send_back(order, reason="no", by=people.buyer)
    assert post(as_manager, order, "order_cancellation").status_code == 302
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_a_product_is_added_by_packs(suggested, near, as_manager):
    tea = Product.objects.create(sku="TE-1", name="Mint tea")
    offer = VendorProduct.objects.create(
        vendor=near, product=tea, cost="2.00", case_pack=5
    )
    form = as_manager.get(reverse("order_line_add", args=[suggested.pk]))
    assert "Mint tea (TE-1), packs of 5" in form.content.decode()
    assert "Oat drink" not in text_of(form)  # on the order already
    data = {"offer": offer.pk, "packs": "2"}
    assert post(as_manager, suggested, "order_line_add", data).status_code == 302
    assert line_of(suggested, tea).quantity == 10


def test_an_order_is_started_by_hand(near, old_town, as_manager):
    data = {"vendor": near.pk, "location": old_town.pk}
    answer = as_manager.post(reverse("order_add"), data)
    order = PurchaseOrder.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    assert "Nothing is on this order yet" in text_of(as_manager.get(answer["Location"]))


def test_an_order_for_a_foreign_location_is_not_started(near, harbour, as_manager):
    data = {"vendor": near.pk, "location": harbour.pk}
    assert as_manager.post(reverse("order_add"), data).status_code == 422


def test_files_are_for_download(approved, as_buyer):
    pdf = as_buyer.get(reverse("order_pdf", args=[approved.pk]))
    table = as_buyer.get(reverse("order_csv", args=[approved.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert approved.number in pdf["Content-Disposition"]
    assert b"GR-1042" in table.content


@pytest.mark.parametrize("state", ["suggested", "submitted", "approved", "sent"])
def test_queries_do_not_grow_with_the_lines(
    state, request, as_buyer, near, django_assert_max_num_queries
):
    order = request.getfixturevalue(state)
    for place in range(60):
        product = Product.objects.create(sku=f"S-{place}", name=f"Product {place}")
        VendorProduct.objects.create(vendor=near, product=product, cost="1")
        PurchaseOrderLine.objects.create(
            order=order, product=product, quantity=1, unit_cost="1"
        )
    with django_assert_max_num_queries(12):
        assert as_buyer.get(order.get_absolute_url()).status_code == 200
