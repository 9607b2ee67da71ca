"""Two clocks: since when a fact holds, and since when it is known. A correction never destroys what was believed."""

from pathlib import Path

from tests.acceptance.commands import done, fingerprint, lines, refused

ONE, TWO = "91370211CA75WXCJWR", "9137021142EYPCDHPX"
LOADED, DECREED, CORRECTED = (f"2023-0{month}-10T09:00:00+08:00" for month in (2, 3, 4))
POLICY = "hnte_cit_15"


def _tax_filings(path: Path, certificates: dict[str, str]) -> Path:
    header = (
        "统一社会信用代码,应纳税所得额,从业人数季度平均,资产总额季度平均,从事国家限制或禁止行业,"
        "增值税纳税人类型,年增值税销售额,高新技术企业证书有效,六税两费应纳额"
    )
    rows = [f"{key},1000,10,1000,否,一般纳税人,1000,{valid},10" for key, valid in certificates.items()]
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def _enterprises(path: Path, keys: list[str]) -> Path:
    header = "统一社会信用代码,企业名称,主体类型,行业门类,行业代码,成立日期,所属镇街,期末从业人数,上年营业收入,上年末资产总额"
    rows = [f"{key},甲,企业,C,C398,2001-01-01,王台,10,1000,1000" for key in keys]
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def _outcomes(home: Path, *options: str, now: str) -> dict[object, object]:
    done("run", home, *options, now=now)
    path = home.parent / "decisions.jsonl"
    done("decisions", home, "--policy", POLICY, "-o", path, now=now)
    return {row["subject"]: row["outcome"] for row in lines(path)}


def _explained(home: Path, day: str, subject: str = ONE) -> str:
    return done("explain", home, POLICY, subject, "--as-of", day, now="2023-07-01T09:00:00+08:00").out


def test_valid_from_and_known_at(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home)
    first = _tax_filings(tmp_path / "first.csv", {ONE: "否", TWO: "是"})
    decreed = _tax_filings(tmp_path / "decreed.csv", {ONE: "是"})
    corrected = _tax_filings(tmp_path / "corrected.csv", {ONE: "否"})
    done("load", home, "enterprises", _enterprises(tmp_path / "e.csv", [ONE]), now=LOADED)
    done("load", home, "enterprises", _enterprises(tmp_path / "l.csv", [TWO]), "--valid-from", "2023-01-01", now=LOADED)
    done("load", home, "tax_filings", first, now=LOADED)
    done("load", home, "tax_filings", decreed, "--valid-from", "2023-01-01", now=DECREED)
    assert _outcomes(home, "--as-of", "2022-12-31", now=DECREED) == {ONE: "refused"}
    assert _outcomes(home, "--as-of", "2023-01-01", now=DECREED) == {ONE: "granted", TWO: "granted"}
    done("load", home, "tax_filings", corrected, "--valid-from", "2023-01-01", now=CORRECTED)
    assert _outcomes(home, "--as-of", "2023-01-01", now=CORRECTED) == {ONE: "refused", TWO: "granted"}
    done("cases", home, "-o", tmp_path / "before.csv")
    for known, outcome in (("2023-02-10", "refused"), ("2023-04-10T08:59:59+08:00", "granted")):
        found = _outcomes(home, "--as-of", "2023-01-01", "--known-at", known, now="2023-07-01T09:00:00+08:00")
        assert found == {ONE: outcome, TWO: "granted"}, known
    done("cases", home, "-o", tmp_path / "after.csv")
    assert (tmp_path / "after.csv").read_bytes() == (tmp_path / "before.csv").read_bytes(), "a look back moved a case"
    before = fingerprint(home)
    refused("run", home, "--as-of", "2023-01-01", "--known-at", "2023-02-09", now=CORRECTED)
    assert fingerprint(home) == before
    assert "不符合" in _explained(home, "2022-12-31")
    assert "不符合" in _explained(home, "2023-01-01")
    refused("explain", home, POLICY, TWO, "--as-of", "2022-12-31")


def test_a_register_that_is_not_yet_valid_is_unknown_not_false(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home)
    done("load", home, "enterprises", _enterprises(tmp_path / "e.csv", [ONE, TWO]), now=LOADED)
    done(
        "load",
        home,
        "tax_filings",
        _tax_filings(tmp_path / "t.csv", {ONE: "是"}),
        "--valid-from",
        "2023-03-01",
        now=LOADED,
    )
    assert set(_outcomes(home, "--as-of", "2023-02-28", now=LOADED).values()) == {"undetermined"}
    assert _outcomes(home, "--as-of", "2023-03-01", now=LOADED) == {ONE: "granted", TWO: "undetermined"}
