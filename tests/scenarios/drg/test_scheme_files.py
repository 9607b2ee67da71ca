"""A scheme's folder: what it may hold, in which encodings, and how it is refused."""

import shutil
from pathlib import Path

import pytest

from tests.capabilities.drg.published import FOLDER, SCHEMES, needs_published
from yunnao.kernel.errors import DefinitionError
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme, read_scheme


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "scheme"
    shutil.copytree(SAMPLE_SCHEME, target)
    return target


@needs_published
@pytest.mark.parametrize(("name", "groups"), [*zip(SCHEMES, (628, 682), strict=True)])
def test_published_schemes_load(name: str, groups: int) -> None:
    scheme = load_scheme(FOLDER / name)
    assert (len(scheme.mdcs), len(scheme.groups)) == (26, groups)


def test_the_sample_says_that_it_is_invented() -> None:
    scheme = load_scheme(SAMPLE_SCHEME)
    assert "虚构" in scheme.title
    assert all(drg.code.startswith("X") and drg.title.startswith("示例") for drg in scheme.groups)


def test_encodings_of_offices_make_no_difference(folder: Path) -> None:
    first = load_scheme(folder)
    for name, encoding in (("drgs.csv", "gb18030"), ("mdcs.csv", "utf-8-sig")):
        text = (folder / name).read_text(encoding="utf-8").replace("\n", "\r\n")
        (folder / name).write_bytes(text.encode(encoding))
    assert load_scheme(folder).digest == first.digest


def test_files_that_are_missing_or_unknown(folder: Path) -> None:
    (folder / "drgs.csv").rename(folder / "drg.csv")
    said = [str(finding) for finding in read_scheme(folder).findings]
    assert said == ["drg.csv：不认识的文件；请检查文件名，或移出这个文件夹"]
    (folder / "drg.csv").unlink()
    with pytest.raises(DefinitionError, match=r"drgs.csv：没有这张表"):
        load_scheme(folder)
    (folder / "drgs.csv").write_text("")
    with pytest.raises(DefinitionError, match=r"drgs.csv：缺少列 adrg"):
        load_scheme(folder)


def test_an_edition_that_is_a_number_is_refused_with_what_to_do(folder: Path) -> None:
    (folder / "scheme.yaml").write_text("edition: 2024\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="edition：应是文字（数字请加引号）"):
        read_scheme(folder)


def test_a_newer_vocabulary_is_refused(folder: Path) -> None:
    (folder / "scheme.yaml").write_text("vocabulary: 2\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="请升级云脑"):
        load_scheme(folder)
    (folder / "scheme.yaml").write_text("vocabularies: 1\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="没有这个键"):
        load_scheme(folder)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="没有这个文件夹"):
        load_scheme(tmp_path / "nowhere")
