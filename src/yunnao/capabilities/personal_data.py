"""Personal data (个人信息) in what people write: where it stands, and the same text with it masked.

Found are mobile and fixed-line telephone numbers, identity numbers, bank cards, e-mail addresses, number plates, accounts of WeChat and
QQ that are named as such, flats (单元、室), and names that somebody introduces as a name. Telephone numbers of services (12345, 400) are
nobody's. What is spelt out in Chinese numerals is not found. A building stays legible: it is what an appeal is about.

Sources: personal data as in 个人信息保护法 art. 4 and GB/T 35273-2020 annex A; identity numbers GB 11643-1999 (check digit ISO 7064, MOD
11-2); bank cards ISO/IEC 7812-1 annex B (Luhn); mobile numbers as in the national numbering plan (11 digits, 13 to 19); number plates
GA 36-2018.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MASK = "*"
"""What stands for a sign that is not shown."""
_SEPARATORS = " -()·•."


class Kind(StrEnum):
    """What kind of personal data."""

    EMAIL = "email"
    IDENTITY_NUMBER = "identity_number"
    BANK_CARD = "bank_card"
    TELEPHONE = "telephone"
    PLATE = "plate"
    ACCOUNT = "account"
    FLAT = "flat"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data from `start` up to, not including, `end` in a text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind is written; group ``data`` is what is personal, the rest tells it.

    Attributes:
        holds: whether what is written as if it were one is one.
        head, tail: how many of its signs stay legible at either end.
    """

    kind: Kind
    written: re.Pattern[str]
    head: int = 0
    tail: int = 0
    holds: Callable[[str], bool] = bool


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width signs, which count as their plain ones."""

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK_SIGNS = "10X98765432"


def is_identity_number(digits: str) -> bool:
    """Whether 18 signs are an identity number: a day of birth that exists, and the check digit (GB 11643-1999)."""
    try:
        dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
        total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    except ValueError:
        return False
    return len(digits) == 18 and _CHECK_SIGNS[total % 11] == digits[17].upper()


def is_bank_card(digits: str) -> bool:
    """Whether 16 to 19 digits, blanks and hyphens between them left out, are a bank card's: issued by a bank, and right by Luhn."""
    plain = [int(sign) for sign in digits if sign.isdecimal()]
    doubled = (digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(plain)))
    return 16 <= len(plain) <= 19 and plain[0] in (3, 4, 5, 6, 9) and sum(doubled) % 10 == 0


_SURNAMES = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|长孙|夏侯|司徒|令狐|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
    "鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝]"
)
_PLAIN_DIGITS = r"(?<![\d*])(?P<data>{})(?![\d*])"
_NUMERALS = r"[0-9一二三四五六七八九十]"

_FORMS = (
    _Form(
        Kind.EMAIL,
        re.compile(
            r"(?<![\w.%+*-])(?P<data>[A-Za-z0-9._%+-]{1,64})@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63})+", re.ASCII
        ),
        head=2,
    ),
    _Form(Kind.IDENTITY_NUMBER, re.compile(_PLAIN_DIGITS.format(r"[1-9]\d{16}[\dXx]"), re.ASCII), 3, 2, is_identity_number),
    _Form(Kind.IDENTITY_NUMBER, re.compile(r"身份证\D{0,8}(?<![\d*])(?P<data>\d{17}[\dXx]|\d{15})(?![\d*])", re.ASCII), 3, 2),
    _Form(
        Kind.BANK_CARD,
        re.compile(_PLAIN_DIGITS.format(r"\d{16,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?"), re.ASCII),
        tail=4,
        holds=is_bank_card,
    ),
    _Form(
        Kind.TELEPHONE,
        re.compile(
            r"(?<![\d*])(?:(?:\+|00)?86[ -]?)?(?P<data>1[3-9]\d(?:[ -]?\d{4}[ -]?\d{4}|[ -]\d{3}[ -]\d{5}|\d[ -]\d{3}[ -]\d{4}))(?![\d*])",
            re.ASCII,
        ),
        3,
        4,
    ),
    _Form(Kind.TELEPHONE, re.compile(r"(?<![\d*-])(?P<data>\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-9]\d{6,7})(?![\d*])", re.ASCII), 4, 2),
    _Form(
        Kind.PLATE,
        re.compile(
            r"(?P<data>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·•. -]?"
            r"(?=[A-Za-z]{0,5}\d)[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9学警港澳挂])(?![A-Za-z0-9*])",
        ),
        2,
        1,
    ),
    _Form(
        Kind.ACCOUNT,
        re.compile(r"(?:微信|微信号|QQ|qq|扣扣|VX|vx|wx)(?:号码?)?[:： 是为]{0,3}(?P<data>[A-Za-z0-9_-]{5,20})(?![A-Za-z0-9_*-])"),
        1,
        1,
    ),
    _Form(Kind.FLAT, re.compile(rf"(?P<data>{_NUMERALS}{{1,3}})(?=单元)")),
    _Form(Kind.FLAT, re.compile(r"(?<![\d*])(?P<data>[A-Za-z]?\d{2,5})(?=室)", re.ASCII)),
    _Form(
        Kind.FLAT,
        re.compile(
            r"(?:单元|号楼|栋|幢)(?:\d{1,2}[层楼])?[ -]?(?P<data>\d{3,4})(?![\d*年月日号元米平多个户栋楼万])", re.ASCII
        ),
    ),
    _Form(
        Kind.NAME,
        re.compile(
            rf"(?:我叫|我的名字是|本人姓名|联系人|姓名|投诉人|举报人|反映人|来电人|申请人|名叫)[:： 是为叫]{{0,3}}(?P<data>(?:{_SURNAMES})"
            r"(?!女士|先生|小姐|师傅|老师|某|[*])[\u4e00-\u9fff](?:(?![住在是的电手家来想要有与和现今因系为身，。])[\u4e00-\u9fff])?)"
        ),
        1,
    ),
)  # fmt: skip


def spans(text: str) -> list[Span]:
    """Where personal data stands in a text, from its beginning on; none overlaps another."""
    return sorted((span for span, _ in _found(text.translate(_WIDE))), key=lambda span: span.start)


def masked(text: str) -> str:
    """The text with personal data masked, as long as it was: ``13812345678`` becomes ``138****5678``.

    What is masked already stays as it is.
    """
    signs, plain = list(text), text.translate(_WIDE)
    for span, form in _found(plain):
        head, tail = (form.head, form.tail) if span.end - span.start > form.head + form.tail else (0, 0)
        for place in range(span.start + head, span.end - tail):
            if form.kind is Kind.EMAIL or plain[place] not in _SEPARATORS:
                signs[place] = MASK
    return "".join(signs)


def _found(plain: str) -> list[tuple[Span, _Form]]:
    """What is written like personal data and is some; of two that overlap, the one of the surer kind."""
    found: list[tuple[Span, _Form]] = []
    taken = bytearray(
        len(plain)
    )  # by place: comparing with all that was found would take the square of a hostile text's length
    for form in _FORMS:
        for match in form.written.finditer(plain):
            start, end = match.span("data")
            if not any(taken[start:end]) and form.holds(match["data"]):
                found.append((Span(start, end, form.kind), form))
                taken[start:end] = b"\1" * (end - start)
    return found
