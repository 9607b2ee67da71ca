"""Facts about the people an enterprise hires and trains: counts of the rows that a policy means.

A graduate counts for one employer and one subsidy only. Whoever hired the graduate first, by a hire that qualifies for
one of the one-off subsidies of 2022, has the claim; a hire that qualifies for 扩岗补助 is not counted for 吸纳就业补贴.
"""

from yunnao.kernel.fact import FactType
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import ParametersOf
from yunnao.platforms.decisions.model import AsOf, Expression, all_of, any_of, case, full_months
from yunnao.scenarios.benefits.subject import enterprise as e

hires = e.rows("hires")
certificates = e.rows("certificates")

expand_2022 = ParametersOf("expand_jobs_2022")
expand_2023 = ParametersOf("expand_jobs_2023")
absorb_2022 = ParametersOf("one_off_absorb_jobs_qingdao_2022")
key_groups = ParametersOf("hire_key_groups_tax_credit")
veterans = ParametersOf("hire_veterans_tax_credit")
subsidy_2023 = ParametersOf("social_insurance_subsidy_qingdao_2023")
graduate_salary = ParametersOf("qingdao_grad_micro_salary")
skill_upgrade = ParametersOf("skill_upgrade_subsidy")
startup_loan = ParametersOf("startup_guaranteed_loan")

GRADUATES = ("graduation_year", "graduate_two_years")
STARTUP_GROUPS = ("lifted_from_poverty", "unemployed_half_year", "veteran", "hard_to_employ", *GRADUATES)


def _hired_between(first: Expression, last: Expression) -> Expression:
    return all_of(hires.hired_on >= first, hires.hired_on <= last, hires.hired_on <= AsOf())


def _months_since_hired() -> Expression:
    return full_months(hires.hired_on, AsOf())


_GRADUATE_OF_2022 = hires.hired_person_category.is_("graduation_year")
_FOR_EXPANSION = all_of(
    _GRADUATE_OF_2022,
    _hired_between(expand_2022.hired_from, expand_2022.hired_to),
    hires.labor_contract_signed,
    hires.unemployment_insurance_enrolled,
)
_FOR_ABSORPTION = all_of(
    _GRADUATE_OF_2022,
    _hired_between(absorb_2022.hired_from, absorb_2022.hired_to),
    hires.contract_months >= absorb_2022.min_contract_months,
)
_CLAIM_2022 = hires.first_claim(
    "graduate_2022", person="person_id", order="hired_on", where=any_of(_FOR_EXPANSION, _FOR_ABSORPTION)
)


@e.derived(
    id="expand_jobs_graduates_2022",
    type=FactType.INTEGER,
    title=Text("2022年扩岗补助人数", "Graduates hired, expansion of 2022"),
    cites="人社厅发〔2022〕41号",
    unit="person",
    meaning="当年招用的毕业年度高校毕业生，签订劳动合同并参加失业保险；一名毕业生只计入一家企业",
)
def expand_jobs_graduates_2022() -> Expression:
    """Graduates of the year with contract and unemployment insurance, each for one employer."""
    return hires.count(_FOR_EXPANSION & _CLAIM_2022)


@e.derived(
    id="absorb_jobs_graduates_2022",
    type=FactType.INTEGER,
    title=Text("2022年吸纳就业补贴人数", "Graduates hired, absorption of 2022"),
    cites="国办发〔2022〕13号",
    unit="person",
    meaning="合同满12个月的毕业年度高校毕业生，已用于扩岗补助的不再计入；一名毕业生只计入一家企业",
)
def absorb_jobs_graduates_2022() -> Expression:
    """Graduates of the year with a long contract, each for one employer, not used for the expansion subsidy."""
    return hires.count(all_of(_FOR_ABSORPTION, ~_FOR_EXPANSION, _CLAIM_2022))


_FOR_EXPANSION_2023 = all_of(
    hires.hired_person_category.is_in(*GRADUATES, "unemployed_youth"),
    _hired_between(expand_2023.hired_from, expand_2023.hired_to),
    hires.labor_contract_signed,
    hires.insured_months_three_insurances >= expand_2023.min_insured_months,
)


@e.derived(
    id="expand_jobs_persons_2023",
    type=FactType.INTEGER,
    title=Text("2023年扩岗补助人数", "Persons hired, expansion of 2023"),
    cites="人社部发〔2023〕37号",
    unit="person",
    meaning="当年招用的毕业生或登记失业青年，签订劳动合同并缴纳三项保险满1个月；一人只计入一家企业",
)
def expand_jobs_persons_2023() -> Expression:
    """Graduates and young unemployed hired in the year, each for one employer."""
    claim = hires.first_claim("young_2023", person="person_id", order="hired_on", where=_FOR_EXPANSION_2023)
    return hires.count(_FOR_EXPANSION_2023 & claim)


KEY_GROUP_HIRES = all_of(
    hires.hired_person_category.is_in("lifted_from_poverty", "unemployed_half_year"),
    hires.contract_months >= key_groups.min_contract_months,
    hires.social_insurance_paid,
    hires.hired_on <= AsOf(),
    _months_since_hired() < key_groups.max_months,
)


@e.derived(
    id="key_group_hires",
    type=FactType.INTEGER,
    title=Text("招用重点群体人数", "Hires from the key groups"),
    cites="财政部等公告2023年第15号",
    unit="person",
    meaning="合同1年以上并缴纳社会保险、招用不满3年的脱贫人口（含监测对象）和登记失业半年以上人员",
)
def key_group_hires() -> Expression:
    """Hires of the two groups within three years."""
    return hires.count(KEY_GROUP_HIRES)


VETERAN_HIRES = all_of(
    hires.hired_person_category.is_("veteran"),
    hires.contract_months >= veterans.min_contract_months,
    hires.hired_on <= AsOf(),
    _months_since_hired() < veterans.max_months,
)


@e.derived(
    id="veteran_hires",
    type=FactType.INTEGER,
    title=Text("招用自主就业退役士兵人数", "Veterans hired"),
    cites="财税〔2019〕21号",
    unit="person",
    evidence="knowledge",
)
def veteran_hires() -> Expression:
    """Veterans with a contract of a year or more, hired within three years."""
    return hires.count(VETERAN_HIRES)


HARD_TO_EMPLOY_SUBSIDISED = all_of(
    hires.hired_person_category.is_("hard_to_employ"),
    hires.hired_on <= AsOf(),
    any_of(_months_since_hired() < subsidy_2023.max_months_hard_to_employ, hires.within_five_years_of_retirement),
)
GRADUATES_SUBSIDISED = all_of(
    hires.hired_person_category.is_in(*GRADUATES),
    hires.hired_on <= AsOf(),
    _months_since_hired() < subsidy_2023.max_months_graduate,
)


@e.derived(
    id="hard_to_employ_subsidised",
    type=FactType.INTEGER,
    title=Text("补贴期内就业困难人员人数", "Persons hard to employ within the subsidy's months"),
    cites="2023-10-07 关于加快落实有关就业创业扶持政策的通知",
    unit="person",
)
def hard_to_employ_subsidised() -> Expression:
    """Hires within 36 months, or near retirement."""
    return hires.count(HARD_TO_EMPLOY_SUBSIDISED)


@e.derived(
    id="graduates_subsidised",
    type=FactType.INTEGER,
    title=Text("补贴期内高校毕业生人数", "Graduates within the subsidy's months"),
    cites="2023-10-07 关于加快落实有关就业创业扶持政策的通知",
    unit="person",
)
def graduates_subsidised() -> Expression:
    """Graduates of the year, or within two years of leaving, hired within 12 months."""
    return hires.count(GRADUATES_SUBSIDISED)


@e.derived(
    id="new_eligible_hires_12m",
    type=FactType.INTEGER,
    title=Text("近12个月新招用符合条件人员", "Eligible hires in the last 12 months"),
    cites="财金〔2020〕21号",
    unit="person",
)
def new_eligible_hires_12m() -> Expression:
    """Hires of the supported groups in the last 12 months, with a contract of a year or more."""
    return hires.count(
        all_of(
            hires.hired_person_category.is_in(*STARTUP_GROUPS),
            hires.contract_months >= startup_loan.min_contract_months,
            hires.hired_on <= AsOf(),
            _months_since_hired() < startup_loan.hired_within_months,
        )
    )


@e.derived(
    id="new_eligible_hire_share_12m",
    type=FactType.BOOLEAN,
    title=Text("近12个月新招用符合条件人员达到比例", "Share of eligible hires reached"),
    cites="财金〔2020〕21号",
    meaning="新招用符合条件人员占期末从业人数的比例不低于15%（超过100人的企业8%）",
)
def new_eligible_hire_share_12m() -> Expression:
    """Hires against staff, multiplied out so that nothing is rounded; an enterprise without staff has no share."""
    staff = e.employees
    share = case(
        (staff > startup_loan.large_staff_above, startup_loan.min_hire_share_large),
        otherwise=startup_loan.min_hire_share,
    )
    return (staff >= 1) & (e.new_eligible_hires_12m >= staff * share)


@e.derived(
    id="graduates_on_micro_salary",
    type=FactType.INTEGER,
    title=Text("可享受小微企业就业补贴的毕业生人数", "Graduates entitled to the small-employer supplement"),
    cites="青岛市人力资源和社会保障局（未找到文号）",
    unit="person",
    evidence="verify",
)
def graduates_on_micro_salary() -> Expression:
    """Graduates since the year, with a bachelor's degree or higher, not legal representatives, within 36 months."""
    return hires.count(
        all_of(
            hires.graduate_year >= graduate_salary.min_graduate_year,
            hires.degree.is_in("bachelor", "master", "doctor"),
            ~hires.legal_representative,
            hires.hired_on <= AsOf(),
            _months_since_hired() < graduate_salary.max_months,
        )
    )


SKILLED_STAFF = all_of(
    certificates.unemployment_insurance_months >= skill_upgrade.min_insured_months,
    certificates.certificate_issued_on <= AsOf(),
    (full_months(certificates.certificate_issued_on, AsOf()) < skill_upgrade.max_certificate_months)
    | (
        full_months(certificates.certificate_issued_on, AsOf()).is_(skill_upgrade.max_certificate_months)
        & certificates.certificate_issued_on.day.is_(AsOf().day)
    ),
)


@e.derived(
    id="skilled_staff",
    type=FactType.INTEGER,
    title=Text("可申领技能提升补贴的证书数", "Certificates that give a skill subsidy"),
    cites="人社部发〔2022〕23号",
    unit="count",
)
def skilled_staff() -> Expression:
    """Certificates issued within 12 months to persons insured for 12 months or more."""
    return certificates.count(SKILLED_STAFF)


@e.derived(
    id="disabled_levy_shortfall",
    type=FactType.BOOLEAN,
    title=Text("安排残疾人就业未达到规定比例", "Employs fewer disabled persons than the quota"),
    cites="鲁财税〔2020〕1号",
    meaning="上年在职职工人数 × 规定比例 > 安排残疾人就业人数，即有应缴残疾人就业保障金",
)
def disabled_levy_shortfall() -> Expression:
    """Whether any levy is due at all; the shortfall may be a fraction of a person."""
    levy = ParametersOf("disabled_employment_levy")
    return e.staff_last_year * levy.quota > e.disabled_hired
