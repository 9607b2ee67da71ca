"""Every page of the dictionary: well-formed, whole, escaped, closed to the network; and the folder it stands in."""

import datetime as dt
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.web.html_page import Page
from tests.web.small_scenario import AS_OF, DISTRICT, HOSTILE, policy, scenario
from yunnao.kernel.errors import YunnaoError
from yunnao.web.dictionary import script_json, write_dictionary
from yunnao.web.languages import language_of

POLICIES = ("hiring", "loan", "unproven", "ban", "hostile")
NAMES = ("index.html", "facts.html", *(f"benefits-{id_}.html" for id_ in POLICIES))
PAGES = (*NAMES, *(f"en/{name}" for name in NAMES))


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, site: Path) -> Page:
    return Page(site / request.param)


def test_every_page_is_well_formed_and_has_one_heading_unique_ids_and_its_language(page: Page) -> None:
    assert page.faults == []
    assert page.source.startswith("<!DOCTYPE html>")
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert len(set(page.ids)) == len(page.ids)
    assert page.all("html")[0].attributes["lang"] == ("en" if page.path.parent.name == "en" else "zh-CN")
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4")]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_control_has_a_label_and_every_reference_an_id(page: Page) -> None:
    labelled = {label.attributes["for"] for label in page.all("label")}
    for control in page.all("input", "select"):
        assert control.attributes["id"] in labelled
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert element.attributes.get(name, page.ids[0] if page.ids else "") in page.ids
    for table in page.all("table"):
        assert table.attributes["aria-labelledby"]
    assert all(element.attributes.get("scope") for element in page.all("th"))


def test_every_internal_link_leads_somewhere(page: Page) -> None:
    for link in page.all("a", "link", "script"):
        address = link.attributes.get("href") or link.attributes.get("src") or ""
        parts = urlsplit(address)
        if parts.scheme in ("https", "http"):
            assert link.tag == "a"
            assert "external" in link.attributes["rel"]
            continue
        if parts.scheme == "data":
            assert link.attributes["rel"] == "icon"
            continue
        assert parts.scheme == ""
        target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        assert target.is_file(), address
        if parts.fragment:
            assert parts.fragment in Page(target).ids, address


def test_nothing_is_loaded_from_a_network_or_written_inline(page: Page) -> None:
    policy_ = next(e for e in page.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy_.attributes["content"]
    assert "unsafe" not in policy_.attributes["content"]
    assert page.all("img", "iframe", "object", "embed", "style", "base") == []
    assert all(element.attributes.get("src") for element in page.all("script"))
    assert not any(name.startswith("on") or name == "style" for e in page.elements for name in e.attributes)


def test_titles_are_distinct(site: Path) -> None:
    titles = [Page(site / name).all("title")[0].text for name in PAGES]
    assert len(set(titles)) == len(titles)
    assert Page(site / "benefits-hiring.html").all("title")[0].text == "招用补助 · 惠企政策词典"


def test_hostile_words_are_shown_and_never_become_markup(site: Path) -> None:
    page = Page(site / "benefits-hostile.html")
    assert page.all("h1")[0].text.strip() == HOSTILE.replace("\u202e", "")
    assert "\u202e" not in page.source
    assert not any("javascript:" in e.attributes.get("href", "") for e in page.elements)
    assert not any("onmouseover" in e.attributes for e in page.elements)
    data = (site / "search-data.js").read_text(encoding="utf-8")
    assert "<" not in data
    assert "\u2028" not in data
    assert (
        "alert('甲')" in json.loads(data.removeprefix("window.yunnaoPolicies = ").rstrip(";\n"))["policies"][-1]["text"]
    )


def test_words_in_the_other_language_are_marked(site: Path) -> None:
    source = (site / "en" / "benefits-hiring.html").read_text(encoding="utf-8")
    without_marked = re.sub(r'<(\w+)[^>]* lang="zh-CN"[^>]*>.*?</\1>', "", source)
    assert "示例规" in source
    assert not re.search(r"[\u4e00-\u9fff]", without_marked.split("<main", 1)[1])


def test_a_policy_page_says_what_it_grants_to_whom_on_what_ground(site: Path) -> None:
    page = Page(site / "benefits-hiring.html")
    text = " ".join(page.all("main")[0].text.split())
    for words in (
        "示例区人力资源和社会保障局",
        "2022-01-01 至 2024-12-31",
        "每招用一人按标准补助。",
        "上年营业收入 不超过 300 万元",
        "上年裁员率 不超过 5.5%",
        "上年裁员率 介于（含两端） 5.5% 至 20%",
        "期末从业人数 低于 30 人 待核：未读到原文",
        "不得有以下情形",
        "列入失信名单： 是",
        "以下 3 项中至少满足 2 项",
        "小规模纳税人、 一般纳税人",
        "成立日期 早于 2023-01-01",
        "依据：示例规〔2024〕5号",
        "符合 4,000 元",
        "招用人员 2： 人员编号 P2，合同月数 24 个月",
        "待定（缺数据） 缺：上年裁员率",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words
    rows = [
        row.text
        for row in page.all("tr")
        if "示例规〔2022〕1号 第一条" in row.text or "示例规〔2024〕5号 第二条" in row.text
    ]
    assert "1,500 元" in rows[0]
    assert "现行" not in rows[0]
    assert "2,000 元" in rows[1]
    assert "现行" in rows[1]
    assert "待核" in rows[1]


def test_exclusion_is_shown_on_both_policies(site: Path) -> None:
    for id_, other in (("hiring", "benefits-loan.html"), ("loan", "benefits-hiring.html")):
        page = Page(site / f"benefits-{id_}.html")
        assert other in [link.attributes.get("href") for link in page.all("a")]


def test_the_list_shows_status_as_of_the_day(tmp_path: Path) -> None:
    def badges(day: dt.date) -> list[str]:
        write_dictionary([scenario()], tmp_path, as_of=day, district=DISTRICT)
        return [
            e.attributes["class"].split("-")[1]
            for e in Page(tmp_path / "index.html").all("span")
            if "status-" in e.attributes.get("class", "")
        ]

    assert badges(AS_OF) == ["in_force", "expired", "off", "in_force"]
    assert badges(dt.date(2021, 12, 31)) == ["coming", "in_force", "off", "coming"]


def test_writing_again_is_the_same_and_a_withdrawn_policy_goes_but_other_files_stay(tmp_path: Path) -> None:
    def write(*more: str) -> dict[str, bytes]:
        made = write_dictionary([scenario(*map(policy, more))], tmp_path, as_of=AS_OF, district=DISTRICT)
        assert made[0] == tmp_path / "index.html"
        return {path.name: path.read_bytes() for path in made}

    first = write("withdrawn")
    assert first == write("withdrawn")
    (tmp_path / "benefits-mine.html").write_text("mine", encoding="utf-8")
    write()
    assert not (tmp_path / "benefits-withdrawn.html").exists()
    assert not (tmp_path / "en" / "benefits-withdrawn.html").exists()
    assert (tmp_path / "benefits-mine.html").read_text(encoding="utf-8") == "mine"


def test_a_forged_listing_cannot_make_it_delete_elsewhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim.html"
    victim.write_text("keep", encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / ".yunnao-dictionary.json").write_text(
        json.dumps(["../victim.html", "/etc/hostname", 5]), encoding="utf-8"
    )
    write_dictionary([scenario()], folder, as_of=AS_OF, district=DISTRICT)
    assert victim.read_text(encoding="utf-8") == "keep"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(YunnaoError, match="不是文件夹"):
        write_dictionary([scenario()], tmp_path / "taken", as_of=AS_OF, district=DISTRICT)


def test_no_policies_make_a_dictionary_that_says_so(tmp_path: Path) -> None:
    write_dictionary([], tmp_path, as_of=AS_OF, district=DISTRICT)
    page = Page(tmp_path / "index.html")
    assert page.faults == []
    assert "还没有政策" in page.all("main")[0].text


@pytest.mark.parametrize(
    ("text", "language"),
    [("小微企业 SME", "zh-CN"), ("at least one", "en"), ("2023-01-01", ""), ("5.5%", ""), ("FLAC", "")],
)
def test_language_of_a_piece_of_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_script_json_can_end_neither_the_script_nor_the_line() -> None:
    written = script_json({"a": HOSTILE + "\u2029\x00"})
    assert not set("<>&\u2028\u2029\x00") & set(written)
    assert json.loads(written)["a"].startswith("<script>alert('甲')</script>&\"\u2028</script>")
