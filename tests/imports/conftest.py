import pytest

from tests.imports.wizard import sign_in


@pytest.fixture
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(client, people, old_town):
    return sign_in(client, people.admin)
