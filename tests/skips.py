"""Skips are loud, and where CI=true they fail the run."""

import os

skipped = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        note(report)


def pytest_collectreport(report):
    if report.skipped:
        note(report)


def note(report):
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"
    skipped.append(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")


def pytest_sessionfinish(session, exitstatus):
    if skipped and exitstatus == 0 and os.environ.get("CI") == "true":
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if not skipped:
        return
    terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
    for line in skipped:
        terminalreporter.line(line, red=True)
    if os.environ.get("CI") == "true":
        terminalreporter.line("With CI=true a skipped test fails the run.", red=True)
