"""Files under their digest: whole or absent, the same one twice at once, leftovers of a kill, permissions."""

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.kept_files import KeptFiles


def test_a_file_is_kept_under_its_digest_for_its_owner_alone(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path / "attachments")
    digest = files.keep(b"photo")
    assert digest == hashlib.sha256(b"photo").hexdigest()
    assert list(files.digests()) == [digest]
    assert files.content(digest) == b"photo"
    path = tmp_path / "attachments" / digest[:2] / digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o600)
    path.write_bytes(b"other")
    assert files.content(digest) is None
    files.remove(digest)
    files.remove(digest)
    assert (files.there(digest), list(files.digests())) == (False, [])


def test_one_that_is_kept_again_counts_as_fresh(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path)
    before = files.stamp(files.keep(b"photo"))
    assert files.stamp(files.keep(b"photo")) != before


def test_the_same_photo_from_many_at_once(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(files.keep, [b"photo" * 10_000] * 64))
    assert [files.content(digest) for digest in digests] == [b"photo" * 10_000]


def test_what_a_killed_process_left_is_removed_once_it_is_old(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path)
    digest = files.keep(b"photo")
    left = tmp_path / digest[:2] / f".{digest}.1.tmp"
    left.write_bytes(b"half")
    files.remove_leftovers(left.stat().st_mtime_ns)
    assert left.exists()
    os.utime(left, (0, 0))
    files.remove_leftovers(1)
    assert not left.exists()
    assert files.there(digest)


def test_what_is_no_digest_leads_nowhere(tmp_path: Path) -> None:
    for name in ("", "../secret.key", "A" * 64, "a" * 63):
        with pytest.raises(ValueError, match="64"):
            KeptFiles(tmp_path).there(name)


def test_a_disk_that_refuses_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("a file in the way")
    with pytest.raises(YunnaoError, match="写不了"):
        KeptFiles(tmp_path / "attachments").keep(b"photo")
