"""What the human resources bureau and the disabled persons' federation deliver: hires, insurance, founders, skills."""

from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.scenarios.benefits.columns import boolean, code, day, key, money, number, register

_LARGEST_EMPLOYER = 10_000_000

HIRES = register(
    "hires",
    Text("招用人员", "Hires"),
    "human_resources",
    key("person_id", "人员编号", "Person", personal=True),
    code(
        "hired_person_category",
        "人员类别",
        "Category of person",
        {
            "graduation_year": ("毕业年度高校毕业生", "Graduate in the year of graduation"),
            "graduate_two_years": ("离校两年内未就业高校毕业生", "Graduate without work within two years of leaving"),
            "unemployed_youth": ("登记失业的16-24岁青年", "Registered unemployed aged 16 to 24"),
            "hard_to_employ": ("就业困难人员", "Person with difficulty finding work"),
            "lifted_from_poverty": ("脱贫人口（含防止返贫监测对象）", "Person lifted from poverty, or monitored"),
            "unemployed_half_year": ("登记失业半年以上人员", "Registered unemployed for half a year or more"),
            "veteran": ("自主就业退役士兵", "Veteran finding work by himself"),
            "other": ("其他人员", "Other"),
        },
        also={
            "离校2年内未就业高校毕业生": "graduate_two_years",
            "离校两年内未就业普通高校毕业生": "graduate_two_years",
            "脱贫人口": "lifted_from_poverty",
            "登记失业的 16-24 岁青年": "unemployed_youth",
            "毕业年度高校毕业生（2022届）": "graduation_year",
            "毕业年度高校毕业生（2022 届）": "graduation_year",
            "2023届普通高校毕业生": "graduation_year",
            "2023 届普通高校毕业生": "graduation_year",
        },
        personal=True,
    ),
    day("hired_on", "招用日期", "Hired on", personal=True),
    number("contract_months", "劳动合同月数", "Contract in months", unit="month", most=1200, personal=True),
    number(
        "months_worked_this_year",
        "本年度实际工作月数",
        "Months worked this year",
        unit="month",
        most=12,
        personal=True,
    ),
    boolean("labor_contract_signed", "已签订劳动合同", "Labour contract signed", personal=True),
    boolean("unemployment_insurance_enrolled", "已参加失业保险", "Enrolled in unemployment insurance", personal=True),
    boolean("social_insurance_paid", "已缴纳社会保险", "Social insurance paid", personal=True),
    number(
        "insured_months_three_insurances",
        "三项社会保险缴费月数",
        "Months insured in pension, unemployment and injury",
        unit="month",
        most=1200,
        personal=True,
        meaning="城镇职工养老、失业、工伤保险均已缴费的月数",
    ),
    money(
        "employer_social_insurance_paid",
        "单位实缴社会保险费",
        "Social insurance paid by the employer",
        most=10_000_000,
        personal=True,
        meaning="本期单位缴纳部分，不含个人部分",
    ),
    boolean("within_five_years_of_retirement", "距退休不足5年", "Within five years of retirement", personal=True),
    number("graduate_year", "毕业年份", "Year of graduation", unit="year", least=1900, most=2100, personal=True),
    code(
        "degree",
        "学历",
        "Degree",
        {
            "none": ("无高等学历", "None"),
            "college": ("专科", "College"),
            "bachelor": ("本科", "Bachelor"),
            "master": ("硕士", "Master"),
            "doctor": ("博士", "Doctor"),
        },
        also={"全日制本科": "bachelor"},
        personal=True,
    ),
    boolean("legal_representative", "任企业法定代表人", "Legal representative of an enterprise", personal=True),
    row=("person_id",),
)

INSURANCE_STATUS = register(
    "insurance_status",
    Text("社会保险参保状态", "Social insurance status"),
    "human_resources",
    boolean("insured_employer", "已参保缴费单位", "Insured employer"),
    number("insured_persons", "当前失业保险参保人数", "Persons insured now", unit="person", most=_LARGEST_EMPLOYER),
    code(
        "employer",
        "用人单位性质",
        "Kind of employer",
        {
            "public": ("机关事业单位", "Public body"),
            "enterprise": ("企业", "Enterprise"),
            "individual_business": ("个体工商户", "Individual business"),
            "social": ("社会组织", "Social organisation"),
        },
    ),
    boolean("wage_or_insurance_arrears", "拖欠工资或社会保险费", "Wages or insurance in arrears"),
)

FOUNDERS = register(
    "founders",
    Text("创业人员", "Founders"),
    "human_resources",
    day("first_time_founder_since", "首次创办日期", "First-time founder since", personal=True),
    number(
        "founder_social_insurance_months",
        "创业者社会保险缴费月数",
        "Founder's months of social insurance",
        unit="month",
        most=1200,
        personal=True,
    ),
    number("jobs_created", "新增就业岗位", "Jobs created", unit="count", most=100_000),
)

CERTIFICATES = register(
    "certificates",
    Text("职工职业技能证书", "Skill certificates of staff"),
    "human_resources",
    key("certificate_id", "证书编号", "Certificate", personal=True),
    code(
        "skill_level",
        "技能等级",
        "Skill level",
        {
            "primary": ("初级（五级）", "Primary (5)"),
            "intermediate": ("中级（四级）", "Intermediate (4)"),
            "advanced": ("高级（三级）", "Advanced (3)"),
        },
        also={"初级": "primary", "中级": "intermediate", "高级": "advanced"},
        personal=True,
    ),
    day("certificate_issued_on", "发证日期", "Issued on", personal=True),
    number(
        "unemployment_insurance_months",
        "本人失业保险累计缴费月数",
        "Person's months of unemployment insurance",
        unit="month",
        most=1200,
        personal=True,
    ),
    row=("certificate_id",),
)

DISABLED_EMPLOYMENT = register(
    "disabled_employment",
    Text("残疾人就业认定", "Employment of disabled persons"),
    "disabled_federation",
    number("staff_last_year", "上年在职职工人数", "Staff last year", unit="person", most=_LARGEST_EMPLOYER),
    number(
        "disabled_hired",
        "上年安排残疾人就业人数",
        "Disabled persons employed last year",
        unit="person",
        most=_LARGEST_EMPLOYER,
        meaning="已按规定折算，盲人1人计2人",
    ),
    money("avg_wage", "上年在职职工年平均工资", "Average yearly wage last year", most=10_000_000),
    money("local_avg_wage", "当地社会平均工资", "Local average yearly wage", most=10_000_000),
)

PEOPLE_REGISTERS: tuple[Register, ...] = (HIRES, INSURANCE_STATUS, FOUNDERS, CERTIFICATES, DISABLED_EMPLOYMENT)
