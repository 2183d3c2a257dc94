"""One profile of LibreOffice for all tests of this folder, which only ``make test-office`` runs."""

import pytest

from tests.office.soffice import COMMAND, Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    if COMMAND is None:
        pytest.fail("soffice is not on the PATH: make office-system installs Debian's libreoffice-writer-nogui")
    return Office(tmp_path_factory.mktemp("office"))
