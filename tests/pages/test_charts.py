"""Charts: what is drawn where."""

import datetime as dt

from jit_backoffice import charts

TODAY = dt.date(2026, 11, 23)


def days(count):
    return [TODAY + dt.timedelta(days=n) for n in range(count)]


def bands(values):
    spread = [max(v - 2, 0) for v in values], [v + 2 for v in values]
    return charts.Bands(days(len(values)), values, *spread, *spread, *spread)


def project(**changes):
    terms = {
        "history": [(TODAY - dt.timedelta(days=n), 30.0 + n) for n in (10, 5, 0)],
        "today": TODAY,
        "with_order": bands([30.0, 20.0, 50.0, 40.0]),
        "without_order": [30.0, 20.0, 10.0, 0.0],
        "deliveries": [(TODAY + dt.timedelta(days=2), 30)],
        "next_delivery": None,
        "reorder_point": 52.0,
    }
    return charts.stock_projection(**(terms | changes))


def test_stock_rises_at_once_on_the_day_of_a_delivery():
    corners = project().median.split("L")
    same_day = [corner.split()[0] for corner in corners]
    assert len(same_day) > len(set(same_day))


def test_scale_holds_the_highest_band_and_the_reorder_point():
    chart = project()
    assert chart.plot.ceiling >= 52
    assert chart.plot.top <= chart.reorder.y <= chart.plot.floor_y


def test_words_of_close_deliveries_do_not_cover_each_other():
    soon = [(TODAY + dt.timedelta(days=n), 12) for n in (1, 2)]
    far = project(history=[(TODAY - dt.timedelta(days=200), 30.0)], deliveries=soon)
    assert [mark.label for mark in far.deliveries] == ["+12", ""]


def test_cover_bar_is_red_when_the_median_ends_before_the_delivery():
    assert charts.cover_bar(1, 2, 4, next_delivery_days=7).colour == "red"
    assert charts.cover_bar(5, 9, 14, next_delivery_days=7).colour == "amber"
    assert charts.cover_bar(9, 12, 15, next_delivery_days=7).colour == "green"


def test_cover_bar_needs_a_known_stock():
    assert charts.cover_bar(None, None, None, next_delivery_days=7) is None


def test_period_above_its_level_stands_out_and_a_censored_one_is_hatched():
    chart = charts.interval_bars([4, 9, 3], [False, False, True], level=8, mean=5)
    assert [bar.name for bar in chart.bars] == ["bar", "bar-over", "bar-hatch"]


def test_demand_chart_of_nothing_is_no_chart():
    assert charts.demand_chart(history=[]) is None


def test_meter_parts_stand_side_by_side():
    meter = charts.meter([(50, "must"), (30, "should")], goal=100, total=100)
    assert [box.x for box in meter.parts] == [0, 200]
    assert meter.goal_x == 400


def test_words_of_a_shade_do_not_cover_today():
    weeks = [(TODAY - dt.timedelta(days=7 * n), 5.0) for n in range(26, -1, -1)]

    def label(days_ago):
        first = TODAY - dt.timedelta(days=days_ago)
        shade = charts.Shade(first, first, "out of stock", "red")
        chart = charts.demand_chart(
            history=weeks, forecast=bands([5.0, 5.0]), shades=[shade]
        )
        return chart.shades[0].label

    assert (label(3), label(120)) == ("", "out of stock")
