"""What every template and static file keeps to, whoever wrote it."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline style": r"\sstyle=",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "inline handler": r"\son\w+=\"",
    "hx-on": r"hx-on",
    "script in hx-vals": r"\"js:|'js:",
    "event filter": r"hx-trigger=\"(?:[^\"]*, )?[\w:]+\[",
    "unescaped data": r"\|safe|autoescape off",
    "dead link": r"href=\"#\"",
}


def zipped(path):
    return len(gzip.compress(path.read_bytes(), 9))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_template_keeps_the_content_security_policy(template):
    text = template.read_text()
    assert [name for name, bad in FORBIDDEN.items() if re.search(bad, text)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_template_is_short_and_says_its_context(template):
    text = template.read_text()
    assert text.count("\n") <= 150
    assert template.name == "500.html" or text.startswith("{# context:")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_every_hx_get_has_the_same_href(template):
    for tag in re.findall(r"<(?:a|button)\b[^>]*hx-get=[^>]*>", template.read_text()):
        target = re.search(r'hx-get="([^"]*)"', tag).group(1)
        assert f'href="{target}' in tag


def test_icons_in_use_are_in_the_sprite():
    sprite = (STATIC / "vendor/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    words = (ROOT / "jit_backoffice/words.py").read_text()
    used = set(re.findall(r'StateWord\("[^"]+", "([^"]+)"', words))
    for template in TEMPLATES:
        used |= set(re.findall(r'{% icon "([^"]+)"', template.read_text()))
    assert used - known == set()


def test_vendored_files_are_what_the_manifest_says():
    manifest = json.loads((STATIC / "vendor/manifest.json").read_text())
    for name, entry in manifest.items():
        digest = hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest()
        assert digest == entry["sha256"], name


def test_styles_and_scripts_stay_small():
    htmx = ROOT.glob(".venv/**/django_htmx/static/django_htmx/htmx-2.min.js")
    scripts = [STATIC / "app.js", STATIC / "theme.js", *htmx]
    assert sum(map(zipped, scripts)) <= 55_000
    styles = [STATIC / "vendor/bootstrap.min.css", STATIC / "app.css"]
    assert sum(map(zipped, styles)) <= 40_000
