"""Personal data in texts: examples an officer would know, and rules that hold for every text."""

import timeit
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from yunnao.capabilities.personal_data import MASK, Kind, is_bank_card, is_identity_number, masked, spans

MASKED = {
    "请致电13812345678联系": "请致电138****5678联系",
    "电话：138 1234 5678，或 +86-139-8765-4321": "电话：138 **** 5678，或 +86-139-****-4321",
    "手机１３８１２３４５６７８": "手机１３８****５６７８",
    "座机0532-86881234": "座机0532-******34",
    "身份证号11010519491231002X。": "身份证号110*************2X。",
    "身份证号码：110105194912310021（写错一位）": "身份证号码：110*************21（写错一位）",
    "卡号6222 0000 0000 0000 004": "卡号**** **** **** **** 004",
    "邮箱zhangsan@example.com": "邮箱zh******@example.com",
    "车牌鲁B12345、鲁BD12345、鲁B·1234学": "车牌鲁B****5、鲁B*****5、鲁B·****学",
    "微信号：abc_12345": "微信号：a*******5",
    "住在某某花园3号楼2单元501室": "住在某某花园3号楼*单元***室",
    "某某花园12栋1单元1203，夜里漏水": "某某花园12栋*单元****，夜里漏水",
    "我叫张三，联系人：欧阳小明": "我叫张*，联系人：欧***",
}
NOTHING_PERSONAL = [
    "打过12345和400-800-8888都没人管",
    "编号 SQ20260924-00012，订单号 110105194912310021",
    "2026-09-24 10:00 反映，面积 1203 平方米，投诉 13812345 次",
    "政策文号 青政发〔2023〕12号，社会信用代码 91370200MA3C0XXXX1",
    "本人是业主，联系人：张女士，联系人王先生",
    "鲁能公园500户居民没有热水，3号楼12层电梯坏了",
    "全市单元测试、京A以外的车辆",
]


@pytest.mark.parametrize(("written", "shown"), MASKED.items())
def test_masked(written: str, shown: str) -> None:
    assert masked(written) == shown


@pytest.mark.parametrize("written", NOTHING_PERSONAL)
def test_what_is_not_personal_stays(written: str) -> None:
    assert masked(written) == written
    assert spans(written) == []


def identity_number(region: int, day: str, order: int) -> str:
    """A made-up identity number; the check digit by the standard's own rule (the sum of all is 1 modulo 11)."""
    first = f"{region:06d}{day}{order:03d}"
    (check,) = [
        sign
        for value, sign in enumerate("0123456789X")
        if (sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first)) + value) % 11 == 1
    ]
    return first + check


NUMBERS = st.builds(
    identity_number,
    st.integers(110000, 659999),
    st.dates().filter(lambda day: day.year > 1900).map(lambda day: day.strftime("%Y%m%d")),
    st.integers(0, 999),
)
TELEPHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
AROUND = st.text(st.sampled_from("小区夜间施工请处理，。：！\n a@-*"), max_size=12)
ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("0123456789Xx-* 鲁B单元室户我叫张三住@.com微信身份证号楼+86０１"), max_size=60),
)


@given(ANYTHING)
@example("微信13812345678")
def test_masking_keeps_length_and_touches_only_what_is_found(text: str) -> None:
    shown, found = masked(text), spans(text)
    assert len(shown) == len(text)
    inside = {place for span in found for place in range(span.start, span.end)}
    assert all(shown[place] == text[place] or (place in inside and shown[place] == MASK) for place in range(len(text)))
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(MASK in shown[span.start : span.end] for span in found)


@given(ANYTHING)
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(AROUND, TELEPHONES, AROUND)
def test_a_telephone_number_is_never_legible(before: str, number: str, after: str) -> None:
    assume(not before.endswith((MASK, "-")) and not after.startswith(MASK))
    assert number not in masked(before + number + after)


@given(AROUND, NUMBERS, AROUND)
def test_an_identity_number_is_found_by_its_check_digit(before: str, number: str, after: str) -> None:
    assume(not before.endswith(MASK) and not after.startswith((MASK, "@")))
    assert is_identity_number(number)
    shown = masked(before + number + after)
    assert number not in shown
    assert number[6:14] not in shown
    assert Kind.IDENTITY_NUMBER in {span.kind for span in spans(before + number + after)}


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_no_identity_number(number: str, place: int, more: int) -> None:
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert not is_identity_number(wrong)


@given(st.from_regex(r"6[0-9]{14,17}", fullmatch=True))
def test_exactly_one_check_digit_makes_a_bank_card(digits: str) -> None:
    assert [is_bank_card(f"{digits}{check}") for check in range(10)].count(True) == 1


@pytest.mark.parametrize("sign", ["12室", "9单元", "QQ:aaaaa ", "1-", "a.", "(0532)", "鲁BA", "我叫王小"])
def test_a_long_text_costs_in_proportion_to_its_length(sign: str) -> None:
    """Found 2,666 times in a text, something was compared with everything found before: seconds for one page."""
    short, long = sign * (1_000 // len(sign)), sign * (8_000 // len(sign))
    assert min(timeit.repeat(lambda: masked(long), number=1, repeat=3)) < 24 * min(
        timeit.repeat(lambda: masked(short), number=1, repeat=3)
    )
