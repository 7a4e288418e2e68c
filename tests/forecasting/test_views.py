import datetime as dt

import pytest
import time_machine

from forecasting.models import PolicyDefaults
from forecasting.weeks import demand_of
from jit_backoffice import nightly
from sales.models import StockoutSpell
from tests.conftest import PASSWORD
from tests.forecasting.shop import LAST, sell

THE_DAY_AFTER = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
CHANGED = {
    "lead_time_days": "3",
    "review_period_days": "7",
    "target_fill_rate": "0.95",
    "holding_cost_rate": "0.2",
    "order_cost": "12",
}


@pytest.fixture
def sign_in(client, people):
    def as_person(name):
        assert client.login(email=f"{name}@example.com", password=PASSWORD)
        return client

    return as_person


@pytest.fixture
def planned(steady, old_town, people):
    sell(steady, old_town, [4] * 100)
    nightly.run_by_hand(LAST)
    return steady


def test_reading_defaults_writes_nothing(sign_in):
    page = sign_in("admin").get("/defaults/")
    assert page.status_code == 200
    assert not PolicyDefaults.objects.exists()


def test_admin_changes_the_defaults(sign_in):
    answer = sign_in("admin").post("/defaults/", CHANGED)
    assert answer.status_code == 302
    assert PolicyDefaults.load().terms.lead_time_days == 3


def test_wrong_default_is_said_in_words_and_kept(sign_in):
    wrong = {**CHANGED, "target_fill_rate": "2"}
    answer = sign_in("admin").post("/defaults/", wrong)
    assert answer.status_code == 422
    assert "Type a number from 0.5 to 0.9999." in answer.text
    assert 'value="2"' in answer.text


@pytest.mark.parametrize("name", ["viewer", "manager", "buyer"])
def test_others_may_not_change_the_defaults(sign_in, name):
    assert sign_in(name).post("/defaults/", CHANGED).status_code == 403


@pytest.mark.parametrize("card", ["demand", "policy"])
def test_cards_of_the_product_page(sign_in, planned, old_town, card):
    at = f"/products/{planned.pk}/{card}/?location={old_town.pk}"
    client = sign_in("manager")
    page, part = client.get(at), client.get(at, headers={"HX-Request": "true"})
    assert "<html" in page.text
    assert "<html" not in part.text
    assert part.text.strip() in page.text


@pytest.mark.parametrize("card", ["demand", "policy"])
def test_foreign_location_is_not_found(sign_in, planned, old_town, card):
    at = f"/products/{planned.pk}/{card}/?location={old_town.pk}"
    assert sign_in("outsider").get(at).status_code == 404


@pytest.mark.parametrize("card", ["demand", "policy"])
def test_product_that_never_sold_has_cards_that_say_so(sign_in, lumpy, card):
    answer = sign_in("manager").get(f"/products/{lumpy.pk}/{card}/")
    assert answer.status_code == 200
    assert "Nothing was sold" in answer.text or "No forecast yet" in answer.text


def test_policy_names_where_the_lead_time_comes_from(sign_in, planned):
    answer = sign_in("manager").get(f"/products/{planned.pk}/policy/")
    assert "of the vendor" in answer.text


def test_week_out_of_stock_shows_what_would_have_sold(planned, old_town):
    StockoutSpell.objects.create(
        product=planned,
        location=old_town,
        first_date=LAST - dt.timedelta(days=3),
        last_date=LAST,
        source="imported",
    )
    planned.daily_sales.filter(business_date__gt=LAST - dt.timedelta(days=4)).delete()
    plan = planned.plans.get()
    demand = demand_of(planned, old_town, plan, 4)
    newest = demand.past[-1]
    assert (newest.sold, newest.would_have_sold, newest.out_days) == (12, 28, 4)
    assert [shade.name for shade in demand.chart.shades] == ["shade-red"]
    assert "16 more would have sold" in demand.sentence
    assert (demand.ahead[0].last - plan.as_of).days == 7


def test_weeks_before_the_first_sale_are_not_shown(steady, old_town):
    sell(steady, old_town, [4] * 17)
    with time_machine.travel(THE_DAY_AFTER, tick=False):
        past = demand_of(steady, old_town, None, 26).past
    assert sum(week.sold for week in past) <= 17 * 4
    assert len(past) <= 4
