"""Where verifications are kept: whole files, and no empty folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from consilience.errors import StorageError
from consilience.runs.verifications import VerificationFolder, verifications_path


def test_what_is_kept_stays_and_an_empty_folder_goes(tmp_path: Path) -> None:
    kept, empty = (VerificationFolder.create(tmp_path, "Mulching reduces erosion") for _ in range(2))
    assert kept.id != empty.id
    assert "mulching-reduces-erosion" in kept.id
    kept.keep(1, "{}\n")
    kept.close()
    empty.close()
    assert [f.name for f in verifications_path(tmp_path).iterdir()] == [kept.id]
    assert [(f.name, f.read_text()) for f in kept.folder.iterdir()] == [("claim-00001.json", "{}\n")]


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, no folder")
    with pytest.raises(StorageError, match="cannot write"):
        VerificationFolder.create(tmp_path / "home", "Mulching reduces erosion")
