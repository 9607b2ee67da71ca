"""Amounts of the employment policies: exact, from the policy's own dated parameters, rounded once to the fen."""

from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import own
from yunnao.platforms.decisions.model import Constant, Expression, any_of, case, yuan
from yunnao.scenarios.benefits.people_facts import (
    GRADUATES_SUBSIDISED,
    HARD_TO_EMPLOY_SUBSIDISED,
    KEY_GROUP_HIRES,
    SKILLED_STAFF,
    VETERAN_HIRES,
    certificates,
    hires,
)
from yunnao.scenarios.benefits.subject import enterprise as e

TREATED_AS_SME = ("社会团体", "基金会", "社会服务机构", "律师事务所", "会计师事务所", "个体工商户")
"""人社部发〔2022〕23号: kinds of entity that have the rate of small and medium enterprises, whatever their size."""

_WHOLE = Constant(1)


@e.amount(
    id="disabled_levy_reduction",
    title=Text("残疾人就业保障金减免额", "Levy on disabled employment waived"),
    cites="财政部公告2023年第8号",
    meaning="应缴额减去优惠后实缴额",
)
def disabled_levy_reduction() -> Expression:
    """Due less what is paid: all for an enterprise of few staff, else by the band that the ratio reaches."""
    staff, disabled = e.staff_last_year, e.disabled_hired
    wage = e.avg_wage.or_smaller(e.local_avg_wage * own.wage_cap_multiple)
    due = (staff * own.quota - disabled).or_larger(0) * wage
    exempt = e.entity_type.is_("企业") & (staff <= own.exempt_staff)
    waived = case(
        (exempt, 1),
        (disabled >= staff * own.half_band_ratio, _WHOLE - own.pay_share_half_band),
        otherwise=_WHOLE - own.pay_share_low_band,
    )
    return due * waived


@e.amount(
    id="stable_jobs_refund_amount",
    title=Text("稳岗返还金额", "Refund for keeping jobs"),
    cites="人社部发〔2022〕23号",
)
def stable_jobs_refund_amount() -> Expression:
    """Premiums paid last year times the rate of the year and the size."""
    as_sme = any_of(e.entity_type.is_in(*TREATED_AS_SME), e.size.is_in("micro", "small", "medium"))
    return e.unemployment_premiums_last_year * case((as_sme, own.rate_sme), otherwise=own.rate_large)


@e.amount(
    id="retain_worker_training_amount",
    title=Text("留工培训补助金额", "Subsidy for training retained workers"),
    cites="人社部发〔2022〕23号",
)
def retain_worker_training_amount() -> Expression:
    """A sum for each insured person."""
    return e.insured_persons * own.per_person


@e.amount(
    id="expand_jobs_amount_2022",
    title=Text("扩岗补助金额（2022）", "Expansion subsidy of 2022"),
    cites="人社厅发〔2022〕41号",
)
def expand_jobs_amount_2022() -> Expression:
    """A sum for each graduate."""
    return e.expand_jobs_graduates_2022 * own.per_person


@e.amount(
    id="expand_jobs_amount_2023",
    title=Text("扩岗补助金额（2023）", "Expansion subsidy of 2023"),
    cites="人社部发〔2023〕37号",
)
def expand_jobs_amount_2023() -> Expression:
    """A sum for each person."""
    return e.expand_jobs_persons_2023 * own.per_person


@e.amount(
    id="absorb_jobs_amount",
    title=Text("吸纳就业补贴金额", "Absorption subsidy"),
    cites="国办发〔2022〕13号",
)
def absorb_jobs_amount() -> Expression:
    """A sum for each graduate that was not used for the expansion subsidy."""
    return e.absorb_jobs_graduates_2022 * own.per_person


@e.amount(
    id="key_group_hires_credit",
    title=Text("招用重点群体定额扣减额", "Tax credit for key groups"),
    cites="财政部等公告2023年第15号",
)
def key_group_hires_credit() -> Expression:
    """A yearly sum with the province's increase, by the months worked this year."""
    months = hires.sum(hires.months_worked_this_year, KEY_GROUP_HIRES)
    return (months * own.per_person_year * (_WHOLE + own.increase)).divided_by(12)


@e.amount(
    id="veteran_hires_credit",
    title=Text("招用退役士兵定额扣减额", "Tax credit for veterans"),
    cites="财税〔2019〕21号",
    evidence="knowledge",
)
def veteran_hires_credit() -> Expression:
    """A yearly sum with the province's increase, by the months worked this year."""
    months = hires.sum(hires.months_worked_this_year, VETERAN_HIRES)
    return (months * own.per_person_year * (_WHOLE + own.increase)).divided_by(12)


@e.amount(
    id="social_insurance_subsidy_amount",
    title=Text("社会保险补贴金额", "Social insurance subsidy"),
    cites="2023-10-07 关于加快落实有关就业创业扶持政策的通知",
)
def social_insurance_subsidy_amount() -> Expression:
    """What the employer paid for the persons of each branch that the enterprise qualifies for."""
    paid = hires.employer_social_insurance_paid
    hard = case((e.employer.is_not("public"), hires.sum(paid, HARD_TO_EMPLOY_SUBSIDISED)), otherwise=yuan(0))
    graduates = case((e.size.is_in("micro", "small"), hires.sum(paid, GRADUATES_SUBSIDISED)), otherwise=yuan(0))
    return hard + graduates


@e.amount(
    id="graduate_salary_amount",
    title=Text("小微企业就业补贴金额（每月）", "Small-employer supplement for a month"),
    cites="青岛市人力资源和社会保障局（未找到文号）",
    evidence="verify",
)
def graduate_salary_amount() -> Expression:
    """A monthly sum for each graduate; paid to the graduates themselves."""
    return e.graduates_on_micro_salary * own.per_month


@e.amount(
    id="skill_upgrade_amount",
    title=Text("技能提升补贴金额", "Skill subsidy"),
    cites="人社部发〔2022〕23号",
)
def skill_upgrade_amount() -> Expression:
    """A sum by the level of each certificate; paid to the persons themselves."""
    level = certificates.skill_level
    award = case(
        (level.is_("primary"), own.primary), (level.is_("intermediate"), own.intermediate), otherwise=own.advanced
    )
    return certificates.sum(award, SKILLED_STAFF)


@e.amount(
    id="startup_subsidy_amount",
    title=Text("创业补贴金额", "Start-up subsidy"),
    cites="青人社规〔2018〕8号",
    evidence="verify",
)
def startup_subsidy_amount() -> Expression:
    """A base by kind of entity and a sum for each job created, up to a total; none for a medium or large enterprise."""
    individual = e.entity_type.is_("个体工商户")
    base = case((individual, own.base_individual), otherwise=own.base_enterprise)
    total = (base + e.jobs_created * own.per_job).or_smaller(own.max_total)
    return case((individual | e.size.is_in("micro", "small"), total), otherwise=yuan(0))
