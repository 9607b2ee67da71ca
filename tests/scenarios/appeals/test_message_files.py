"""Files of messages as they are exported: encodings, headers, rows that cannot be used."""

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from yunnao.capabilities.classification.training import Labelled
from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.appeals.message_files import read_labelled, read_messages, read_texts
from yunnao.scenarios.appeals.sample_messages import SAMPLE

CATEGORIES = {"城乡建设", "劳动和社会保障", "教育文体", "商贸旅游", "环境保护", "卫生计生", "交通运输"}


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("header", ["title,body,category", "留言主题,留言详情,一级标签", "标题,内容,类别"])
def test_encodings_and_headers(tmp_path: Path, encoding: str, header: str) -> None:
    file = write(tmp_path / "m.csv", f'{header}\n公交车不来,"等了\n半小时",交通运输\n', encoding)
    assert read_labelled(file) == ([Labelled("公交车不来\n公交车不来\n等了\n半小时", "交通运输")], [])


def test_words_are_text_too(tmp_path: Path) -> None:
    file = write(tmp_path / "w.csv", "words,category\n公交车 等 半小时,交通运输\n")
    assert read_labelled(file)[0] == [Labelled("公交车 等 半小时", "交通运输")]


def test_rows_without_text_or_category_are_told(tmp_path: Path) -> None:
    file = write(tmp_path / "m.csv", "title,body,category\n,,交通运输\n公交,车,\n公交,车,交通运输\n")
    labelled, skipped = read_labelled(file)
    assert len(labelled) == 1
    assert [(row.row, row.column) for row in skipped] == [(2, "title、body、words"), (3, "category")]


def test_messages_with_their_days(tmp_path: Path) -> None:
    rows = [
        "1,甲,2024-05-06T08:09:10,油烟,很大,3",
        "2,乙,2024/5/7 9:00,油烟,很大,",
        "3,,2024-05-08,油烟,很大,1",
        "4,丙,昨天,油烟,很大,1",
        "1,丁,2024-05-09,油烟,很大,1",
        ",丁,2024-05-09,油烟,很大,1",
    ]
    file = write(tmp_path / "m.csv", "\n".join(["message_id,sender,received_at,title,body,likes", *rows]))
    messages, skipped = read_messages(file)
    assert [(m.id, m.citizen, m.day, m.likes) for m in messages] == [
        ("1", "甲", dt.date(2024, 5, 6), 3),
        ("2", "乙", dt.date(2024, 5, 7), 0),
    ]
    assert [(row.row, row.column) for row in skipped] == [
        (4, "sender"),
        (5, "received_at"),
        (6, "message_id"),
        (7, "message_id"),
    ]


def test_a_workbook_with_strings_and_true_dates_in_one_column(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["留言编号", "留言用户", "留言时间", "留言主题", "留言详情"])
        sheet.write_row(1, 0, ["a", "甲", "2024-05-06", "油烟", "很大"])
        sheet.write_row(2, 0, ["b", "乙"])
        sheet.write_datetime(2, 2, dt.date(2024, 5, 7), date)
        sheet.write_row(2, 3, ["油烟", "很大"])
    messages, skipped = read_messages(path)
    assert [m.day for m in messages] == [dt.date(2024, 5, 6), dt.date(2024, 5, 7)]
    assert skipped == []


def test_ids_are_row_numbers_where_there_are_none(tmp_path: Path) -> None:
    file = write(tmp_path / "m.csv", "title,body\n公交,车\n,\n医院,贵\n")
    ids, texts = read_texts(file)
    assert ids == ["2", "4"]
    assert texts[1] == "医院\n医院\n贵"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title,body\n公交,车\n", "没有“类别”（category）列"),
        ("category\n交通\n", "没有“留言主题”（title）或“留言详情”（body）或“分词”（words）列"),
        ("title,body,category\n", "没有留言"),
        ("", "空文件"),
        ("<html><table></table></html>", "网页"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        read_labelled(write(tmp_path / "m.csv", content))


def test_the_sample_is_whole() -> None:
    labelled, skipped = read_labelled(SAMPLE)
    assert skipped == []
    assert {row.category for row in labelled} == CATEGORIES
    assert 100 <= len(labelled) <= 200
    messages, skipped = read_messages(SAMPLE)
    assert (len(messages), skipped) == (len(labelled), [])


def test_a_workbook_with_a_cover_and_several_sheets(tmp_path: Path) -> None:
    file = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, first in (("九月", "1"), ("十月", "2")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["编号", "诉求人", "受理时间", "内容"])
            sheet.write_row(1, 0, [first, "甲", "2024-05-06", "油烟很大"])
            sheet.write_row(2, 0, ["", "甲", "2024-05-06", "油烟很大"])
        book.add_worksheet("说明").write(0, 0, "本表由系统导出")
    messages, skipped = read_messages(file)
    assert [message.id for message in messages] == ["1", "2"]
    assert [(row.file, row.row) for row in skipped] == [("m.xlsx「九月」", 3), ("m.xlsx「十月」", 3)]


def test_a_sheet_that_lacks_a_column_is_named(tmp_path: Path) -> None:
    file = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("九月").write_row(0, 0, ["编号", "诉求人", "受理时间", "内容"])
        book.add_worksheet("十月").write_row(0, 0, ["诉求人", "受理时间", "内容"])
        for sheet in book.worksheets():
            sheet.write_row(1, 0, ["1", "甲", "2024-05-06", "油烟"])
    with pytest.raises(FileRefused, match=r"「十月」：没有“留言编号”（message_id）列"):
        read_messages(file)
