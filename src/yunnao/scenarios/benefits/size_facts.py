"""How large an enterprise is, by each rule's own definition of "small"; they are different and never mixed.

`size` follows the capability `enterprise_size` (划型). The tax rules have three definitions of their own: small and low
in profit (income tax), for the VAT credit refund, and for the deduction of equipment.
"""

from collections.abc import Callable

from yunnao.capabilities.enterprise_size import CITES, SIZES, TITLES, Bounds, Industry, industries
from yunnao.kernel.fact import FactType
from yunnao.kernel.numbers import FEN_PER_YUAN
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import ParametersOf
from yunnao.platforms.decisions.model import Constant, Expression, TooVague, all_of, case, yuan
from yunnao.scenarios.benefits.subject import enterprise as e

income_tax = ParametersOf("cit_small_low_profit")
refund = ParametersOf("vat_credit_refund_2022")
equipment = ParametersOf("sme_equipment_deduction_2022")

_UNKNOWN = Constant(None)
_NO_LIMIT = len(SIZES) - 1
_COVERED = tuple(row for row in industries() if row.covered)
_WITHOUT_MONEY = tuple(row.id for row in _COVERED if row.revenue is None and row.assets is None)


@e.derived(
    id="size_industry",
    type=FactType.CODE,
    title=Text("划型行业", "Industry for sizing"),
    cites=CITES,
    values={row.id: row.title for row in industries()},
    meaning="行业代码按开头归入划型标准的行业；代码太短分不清的为未知，缺的是更细的行业代码",
    evidence="knowledge",
)
def size_industry() -> Expression:
    """The standard's industry of the code; unknown where the code is too short to tell."""
    return case(
        *((e.industry_code.starts_with(*row.codes), row.id) for row in industries()),
        otherwise=TooVague("industry_code"),
    )


def _level(value: Expression, bounds_of: Callable[[Industry], Bounds | None], *, money: bool) -> Expression:
    """0 to 3 by the industry's three bounds; an indicator that does not apply holds no enterprise back."""
    rows = [(row.id, bounds) for row in _COVERED if (bounds := bounds_of(row)) is not None]

    def bound(level: int) -> Expression:
        groups: dict[int, list[str]] = {}
        for id_, bounds in rows:
            groups.setdefault(bounds[level], []).append(id_)
        constants = {at: yuan(at // FEN_PER_YUAN) if money else Constant(at) for at in groups}
        return case(*((e.size_industry.is_in(*ids), constants[at]) for at, ids in groups.items()), otherwise=_UNKNOWN)

    level = case((value >= bound(2), 3), (value >= bound(1), 2), (value >= bound(0), 1), otherwise=0)
    return case((e.size_industry.is_in(*(id_ for id_, _ in rows)), level), otherwise=_NO_LIMIT)


def _size(level: Expression) -> Expression:
    return case((level.is_(3), SIZES[3]), (level.is_(2), SIZES[2]), (level.is_(1), SIZES[1]), otherwise=SIZES[0])


def _assets_level() -> Expression:
    return _level(e.assets_year_end, lambda row: row.assets, money=True)


@e.derived(
    id="size",
    type=FactType.CODE,
    title=Text("企业规模（划型）", "Enterprise size"),
    cites=CITES,
    values=TITLES,
    meaning="各适用指标所达到的最低一档；缺任一适用指标为未知；划型标准未覆盖的行业为未知",
)
def size() -> Expression:
    """The lowest level over the applicable indicators, as in the capability `enterprise_size`."""
    staff = _level(e.employees, lambda row: row.employees, money=False)
    revenue = _level(e.revenue_year, lambda row: row.revenue, money=True)
    lowest = staff.or_smaller(revenue).or_smaller(_assets_level())
    uncovered = e.size_industry.is_in(*(row.id for row in industries() if not row.covered))
    return case((uncovered, _UNKNOWN), otherwise=_size(lowest))


@e.derived(
    id="size_for_refund",
    type=FactType.CODE,
    title=Text("留抵退税划型", "Size for the VAT credit refund"),
    cites="财政部 税务总局公告2022年第14号",
    values=TITLES,
    evidence="knowledge",
    meaning="只用上一会计年度增值税销售额和上年末资产总额；无这两项指标或未列明的行业只看销售额；金融业未知",
)
def size_for_refund() -> Expression:
    """The standard's bounds on VAT sales (as revenue) and assets, or the announcement's own on sales alone."""
    sales = e.vat_sales_year
    on_sales_alone = case(
        (sales < refund.micro_sales_below, SIZES[0]),
        (sales < refund.small_sales_below, SIZES[1]),
        (sales < refund.medium_sales_below, SIZES[2]),
        otherwise=SIZES[3],
    )
    lowest = _level(sales, lambda row: row.revenue, money=True).or_smaller(_assets_level())
    return case(
        (e.size_industry.is_("finance"), _UNKNOWN),
        (e.size_industry.is_in(*_WITHOUT_MONEY, "not_covered"), on_sales_alone),
        otherwise=_size(lowest),
    )


@e.derived(
    id="size_ref",
    type=FactType.CODE,
    title=Text("设备器具扣除口径的企业规模", "Size for the deduction of equipment"),
    cites="财政部 税务总局公告2022年第12号",
    values={
        "sme_equipment_2022": Text("中小微企业（2022年第12号公告口径）", "SME as in announcement 12 of 2022"),
        "larger": Text("超过该口径", "Larger"),
    },
)
def size_ref() -> Expression:
    """Any one indicator below its bound is enough."""
    staff, revenue, assets = e.employees, e.revenue_year, e.assets_year_end
    wide = (staff < equipment.wide_staff_below) | (revenue < equipment.wide_revenue_below)
    wide = wide | (assets < equipment.wide_assets_below)
    estate = (revenue < equipment.estate_revenue_below) | (assets < equipment.estate_assets_below)
    others = (staff < equipment.staff_below) | (revenue < equipment.revenue_below)
    small = case(
        (e.size_industry.is_in("info_transmission", "construction", "leasing_business"), wide),
        (e.size_industry.is_("real_estate_dev"), estate),
        otherwise=others,
    )
    return case((small, "sme_equipment_2022"), otherwise="larger")


@e.derived(
    id="is_small_low_profit",
    type=FactType.BOOLEAN,
    title=Text("小型微利企业", "Small and low in profit"),
    cites="财政部 税务总局公告2023年第12号",
    meaning="年应纳税所得额、季度平均从业人数、季度平均资产总额都不超过上限，且不从事国家限制或禁止行业",
)
def is_small_low_profit() -> Expression:
    """The four tests of the income tax relief, with its own parameters."""
    return all_of(
        e.taxable_income_year <= income_tax.max_taxable_income,
        e.staff_avg_quarterly <= income_tax.max_staff,
        e.assets_avg_quarterly <= income_tax.max_assets,
        e.industry_restricted_or_prohibited.is_(False),
    )
