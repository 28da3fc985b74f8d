"""An archive, as the Library of Congress' bagit sees it."""

import shutil

import bagit
import pytest
from conftest import JUDGE

ARCHIVES = [JUDGE / "signed-archive", JUDGE / "signed-archive-bodies"]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ARCHIVES[0], tmp_path / "bag")
    return tmp_path / "bag"


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name)
def test_bagit_calls_the_bag_valid(archive):
    bag = bagit.Bag(str(archive))
    bag.validate()
    assert bag.info["Source-Organization"] == "清镇市人民政府办公室"
    assert {path for path in bag.payload_files() if "preview" not in path} == {
        f"data/{name}"
        for name in [
            "qingzhen-2023.pdf",
            "qingzhen-2023.docx",
            "qingzhen-2023.json",
            "check.json",
            "metadata.json",
            "provenance.json",
        ]
    }


def test_bagit_finds_what_was_changed(copy):
    checks = copy / "data" / "check.json"
    # Of the same length: the sum of all lengths is looked at first.
    checks.write_bytes(checks.read_bytes().replace(b"{", b"[", 1))
    with pytest.raises(bagit.BagValidationError, match="check.json"):
        bagit.Bag(str(copy)).validate()
