"""What the medical insurance bureau delivers: stays, hospitals, their yearly scores, and what officers decided about stays.

Columns of a stay's record follow the front page of the medical record (住院病案首页); `capabilities/drg` groups by them.
"""

import re

from yunnao.kernel.fact import CodeForm, FactDefinition, FactType
from yunnao.kernel.numbers import MONEY_BOUND
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text

_DEPARTMENT = "medical_insurance"
_AGE = 150
_DAYS = 100_000


def _year(text: str) -> str | None:
    digits = text.removesuffix("年").strip()
    return digits if len(digits) == 4 and digits.isascii() and digits.isdigit() else None


def _month(text: str) -> str | None:
    found = re.fullmatch(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?", text.strip(), re.ASCII)
    return f"{found[1]}-{int(found[2]):02d}" if found and 1 <= int(found[2]) <= 12 else None


_CASE = FactDefinition(
    id="case_id",
    type=FactType.KEY,
    title=Text("病案号", "Stay"),
    aliases=("结算号", "就诊号", "住院流水号"),
    meaning="一次住院的编号，全区唯一",
)
_HOSPITAL = FactDefinition(
    id="hospital_id",
    type=FactType.KEY,
    title=Text("医疗机构编号", "Hospital"),
    aliases=("医院编号", "定点医疗机构编号", "医疗机构代码"),
)


def _money(id_: str, zh: str, en: str, *aliases: str, meaning: str = "") -> FactDefinition:
    return FactDefinition(id=id_, type=FactType.MONEY, title=Text(zh, en), unit="元", aliases=aliases, meaning=meaning)


def _whole(id_: str, zh: str, en: str, unit: str, most: int, *aliases: str) -> FactDefinition:
    return FactDefinition(id=id_, type=FactType.INTEGER, title=Text(zh, en), unit=unit, maximum=most, aliases=aliases)


inpatient_stays = Register(
    id="inpatient_stays",
    title=Text("住院病案与结算", "Inpatient stays"),
    department=_DEPARTMENT,
    subject="inpatient_stay",
    subject_key="case_id",
    key=("case_id",),
    facts=(
        _CASE,
        _HOSPITAL,
        FactDefinition(
            id="person_id",
            type=FactType.KEY,
            title=Text("参保人代号", "Insured person"),
            personal=True,
            meaning="去标识的代号，只用来认出同一人的再次住院",
        ),
        FactDefinition(
            id="pool",
            type=FactType.CODE,
            title=Text("险种", "Pool"),
            aliases=("参保类型", "统筹险种"),
            values={"employee": Text("职工", "Employees"), "resident": Text("居民", "Residents")},
            value_aliases={
                "职工医保": "employee",
                "城镇职工": "employee",
                "居民医保": "resident",
                "城乡居民": "resident",
            },
            meaning="由哪个基金支付",
        ),
        FactDefinition(
            id="sex",
            type=FactType.CODE,
            title=Text("性别", "Sex"),
            values={"male": Text("男", "Male"), "female": Text("女", "Female")},
            value_aliases={"1": "male", "2": "female", "男性": "male", "女性": "female"},
        ),
        _whole("age_years", "年龄", "Age", "year", _AGE, "年龄（岁）"),
        _whole("age_days", "日龄", "Age in days", "day", _DAYS, "年龄（天）"),
        _whole("birth_weight_g", "出生体重", "Birth weight", "", 20_000, "新生儿出生体重"),
        FactDefinition(
            id="department", type=FactType.CODE, title=Text("出院科别", "Ward"), aliases=("科室", "科室编号")
        ),
        FactDefinition(
            id="admitted_on", type=FactType.DATE, title=Text("入院日期", "Admitted on"), aliases=("入院时间",)
        ),
        FactDefinition(
            id="discharged_on", type=FactType.DATE, title=Text("出院日期", "Discharged on"), aliases=("出院时间",)
        ),
        _whole("length_of_stay_days", "住院天数", "Days of stay", "day", _DAYS, "实际住院天数"),
        FactDefinition(
            id="discharge_type",
            type=FactType.CODE,
            title=Text("离院方式", "Way of discharge"),
            meaning="病案首页的代码：1 医嘱离院，2 转院，3 转社区，4 非医嘱离院，5 死亡，9 其他",
        ),
        _whole("icu_hours", "重症监护小时数", "Hours in intensive care", "", _DAYS, "ICU小时数"),
        FactDefinition(
            id="diagnoses",
            type=FactType.TEXT,
            title=Text("诊断编码", "Diagnoses"),
            personal=True,
            meaning="医保版 ICD-10，以 | 分隔，第一个是主要诊断",
        ),
        FactDefinition(
            id="procedures",
            type=FactType.TEXT,
            title=Text("手术操作编码", "Procedures"),
            personal=True,
            meaning="医保版 ICD-9-CM-3，以 | 分隔，第一个是主要手术操作",
        ),
        _money("total_cost", "医疗总费用", "Total cost", "总费用", "住院总费用"),
        _money("fund_claimed", "统筹记账", "Claimed from the fund", "统筹基金记账", "基金支付"),
        _money("own_share", "个人支付", "Own share", "个人负担", meaning="个人自付与自费之和"),
        _money("unreasonable_cost", "不合理费用", "Unreasonable cost", "审核扣减", meaning="审核认定、计点时扣除"),
        FactDefinition(
            id="payment_kind",
            type=FactType.CODE,
            title=Text("结算方式", "Paid by"),
            values={"drg": Text("病组", "DRG"), "bed_day": Text("床日", "Bed-day")},
            value_aliases={"按床日": "bed_day", "床日付费": "bed_day", "按病组": "drg"},
            meaning="空着按病组",
        ),
    ),
    optional=frozenset(
        {
            "person_id",
            "pool",
            "age_days",
            "birth_weight_g",
            "department",
            "length_of_stay_days",
            "discharge_type",
            "icu_hours",
            "fund_claimed",
            "own_share",
            "unreasonable_cost",
            "payment_kind",
        }
    ),
    names_subjects=True,
)

stay_reviews = Register(
    id="stay_reviews",
    title=Text("病案评议结果", "Decisions about stays"),
    department=_DEPARTMENT,
    subject="inpatient_stay",
    subject_key="case_id",
    key=("case_id", "kind"),
    facts=(
        _CASE,
        FactDefinition(
            id="kind",
            type=FactType.CODE,
            title=Text("评议类别", "Kind"),
            values={
                "special": Text("特病单议", "Special-case review"),
                "objection": Text("异议", "Objection"),
                "readmission": Text("再入院说明", "Reason of a readmission"),
            },
        ),
        FactDefinition(id="review", type=FactType.TEXT, title=Text("办件号", "Case number")),
        FactDefinition(id="decided_on", type=FactType.DATE, title=Text("评议日期", "Decided on")),
        FactDefinition(
            id="supported", type=FactType.BOOLEAN, title=Text("是否支持", "Supported"), meaning="医院的请求得到支持"
        ),
        _money("unreasonable_cost", "不合理费用", "Unreasonable cost", meaning="评议认定，先于病案里的"),
        FactDefinition(
            id="decided_drg", type=FactType.CODE, title=Text("改定病组", "Decided DRG"), meaning="支持时先于分组器的"
        ),
    ),
    optional=frozenset({"unreasonable_cost", "decided_drg"}),
)

hospitals = Register(
    id="hospitals",
    title=Text("定点医疗机构", "Hospitals"),
    department=_DEPARTMENT,
    subject="hospital",
    subject_key="hospital_id",
    key=("hospital_id",),
    facts=(
        _HOSPITAL,
        FactDefinition(id="name", type=FactType.TEXT, title=Text("医疗机构名称", "Name"), aliases=("医院名称", "名称")),
        FactDefinition(
            id="level",
            type=FactType.CODE,
            title=Text("等级", "Level"),
            aliases=("医院等级", "医疗机构等级"),
            values={
                "tertiary": Text("三级", "Tertiary"),
                "secondary": Text("二级", "Secondary"),
                "primary": Text("一级", "Primary"),
            },
            value_aliases={"3": "tertiary", "2": "secondary", "1": "primary"},
        ),
        _money("bed_day_tariff", "床日标准", "Tariff of a bed-day", "床日付费标准", meaning="每床日多少元"),
    ),
    optional=frozenset({"bed_day_tariff"}),
    names_subjects=True,
)

hospital_scores = Register(
    id="hospital_scores",
    title=Text("年度质量考核", "Yearly scores of hospitals"),
    department=_DEPARTMENT,
    subject="hospital",
    subject_key="hospital_id",
    key=("hospital_id", "year"),
    facts=(
        _HOSPITAL,
        FactDefinition(
            id="year",
            type=FactType.CODE,
            title=Text("年度", "Year"),
            form=CodeForm(_year, "四位数的年份，如 2023"),
        ),
        FactDefinition(
            id="quality_score",
            type=FactType.SHARE,
            title=Text("质量考核得分率", "Quality score"),
            aliases=("考核得分率",),
            meaning="0 到 1，或 0% 到 100%",
        ),
        _money("deduction", "扣款", "Deduction", meaning="协议扣款，清算时扣除"),
    ),
    optional=frozenset({"deduction"}),
)

fund_transfers = Register(
    id="fund_transfers",
    title=Text("预拨实际拨付", "Prepayments transferred"),
    department=_DEPARTMENT,
    subject="hospital",
    subject_key="hospital_id",
    key=("hospital_id", "month", "reference"),
    facts=(
        _HOSPITAL,
        FactDefinition(
            id="month",
            type=FactType.CODE,
            title=Text("预拨月份", "Month"),
            aliases=("所属月份", "月份", "拨付月份"),
            form=CodeForm(_month, "年和月，如 2023-05"),
            meaning="拨付的是哪个月的预拨",
        ),
        FactDefinition(
            id="reference",
            type=FactType.KEY,
            title=Text("凭证号", "Reference"),
            aliases=("拨付凭证号", "流水号", "支付凭证号"),
            meaning="一笔拨付的凭证；更正另写一行，用另一个凭证号，不改原来的行",
        ),
        FactDefinition(
            id="pool",
            type=FactType.CODE,
            title=Text("险种", "Pool"),
            aliases=("参保类型", "统筹险种"),
            values={"employee": Text("职工", "Employees"), "resident": Text("居民", "Residents")},
            value_aliases={"职工医保": "employee", "居民医保": "resident", "城乡居民": "resident"},
            meaning="空着的按各险种算出的预拨分摊",
        ),
        FactDefinition(
            id="amount",
            type=FactType.MONEY,
            title=Text("拨付金额", "Amount"),
            unit="元",
            minimum=-MONEY_BOUND,
            aliases=("实际拨付金额", "金额", "实拨金额"),
            meaning="真正付出的钱，不含留下的质量保证金；退回、冲正写负数",
        ),
        FactDefinition(
            id="paid_on", type=FactType.DATE, title=Text("拨付日期", "Paid on"), aliases=("支付日期", "日期")
        ),
        FactDefinition(id="note", type=FactType.TEXT, title=Text("备注", "Note"), aliases=("说明",)),
    ),
    optional=frozenset({"pool", "note"}),
)
