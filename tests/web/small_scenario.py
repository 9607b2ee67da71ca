"""A small scenario made in memory, with every form that a policy may take, for the dictionary's tests."""

import datetime as dt
from pathlib import Path
from typing import Any

from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.declaration import Label
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.definitions import Example, Policy
from yunnao.platforms.decisions.facts import Facts, own
from yunnao.platforms.decisions.model import Expression

HOSTILE = "<script>alert('甲')</script>&\"\u2028</script><img src=x onerror=alert(1)>\u202e"
AS_OF = dt.date(2023, 6, 30)
DISTRICT = Label(zh="示例区", en="Sample district")


def _fact(id_: str, type_: FactType, zh: str, en: str, **more: Any) -> FactDefinition:
    return FactDefinition(id=id_, type=type_, title=Text(zh, en), **more)


_CODE = _fact("credit_code", FactType.KEY, "统一社会信用代码", "Unified social credit code")
_ENTERPRISES = Register(
    id="enterprises",
    title=Text("市场主体登记信息", "Register of market entities"),
    department="market",
    subject="enterprise",
    subject_key="credit_code",
    key=("credit_code",),
    facts=(
        _CODE,
        _fact("employees", FactType.INTEGER, "期末从业人数", "Employees", unit="person", meaning="年末在岗人数"),
        _fact("revenue", FactType.MONEY, "上年营业收入", "Revenue last year", unit="元"),
        _fact("layoff", FactType.SHARE, "上年裁员率", "Lay-off rate", unit="1"),
        _fact("street", FactType.CODE, "所属镇街", "Street"),
        _fact("founded", FactType.DATE, "成立日期", "Founded on"),
        _fact("listed", FactType.BOOLEAN, "列入失信名单", "On the dishonest list"),
        _fact(
            "payer",
            FactType.CODE,
            "纳税人类型",
            "Kind of payer",
            values={"small": Text("小规模纳税人", "Small-scale"), "general": Text("一般纳税人", "General")},
        ),
    ),
    names_subjects=True,
)
_HIRES = Register(
    id="hires",
    title=Text("招用人员", "Hires"),
    department="labour",
    subject="enterprise",
    subject_key="credit_code",
    key=("credit_code", "person"),
    facts=(
        _CODE,
        _fact("person", FactType.KEY, "人员编号", "Person", personal=True),
        _fact("months", FactType.INTEGER, "合同月数", "Contract months", unit="month"),
    ),
)


def _facts() -> Facts:
    enterprise = Facts("enterprise", registers=(_ENTERPRISES, _HIRES))

    @enterprise.derived(
        id="is_micro",
        type=FactType.BOOLEAN,
        title=Text("微型企业", "Micro enterprise"),
        cites="工信部联企业〔2011〕300号",
        evidence="verify",
    )
    def is_micro() -> Expression:
        """Fewer than ten employees."""
        return ~(enterprise.employees >= 10)

    @enterprise.amount(id="reward", title=Text("招用补助", "Hiring reward"), cites="示例规〔2024〕5号")
    def reward() -> Expression:
        """每招用一人按标准补助。"""
        hires = enterprise.rows("hires")
        return hires.count(hires.months >= 12) * own.per_person

    return enterprise


def policy(id_: str = "hiring", **changes: Any) -> Policy:
    """A policy with nested conditions, dated parameters and points to verify; ``changes`` replace top-level keys."""
    document: dict[str, Any] = {
        "id": id_,
        "title": {"zh": "招用补助", "en": "Hiring reward"},
        "issuer": ["示例区人力资源和社会保障局"],
        "cites": ["示例规〔2024〕5号", "示例规〔2022〕1号"],
        "region": "示例区",
        "valid": {"from": dt.date(2022, 1, 1), "to": dt.date(2024, 12, 31)},
        "evidence": "source",
        "delivery": "automatic",
        "department": "labour",
        "subject": "enterprise",
        "registers": ["社保参保"],
        "parameters": {
            "per_person": [
                {"from": dt.date(2022, 1, 1), "value": 1500, "unit": "CNY", "cites": "示例规〔2022〕1号 第一条"},
                {
                    "from": dt.date(2023, 1, 1),
                    "value": 2000,
                    "unit": "CNY",
                    "cites": "示例规〔2024〕5号 第二条",
                    "evidence": "verify",
                    "note": "标准调整",
                },
            ],
            "ceiling": [{"from": dt.date(2022, 1, 1), "value": "0.055", "unit": "share", "cites": "第三条"}],
        },
        "grant_when": {
            "all": [
                {"fact": "revenue", "at_most": 3000000, "cites": "第三条"},
                {
                    "any": [
                        {"fact": "layoff", "at_most": "$ceiling", "cites": "第三条"},
                        {
                            "all": [
                                {"fact": "employees", "less_than": 30, "cites": "第三条", "evidence": "knowledge"},
                                {"fact": "layoff", "within": ["0.055", "0.2"], "id": "layoff_small", "cites": "第三条"},
                            ]
                        },
                    ]
                },
                {"not": {"fact": "listed", "is": True, "cites": "第四条"}},
                {
                    "of": [
                        {"fact": "payer", "in": ["small", "general"], "cites": "第五条"},
                        {"fact": "founded", "before": dt.date(2023, 1, 1), "cites": "第五条", "note": "以登记为准"},
                        {"fact": "is_micro", "is": True, "cites": "第五条"},
                    ],
                    "at_least": 2,
                },
            ]
        },
        "grants": {
            "kind": "payment",
            "amount": "reward",
            "terms": {"zh": "每招用一人补助 2000 元", "en": "CNY 2,000 for each person hired"},
        },
        "exclusive_with": ["loan"],
        "source": ["https://example.org/policy.html (原文)", "示例公报"],
        "note": "与贴息不能同时享受。",
    }
    return Policy.model_validate({**document, **changes})


def scenario(*more: Policy) -> Scenario:
    """Four policies (in force, expired, switched off, prohibition) and ``more``."""
    small: dict[str, Any] = {
        "parameters": {},
        "grant_when": {"fact": "payer", "is": "small", "cites": "第一条"},
        "exclusive_with": [],
        "source": [],
        "note": None,
    }
    policies = (
        policy(),
        policy(
            "loan",
            **small,
            title={"zh": "创业贷款贴息", "en": "Interest on start-up loans"},
            cites="示例金〔2020〕21号",
            valid={"from": dt.date(2020, 1, 1), "to": dt.date(2022, 12, 31)},
            delivery="confirm",
            department="market",
            grants={"kind": "rate"},
        ),
        policy(
            "unproven",
            **small,
            title={"zh": "水电缓缴", "en": "Deferred utility bills"},
            evidence="knowledge",
            switched_on=False,
            region="全国",
            grants={"kind": "deferral"},
        ),
        policy(
            "ban",
            **{**small, "grant_when": None},
            title={"zh": "专利资助禁止", "en": "No patent subsidies"},
            prohibits={"words": [["专利", "申请"], ["资助"]]},
            grants={"kind": "prohibition"},
        ),
        *more,
    )
    examples = (
        {
            "policy": "hiring",
            "example": "招用两人，裁员率恰为 5.5%，给予 4000 元",
            "as_of": AS_OF,
            "given": {
                "revenue": 3000000,
                "layoff": "0.055",
                "listed": False,
                "payer": "small",
                "founded": dt.date(2020, 5, 1),
            },
            "rows": {"hires": [{"person": "P1", "months": 12}, {"person": "P2", "months": 24}]},
            "expect": {"outcome": "granted", "amount": "4000.00"},
        },
        {
            "policy": "hiring",
            "example": "不知道裁员率，待定",
            "as_of": AS_OF,
            "given": {"revenue": 1, "layoff": None},
            "rows": {"hires": []},
            "expect": {"outcome": "undetermined", "missing": ["layoff"]},
        },
    )
    facts = _facts()
    scenario = Scenario(
        id="benefits",
        title=Text("惠企政策", "Benefits for enterprises"),
        summary=Text("免申即享", "Without application"),
        owner="labour",
        departments={"labour": Text("人社局", "Labour bureau"), "market": Text("市场监管局", "Market regulation")},
        folder=Path(),
        facts={"enterprise": facts},
        policies={p.id: p for p in policies},
        flows={},
        indicators=(),
        page={},
    )
    # in place of the files that a real scenario's folder would have
    scenario.__dict__["examples"] = tuple(Example.model_validate(example) for example in examples)
    return scenario


def hostile_policy() -> Policy:
    """A policy whose every word tries to break out of the page."""
    return policy(
        "hostile",
        title={"zh": HOSTILE, "en": HOSTILE},
        issuer=[HOSTILE],
        cites=[HOSTILE],
        region=HOSTILE,
        registers=[HOSTILE],
        source=["javascript:alert(1)", 'https://example.org/"onmouseover=alert(1) x', HOSTILE],
        note=HOSTILE,
        parameters={
            "ceiling": [
                {"from": dt.date(2022, 1, 1), "value": HOSTILE, "unit": "code", "cites": HOSTILE, "note": HOSTILE}
            ]
        },
        grant_when={"fact": "street", "in": ["示例街道", HOSTILE], "cites": HOSTILE, "note": HOSTILE},
        grants={"kind": "payment", "terms": {"zh": HOSTILE, "en": HOSTILE}, "note": HOSTILE},
        exclusive_with=[],
    )
