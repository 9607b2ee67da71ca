"""Numbers that Word makes by itself stand before their paragraphs."""

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from tests.scenarios.plan.test_docx_text import package, run
from yunnao.scenarios.plan.docx_numbers import Numbers
from yunnao.scenarios.plan.docx_text import from_docx

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(depth: int, form: str, text: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


NUMBERING = (
    f"<w:numbering {SPACE}>"
    f'<w:abstractNum w:abstractNumId="0">{level(0, "japaneseCounting", "%1、")}{level(1, "chineseCounting", "（%2）")}'
    f"{level(2, 'decimal', '%3.')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "•")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)
STYLES = (
    f"<w:styles {SPACE}>"
    '<w:style w:styleId="base"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="heading"><w:basedOn w:val="base"/></w:style>'
    '<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
    "</w:styles>"
)


def numbered(number: int, depth: int) -> str:
    return f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'


def styled(style: str) -> str:
    return f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'


def before(*properties: str) -> list[str]:
    numbers = Numbers(fromstring(NUMBERING), fromstring(STYLES))
    return [numbers.before(paragraph(each)) for each in properties]


def paragraph(properties: str) -> Element:
    made: Element = fromstring(f"<w:p {SPACE}>{properties}</w:p>")
    return made


def test_levels_count_and_begin_anew() -> None:
    outline = [numbered(1, depth) for depth in (0, 1, 1, 2, 2, 0, 1, 2)]
    assert before(*outline) == ["一、", "（一）", "（二）", "1. ", "2. ", "二、", "（一）", "1. "]


def test_styles_overrides_bullets_and_nothing() -> None:
    assert before(styled("heading"), styled("heading"), styled("loop"), styled("unknown"), "") == [
        "（一）",
        "（二）",
        "",
        "",
        "",
    ]
    assert before(numbered(3, 0), numbered(3, 0), numbered(3, 0)) == ["九、", "十、", "十一、"]
    assert before(numbered(2, 0), numbered(0, 0), numbered(7, 0), numbered(1, 5)) == ["", "", "", ""]


def test_a_document_says_them() -> None:
    body = f"<w:p>{numbered(1, 0)}{run('执行情况')}</w:p><w:p>{numbered(1, 1)}{run('增长8%')}</w:p>"
    document = f"<w:document {SPACE}><w:body>{body}</w:body></w:document>"
    content = package({"word/document.xml": document, "word/numbering.xml": NUMBERING, "word/styles.xml": STYLES})
    assert from_docx(content, "报告.docx").text == "一、执行情况\n（一）增长8%\n"
