"""What the other departments deliver: loans, rents, titles, projects, statistics, listings."""

from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.scenarios.benefits.columns import boolean, code, day, key, money, number, register, share

_TEN_BILLION = 10_000_000_000

LOANS = register(
    "loans",
    Text("信贷", "Loans"),
    "financial_regulation",
    key("loan_id", "借据编号", "Loan number"),
    code(
        "loan_type",
        "贷款类型",
        "Kind of loan",
        {
            "startup_guaranteed": ("创业担保贷款", "Guaranteed start-up loan"),
            "inclusive_small": ("普惠小微贷款", "Inclusive loan to small business"),
            "equipment_renewal": ("设备更新改造贷款", "Equipment renewal loan"),
            "other": ("其他贷款", "Other"),
        },
        also={"普惠小微(单户授信≤1000万)": "inclusive_small", "普惠小微": "inclusive_small"},
    ),
    code(
        "loan_field",
        "投向领域",
        "Field the loan goes to",
        {
            "education": ("教育", "Education"),
            "health": ("卫生健康", "Health"),
            "culture": ("文旅体育", "Culture, tourism, sport"),
            "training": ("实训基地", "Training bases"),
            "charging": ("充电桩", "Charging points"),
            "pipe_gallery": ("城市地下综合管廊", "Underground pipe galleries"),
            "infrastructure": ("新型基础设施", "New infrastructure"),
            "digital": ("产业数字化转型", "Digital transformation"),
            "energy": ("重点领域节能降碳改造升级", "Energy saving and carbon reduction"),
            "recycling": ("废旧家电回收处理", "Recycling of appliances"),
            "other": ("其他", "Other"),
        },
    ),
    money("loan_amount", "贷款金额", "Amount of the loan", most=_TEN_BILLION),
    number("term_months", "贷款期限", "Term in months", unit="month", most=1200),
    share("loan_rate", "贷款年利率", "Yearly interest rate"),
    money("balance", "贷款余额", "Balance", most=1_000_000_000),
    number("interest_days", "计息天数", "Days of interest", unit="day", most=366),
    row=("loan_id",),
)

RENT_CONTRACTS = register(
    "rent_contracts",
    Text("国有房屋租赁合同", "Leases of state-owned premises"),
    "state_assets",
    key("contract_id", "合同编号", "Contract number"),
    code(
        "landlord",
        "出租方性质",
        "Kind of landlord",
        {
            "state_company": ("市及区（市）属国有企业", "State-owned company of the city or district"),
            "public_body": ("行政事业单位", "Public body"),
            "other": ("其他", "Other"),
        },
    ),
    money("monthly_rent", "月租金", "Monthly rent", most=100_000_000),
    row=("contract_id",),
)

EPIDEMIC_SUPPORT = register(
    "epidemic_support",
    Text("疫情影响认定", "Findings on the epidemic's effect"),
    "health_bureau",
    boolean(
        "city_had_mid_high_risk_area_2022",
        "所在城市2022年出现过中高风险疫情地区",
        "City had a medium or high risk area in 2022",
    ),
    boolean(
        "county_had_mid_high_risk_area_2022",
        "所在区市2022年被列为中高风险地区",
        "County had a medium or high risk area in 2022",
    ),
    boolean("epidemic_hardship", "受疫情影响生产经营困难", "In difficulty because of the epidemic"),
)

TITLES = register(
    "titles",
    Text("企业认定名单", "Titles awarded"),
    "industry_bureau",
    code(
        "title_new",
        "新获称号",
        "Title",
        {
            "champion_enterprise": ("单项冠军示范企业", "Single-product champion enterprise"),
            "champion_product": ("单项冠军产品", "Single-product champion product"),
            "service_national": ("国家级服务型制造示范", "National model of service-oriented manufacturing"),
            "service_provincial": ("省级服务型制造示范", "Provincial model of service-oriented manufacturing"),
            "smart_benchmark": ("省智能制造标杆企业", "Provincial benchmark of smart manufacturing"),
            "top_ten_scene": ("十佳场景示范", "Top ten scene"),
            "city_platform": ("市级工业互联网平台", "City industrial internet platform"),
            "smart_factory": ("智能（互联）工厂", "Smart factory"),
            "digital_workshop": ("数字化车间或自动化生产线", "Digital workshop or automated line"),
            "top_hundred_first": ("电子信息百强或互联网百强首次", "First time among the top hundred"),
            "hidden_champion": ("青岛市隐形冠军", "Qingdao hidden champion"),
            "gazelle": ("山东省瞪羚", "Shandong gazelle"),
            "unicorn": ("山东省独角兽", "Shandong unicorn"),
            "little_giant": ("国家小巨人", "National little giant"),
        },
    ),
    day("awarded_on", "认定日期", "Awarded on"),
    money("title_investment", "软硬件投资额", "Investment in software and hardware", most=_TEN_BILLION),
    money("provincial_award", "省级补助标准", "Award paid by the province", most=_TEN_BILLION),
    row=("title_new",),
    optional=frozenset({"title_investment", "provincial_award"}),
)

INDUSTRY_SUPPORT = register(
    "industry_support",
    Text("工业和信息化项目与名单", "Industry projects and lists"),
    "industry_bureau",
    boolean("on_advanced_mfg_list", "列入先进制造业企业名单", "On the list of advanced manufacturers"),
    boolean("tech_transform_project_qualified", "技术改造项目达到标准", "Qualified project of technical renewal"),
    boolean("tech_transform_major_project", "重大技术改造项目", "Major project of technical renewal"),
    money("equipment_invest_year", "本年技改设备投资额", "Equipment invested this year", most=_TEN_BILLION),
    money("robot_invest_year", "本年工业机器人投资额", "Industrial robots invested this year", most=_TEN_BILLION),
    boolean(
        "industrial_internet_platform_listed",
        "列入工业互联网平台服务商",
        "Listed provider of an industrial internet platform",
    ),
    number("local_clients_year", "本年服务本地企业数", "Local clients this year", unit="count", most=1_000_000),
    money("local_service_income", "本年本地服务收入", "Local service income this year", most=_TEN_BILLION),
    boolean("in_high_growth_pool", "列入优势高成长企业培育库", "In the pool of high-growth enterprises"),
)

SCIENCE_LISTS = register(
    "science_lists",
    Text("科技企业名录", "Lists of science and technology enterprises"),
    "science_bureau",
    boolean("tech_sme_registered", "当年入库科技型中小企业", "Registered science and technology SME this year"),
    boolean("first_time_hnte", "首次认定高新技术企业", "First-time high-tech enterprise"),
)

STATISTICS = register(
    "statistics_reports",
    Text("统计联网直报", "Statistical reports"),
    "statistics_bureau",
    money("revenue_first_time_over", "营业收入首次跨越的台阶", "Threshold that revenue first passed"),
    boolean("above_scale_before", "此前已是规模以上单位", "Already above scale before"),
    boolean("construction_qualified", "有建筑业总承包或专业承包资质", "Qualified contractor"),
)

LISTINGS = register(
    "listings",
    Text("企业上市与挂牌", "Listings"),
    "financial_regulation",
    code(
        "listing_stage",
        "上市进程",
        "Stage of listing",
        {
            "domestic_staged": ("境内主板/科创板/创业板按进程分阶段", "Domestic board, by stage"),
            "backdoor_moved_in": ("借壳并迁入", "Reverse listing, moved in"),
            "listed_moved_in": ("市外上市公司迁入", "Listed company moved in"),
            "overseas": ("境外主板首发募资≥1亿元", "Overseas main board, raised 100 million yuan or more"),
            "none": ("未启动", "Not begun"),
        },
    ),
    money("listing_award_assessed", "按进程核定的上市补助", "Award assessed for the stage", most=_TEN_BILLION),
    boolean("neeq_listed", "新三板挂牌", "Quoted on the NEEQ"),
    money(
        "regional_board_direct_financing_year",
        "本年区域股权市场直接融资额",
        "Direct financing on the regional board this year",
        most=_TEN_BILLION,
    ),
    optional=frozenset({"listing_award_assessed"}),
)

SUPPORT_REGISTERS: tuple[Register, ...] = (
    LOANS,
    RENT_CONTRACTS,
    EPIDEMIC_SUPPORT,
    TITLES,
    INDUSTRY_SUPPORT,
    SCIENCE_LISTS,
    STATISTICS,
    LISTINGS,
)
