-- The policies in force on 2022-12-31, written by hand for DuckDB, in two levels: first every condition once as a small number
-- (0 not met, 1 met, 2 unknown), then of these every policy's outcome (0 refused, 1 granted, 2 undetermined) and its states
-- (two bits a condition). It reads `wide`, one row an enterprise with its observed facts, and the related registers `hires`,
-- `assets`, `titles`, `loans`, `rent_contracts`, `vat_returns`. Money is fen; null is unknown and nothing else.

create or replace temp macro state(truth) as case when truth is null then 2 when truth then 1 else 0 end::smallint;
create or replace temp macro outcome(truth) as case when truth is null then 2 when truth then 1 else 0 end::tinyint;
create or replace temp macro some_row(truth) as case when bool_or(truth) then true when bool_or(truth is null) then null else false end;
create or replace temp macro how_many(truth) as case when count(*) = count(truth) then count(*) filter (truth) end;
create or replace temp macro states1(a) as a;
create or replace temp macro states2(a, b) as (a + b * 4::smallint)::smallint;
create or replace temp macro states3(a, b, c) as (a + b * 4::smallint + c * 16::smallint)::smallint;
create or replace temp macro states4(a, b, c, d) as (a + b * 4::smallint + c * 16::smallint + d * 64::smallint)::smallint;

create or replace temp view decisions as
with
graduates as (
  select
    credit_code, person_id, hired_on,
    hired_person_category = 'graduation_year' and hired_on between date '2022-01-01' and date '2022-12-31'
      and labor_contract_signed and unemployment_insurance_enrolled as for_expansion,
    hired_person_category = 'graduation_year' and hired_on between date '2022-01-01' and date '2022-12-31'
      and contract_months >= 12 as for_absorption
  from hires
  where hired_person_category is null or hired_person_category = 'graduation_year'
),
claims as (  -- a graduate counts for the enterprise that hired first, among the hires that count at all
  select
    credit_code, for_expansion, for_absorption,
    case
      when (for_expansion or for_absorption) is null or hired_on is null then null
      else (for_expansion or for_absorption) and row_number() over (
        partition by person_id order by coalesce(for_expansion or for_absorption, false) desc, hired_on, credit_code
      ) = 1
    end as claim
  from graduates
),
graduate_counts as (
  select
    credit_code,
    how_many(for_expansion and claim) as expand_jobs_graduates,
    how_many(for_absorption and not for_expansion and claim) as absorb_jobs_graduates
  from claims
  group by credit_code
),
hire_counts as (
  select
    credit_code,
    how_many(
      hired_person_category in (
        'lifted_from_poverty', 'unemployed_half_year', 'veteran', 'hard_to_employ', 'graduation_year', 'graduate_two_years'
      )
      and contract_months >= 12 and hired_on between date '2022-01-01' and date '2022-12-31'
    ) as new_eligible_hires
  from hires
  group by credit_code
),
asset_tests as (
  select
    credit_code,
    some_row(
      asset_kind = 'equipment' and unit_price <= 5_000_000_00 and purchase_date between date '2022-01-01' and date '2022-12-31'
    ) as small_equipment,
    some_row(unit_price > 5_000_000_00 and purchase_date between date '2022-01-01' and date '2022-12-31') as large_equipment
  from assets
  group by credit_code
),
title_counts as (
  select
    credit_code,
    how_many(
      title_new in ('champion_enterprise', 'champion_product', 'service_national', 'service_provincial', 'smart_benchmark')
      and awarded_on between date '2022-01-01' and date '2022-12-31'
    ) as manufacturing_titles,
    how_many(
      title_new in ('top_ten_scene', 'city_platform', 'smart_factory', 'digital_workshop', 'top_hundred_first')
      and awarded_on between date '2022-01-01' and date '2022-12-31'
    ) as digital_titles
  from titles
  group by credit_code
),
loan_tests as (
  select
    credit_code,
    some_row(loan_type = 'startup_guaranteed' and loan_amount <= 3_000_000_00 and term_months <= 24) as guaranteed_loan
  from loans
  group by credit_code
),
rent_tests as (
  select credit_code, some_row(landlord in ('state_company', 'public_body')) as state_premises
  from rent_contracts
  group by credit_code
),
december as (
  select
    credit_code,
    case when count(*) = count(vat_sales_month) then max(vat_sales_month) end as sales_of_month,
    case when count(*) = count(vat_sales_quarter) then max(vat_sales_quarter) end as sales_of_quarter
  from vat_returns
  where period between date '2022-12-01' and date '2022-12-31'
  group by credit_code
),
-- lower bounds of small, medium and large, as the size standard has them; null where an indicator does not apply
size_bounds(size_industry, staff_1, staff_2, staff_3, revenue_1, revenue_2, revenue_3, assets_1, assets_2, assets_3) as (
  values
    ('agriculture', null, null, null, 50_0000_00, 500_0000_00, 2_0000_0000_00, null, null, null),
    ('industry', 20, 300, 1000, 300_0000_00, 2000_0000_00, 4_0000_0000_00, null, null, null),
    ('construction', null, null, null, 300_0000_00, 6000_0000_00, 8_0000_0000_00, 300_0000_00, 5000_0000_00, 8_0000_0000_00),
    ('wholesale', 5, 20, 200, 1000_0000_00, 5000_0000_00, 4_0000_0000_00, null, null, null),
    ('retail', 10, 50, 300, 100_0000_00, 500_0000_00, 2_0000_0000_00, null, null, null),
    ('transport', 20, 300, 1000, 200_0000_00, 3000_0000_00, 3_0000_0000_00, null, null, null),
    ('warehousing', 20, 100, 200, 100_0000_00, 1000_0000_00, 3_0000_0000_00, null, null, null),
    ('post', 20, 300, 1000, 100_0000_00, 2000_0000_00, 3_0000_0000_00, null, null, null),
    ('accommodation', 10, 100, 300, 100_0000_00, 2000_0000_00, 1_0000_0000_00, null, null, null),
    ('catering', 10, 100, 300, 100_0000_00, 2000_0000_00, 1_0000_0000_00, null, null, null),
    ('info_transmission', 10, 100, 2000, 100_0000_00, 1000_0000_00, 10_0000_0000_00, null, null, null),
    ('software_it', 10, 100, 300, 50_0000_00, 1000_0000_00, 1_0000_0000_00, null, null, null),
    ('real_estate_dev', null, null, null, 100_0000_00, 1000_0000_00, 20_0000_0000_00, 2000_0000_00, 5000_0000_00, 1_0000_0000_00),
    ('property_mgmt', 100, 300, 1000, 500_0000_00, 1000_0000_00, 5000_0000_00, null, null, null),
    ('leasing_business', 10, 100, 300, null, null, null, 100_0000_00, 8000_0000_00, 12_0000_0000_00),
    ('other', 10, 100, 300, null, null, null, null, null, null),
    ('finance', null, null, null, null, null, null, null, null, null),
    ('not_covered', null, null, null, null, null, null, null, null, null)
),
coded as (
  select
    *,
    case
      when industry_code[1] = 'A' then 'agriculture'
      when industry_code[1] in ('B', 'C', 'D') then 'industry'
      when industry_code[1] = 'E' then 'construction'
      when industry_code[1:3] = 'F51' then 'wholesale'
      when industry_code[1:3] = 'F52' then 'retail'
      when industry_code[1:3] in ('G54', 'G55', 'G56', 'G57', 'G58') or industry_code[1:4] = 'G591' then 'transport'
      when industry_code[1:4] in ('G590', 'G592', 'G593', 'G594', 'G595', 'G596', 'G597', 'G598', 'G599') then 'warehousing'
      when industry_code[1:3] = 'G60' then 'post'
      when industry_code[1:3] = 'H61' then 'accommodation'
      when industry_code[1:3] = 'H62' then 'catering'
      when industry_code[1:3] in ('I63', 'I64') then 'info_transmission'
      when industry_code[1:3] = 'I65' then 'software_it'
      when industry_code[1:4] = 'K701' then 'real_estate_dev'
      when industry_code[1:4] = 'K702' then 'property_mgmt'
      when industry_code[1] = 'L' then 'leasing_business'
      when industry_code[1] in ('M', 'N', 'O', 'R') or industry_code[1:3] = 'Q85' or industry_code[1:4] in ('K703', 'K709')
        then 'other'
      when industry_code[1] = 'J' then 'finance'
      when industry_code[1] in ('P', 'S', 'T') or industry_code[1:3] in ('G53', 'Q84') or industry_code[1:4] = 'K704'
        then 'not_covered'
    end as size_industry,
    case
      when industry_code[1:3] in ('C13') then '农副食品加工业'
      when industry_code[1:3] in ('C17') then '纺织业'
      when industry_code[1:3] in ('C18') then '纺织服装服饰业'
      when industry_code[1:3] in ('C22') then '造纸和纸制品业'
      when industry_code[1:3] in ('C23') then '印刷和记录媒介复制业'
      when industry_code[1:3] in ('C27') then '医药制造业'
      when industry_code[1:3] in ('C28') then '化学纤维制造业'
      when industry_code[1:3] in ('C29') then '橡胶和塑料制品业'
      when industry_code[1:3] in ('C34') then '通用设备制造业'
      when industry_code[1:3] in ('C36') then '汽车制造业'
      when industry_code[1:3] in ('C37') then '铁路船舶航空航天和其他运输设备制造业'
      when industry_code[1:3] in ('C40') then '仪器仪表制造业'
      when industry_code[1:3] in (
        'C14', 'C15', 'C16', 'C19', 'C20', 'C21', 'C24', 'C25', 'C26', 'C30',
        'C31', 'C32', 'C33', 'C35', 'C38', 'C39', 'C41', 'C42', 'C43'
      ) then '其他制造业'
      when industry_code[1] = 'A' then '农林牧渔业'
      when industry_code[1] = 'B' then '采矿业'
      when industry_code[1] = 'D' then '电力热力燃气及水生产和供应业'
      when industry_code[1] = 'E' then '建筑业'
      when industry_code[1:3] = 'F51' then '批发'
      when industry_code[1:3] = 'F52' then '零售'
      when industry_code[1:3] in ('G53', 'G54', 'G55') then '公路水路铁路运输'
      when industry_code[1:3] = 'G56' then '民航'
      when industry_code[1:3] in ('G57', 'G58', 'G59', 'G60') then '其他交通运输仓储和邮政业'
      when industry_code[1:3] = 'H61' then '住宿'
      when industry_code[1:3] = 'H62' then '餐饮'
      when industry_code[1:3] in ('I63', 'I64') then '电信和互联网服务'
      when industry_code[1:3] = 'I65' then '软件和信息技术服务业'
      when industry_code[1] = 'J' then '金融业'
      when industry_code[1] = 'K' then '房地产业'
      when industry_code[1:5] = 'L7291' or industry_code[1:4] = 'N786' then '旅游'
      when industry_code[1:3] = 'L71' or industry_code[1:5] in (
        'L7290', 'L7292', 'L7293', 'L7294', 'L7295', 'L7296', 'L7297', 'L7298', 'L7299'
      ) or industry_code[1:4] in ('L720', 'L721', 'L722', 'L723', 'L724', 'L725', 'L726', 'L727', 'L728')
        then '租赁和商务服务业'
      when industry_code[1] = 'M' then '科学研究和技术服务业'
      when industry_code[1:3] = 'N77' then '生态保护和环境治理业'
      when industry_code[1:3] in ('N76', 'N79')
        or industry_code[1:4] in ('N780', 'N781', 'N782', 'N783', 'N784', 'N785', 'N787', 'N788', 'N789')
        then '水利和公共设施管理业'
      when industry_code[1] = 'O' then '居民服务修理和其他服务业'
      when industry_code[1] = 'P' then '教育'
      when industry_code[1:3] = 'Q84' then '卫生'
      when industry_code[1:3] = 'Q85' then '社会工作'
      when industry_code[1:3] = 'R86' then '新闻和出版业'
      when industry_code[1:3] = 'R87' then '广播电视电影和录音制作业'
      when industry_code[1:3] = 'R88' then '文化艺术业'
      when industry_code[1:3] = 'R89' then '体育'
      when industry_code[1:3] = 'R90' then '娱乐业'
      when industry_code[1] in ('S', 'T') then '公共管理和国际组织'
    end as industry_group,
    case
      when industry_code[1] in ('F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T')
        or industry_code[1:3] in ('A05', 'B11', 'C43') then true
      when industry_code[1] in ('D', 'E') or industry_code[1:3] in (
        'A01', 'A02', 'A03', 'A04', 'B06', 'B07', 'B08', 'B09', 'B10', 'B12',
        'C13', 'C14', 'C15', 'C16', 'C17', 'C18', 'C19', 'C20', 'C21', 'C22', 'C23', 'C24', 'C25', 'C26', 'C27',
        'C28', 'C29', 'C30', 'C31', 'C32', 'C33', 'C34', 'C35', 'C36', 'C37', 'C38', 'C39', 'C40', 'C41', 'C42'
      ) then false
    end as in_services
  from wide
),
levels as (  -- 0 micro to 3 large by every indicator; one that does not apply holds nobody back
  select
    coded.*,
    case
      when size_industry is null or size_industry in ('finance', 'not_covered') then null
      when staff_3 is null then 3
      when employees >= staff_3 then 3 when employees >= staff_2 then 2 when employees >= staff_1 then 1 when employees < staff_1 then 0
    end as staff_level,
    case
      when size_industry is null then null
      when revenue_3 is null then 3
      when revenue_year >= revenue_3 then 3 when revenue_year >= revenue_2 then 2
      when revenue_year >= revenue_1 then 1 when revenue_year < revenue_1 then 0
    end as revenue_level,
    case
      when size_industry is null then null
      when revenue_3 is null then 3
      when vat_sales_year >= revenue_3 then 3 when vat_sales_year >= revenue_2 then 2
      when vat_sales_year >= revenue_1 then 1 when vat_sales_year < revenue_1 then 0
    end as sales_level,
    case
      when size_industry is null then null
      when assets_3 is null then 3
      when assets_year_end >= assets_3 then 3 when assets_year_end >= assets_2 then 2
      when assets_year_end >= assets_1 then 1 when assets_year_end < assets_1 then 0
    end as assets_level
  from coded left join size_bounds using (size_industry)
),
facts as (
  select
    levels.*,
    case
      when staff_level is not null and revenue_level is not null and assets_level is not null
        then least(staff_level, revenue_level, assets_level)
    end as size_level,
    case
      when size_industry = 'finance' then null
      when size_industry in ('other', 'not_covered') then case
        when vat_sales_year < 1_000_000_00 then 0 when vat_sales_year < 20_000_000_00 then 1
        when vat_sales_year < 100_000_000_00 then 2 when vat_sales_year >= 100_000_000_00 then 3
      end
      when sales_level is not null and assets_level is not null then least(sales_level, assets_level)
    end as refund_size_level,
    case
      when size_industry is null then null
      when size_industry in ('info_transmission', 'construction', 'leasing_business')
        then employees < 2000 or revenue_year < 1_000_000_000_00 or assets_year_end < 1_200_000_000_00
      when size_industry = 'real_estate_dev' then revenue_year < 2_000_000_000_00 or assets_year_end < 100_000_000_00
      else employees < 1000 or revenue_year < 400_000_000_00
    end as sme_for_equipment,
    case
      when industry_section is null then null
      when industry_section = 'E' then construction_qualified
      when industry_section in ('B', 'C', 'D', 'G', 'I', 'N') then revenue_year >= 20_000_000_00
      when industry_section = 'H' then revenue_year >= 2_000_000_00
      when industry_code is null then null
      when industry_code[1:3] in ('Q84') then revenue_year >= 20_000_000_00
      when industry_section in ('L', 'M', 'P') or industry_code[1:4] in ('K702', 'K703') then revenue_year >= 10_000_000_00
      when industry_section in ('O', 'R') or industry_code[1:3] = 'Q85' then revenue_year >= 5_000_000_00
      when industry_code[1:3] = 'F51' then revenue_year >= 20_000_000_00
      when industry_code[1:3] = 'F52' then revenue_year >= 5_000_000_00
      when industry_code[1:4] = 'K701' then true
    end as above_scale,
    registered_on <= date '2021-12-31' as in_business_a_year,  -- 12 full months on a 31st
    coalesce(expand_jobs_graduates, if(graduate_counts.credit_code is null, 0, null)) as expand_jobs_graduates_2022,
    coalesce(absorb_jobs_graduates, if(graduate_counts.credit_code is null, 0, null)) as absorb_jobs_graduates_2022,
    coalesce(new_eligible_hires, if(hire_counts.credit_code is null, 0, null)) as new_hires,
    coalesce(small_equipment, if(asset_tests.credit_code is null, false, null)) as small_equipment_bought,
    coalesce(large_equipment, if(asset_tests.credit_code is null, false, null)) as large_equipment_bought,
    coalesce(manufacturing_titles, if(title_counts.credit_code is null, 0, null)) as manufacturing_titles_2022,
    coalesce(digital_titles, if(title_counts.credit_code is null, 0, null)) as digital_titles_2022,
    coalesce(guaranteed_loan, if(loan_tests.credit_code is null, false, null)) as has_guaranteed_loan,
    coalesce(state_premises, if(rent_tests.credit_code is null, false, null)) as rents_state_premises,
    sales_of_month, sales_of_quarter
  from levels
  left join graduate_counts using (credit_code)
  left join hire_counts using (credit_code)
  left join asset_tests using (credit_code)
  left join title_counts using (credit_code)
  left join loan_tests using (credit_code)
  left join rent_tests using (credit_code)
  left join december using (credit_code)
),
conditions as (
  select
    credit_code,
    taxable_income_year <= 3_000_000_00 as income_small,
    staff_avg_quarterly <= 300 as staff_small,
    assets_avg_quarterly <= 50_000_000_00 as assets_small,
    not industry_restricted_or_prohibited as industry_free,
    taxable_income_year <= 3_000_000_00 and staff_avg_quarterly <= 300 and assets_avg_quarterly <= 50_000_000_00
      and not industry_restricted_or_prohibited as small_low_profit,
    staff_last_year * 3 > disabled_hired * 200 as below_quota,
    small_equipment_bought, large_equipment_bought,
    expand_jobs_graduates_2022 >= 1 as expands_jobs,
    absorb_jobs_graduates_2022 >= 1 as absorbs_jobs,
    hnte_certificate_valid,
    insured_employer,
    industry_section = 'C' as manufacturing,
    vat_sales_year < 400_000_000_00 as sales_below_400m,
    size_level <= 2 as small_or_medium,
    size_level <= 1 as small_or_micro,
    entity_type = '个体工商户' as sole_trader,
    digital_titles_2022 >= 1 as digital_title,
    industrial_internet_platform_listed,
    local_clients_year >= 50 as clients_50,
    local_service_income >= 10_000_000_00 as service_income_10m,
    in_high_growth_pool,
    listing_stage in ('domestic_staged', 'backdoor_moved_in', 'listed_moved_in', 'overseas') as listing,
    neeq_listed,
    regional_board_direct_financing_year >= 1_000_000_00 as financed_1m,
    manufacturing_titles_2022 >= 1 as manufacturing_title,
    above_scale,
    revenue_first_time_over >= 5_000_000_000_00 as revenue_over_5b,
    robot_invest_year >= 500_000_00 as robots_500k,
    first_time_founder_since >= date '2013-10-01' as founder,
    in_business_a_year,
    founder_social_insurance_months >= 12 as founder_insured,
    tech_transform_project_qualified,
    not negative_list_industry_main as not_negative_list,
    account_type = 'audited' as audited,
    city_had_mid_high_risk_area_2022,
    industry_group in ('餐饮', '零售', '旅游', '民航', '公路水路铁路运输') as hit_industry,
    rd_super_deduction_filed,
    '青岛' <> '青岛' as outside_qingdao,
    first_time_hnte,
    vat_payer_type = 'small_scale' as small_scale_payer,
    sme_for_equipment,
    industry_group in (
      '农副食品加工业', '纺织业', '纺织服装服饰业', '造纸和纸制品业', '印刷和记录媒介复制业', '医药制造业', '化学纤维制造业',
      '橡胶和塑料制品业', '通用设备制造业', '汽车制造业', '铁路船舶航空航天和其他运输设备制造业', '仪器仪表制造业', '社会工作',
      '广播电视电影和录音制作业', '文化艺术业', '体育', '娱乐业'
    ) as hardship_industry,
    epidemic_hardship,
    unemployment_insurance_months_last_year >= 12 as insured_12_months,
    layoff_rate <= 55_000_000_000 as few_layoffs,
    insured_avg <= 30 as insured_30,
    layoff_rate <= 200_000_000_000 as few_layoffs_small,
    not on_zombie_or_seriously_dishonest_list as honest,
    has_guaranteed_loan,
    employees >= 1 and new_hires * 100 >= employees * if(employees > 100, 8, 15) as enough_new_hires,
    not wage_or_insurance_arrears as no_arrears,
    rents_state_premises,
    in_services,
    tax_credit_grade in ('A', 'B') as grade_ab,
    not fraud_refund_or_false_invoice_36m as no_fraud,
    tax_evasion_penalties_36m < 2 as few_penalties,
    not instant_refund_policy_since_2019_04 as no_instant_refund,
    refund_size_level <= 1 as refund_small,
    industry_group in (
      '农副食品加工业', '纺织业', '纺织服装服饰业', '造纸和纸制品业', '印刷和记录媒介复制业', '医药制造业', '化学纤维制造业',
      '橡胶和塑料制品业', '通用设备制造业', '汽车制造业', '铁路船舶航空航天和其他运输设备制造业', '仪器仪表制造业', '其他制造业',
      '科学研究和技术服务业', '电力热力燃气及水生产和供应业', '软件和信息技术服务业', '生态保护和环境治理业', '公路水路铁路运输',
      '民航', '其他交通运输仓储和邮政业'
    ) as refund_industry,
    industry_group in (
      '批发', '零售', '农林牧渔业', '住宿', '餐饮', '居民服务修理和其他服务业', '教育', '卫生', '社会工作', '新闻和出版业',
      '广播电视电影和录音制作业', '文化艺术业', '体育', '娱乐业'
    ) as refund_industry_july,
    sales_of_month <= 150_000_00 as month_within,
    sales_of_quarter <= 450_000_00 as quarter_within,
    levy_rate = 30_000_000_000 as levied_3pct
  from facts
),
tri as (
  select
    *,
    state(income_small) as s_income_small, state(staff_small) as s_staff_small, state(assets_small) as s_assets_small,
    state(industry_free) as s_industry_free, state(small_low_profit) as s_small_low_profit,
    state(below_quota) as s_below_quota, state(small_equipment_bought) as s_small_equipment,
    state(large_equipment_bought) as s_large_equipment, state(expands_jobs) as s_expands_jobs,
    state(absorbs_jobs) as s_absorbs_jobs, state(hnte_certificate_valid) as s_hnte, state(insured_employer) as s_insured,
    state(manufacturing) as s_manufacturing, state(sales_below_400m) as s_sales_below_400m,
    state(small_or_medium) as s_small_or_medium, state(small_or_micro) as s_small_or_micro,
    state(sole_trader) as s_sole_trader, state(digital_title) as s_digital_title,
    state(industrial_internet_platform_listed) as s_platform, state(clients_50) as s_clients_50,
    state(service_income_10m) as s_service_income_10m, state(in_high_growth_pool) as s_pool,
    state(listing) as s_listing, state(neeq_listed) as s_neeq,
    state(financed_1m) as s_financed_1m, state(manufacturing_title) as s_manufacturing_title,
    state(above_scale) as s_above_scale, state(revenue_over_5b) as s_revenue_over_5b, state(robots_500k) as s_robots_500k,
    state(founder) as s_founder, state(in_business_a_year) as s_in_business_a_year,
    state(founder_insured) as s_founder_insured, state(tech_transform_project_qualified) as s_tech_transform,
    state(not_negative_list) as s_not_negative_list, state(audited) as s_audited,
    state(city_had_mid_high_risk_area_2022) as s_risk_area, state(hit_industry) as s_hit_industry,
    state(rd_super_deduction_filed) as s_rd_filed, state(outside_qingdao) as s_outside_qingdao,
    state(first_time_hnte) as s_first_time_hnte, state(small_scale_payer) as s_small_scale_payer,
    state(sme_for_equipment) as s_sme_for_equipment, state(hardship_industry) as s_hardship_industry,
    state(epidemic_hardship) as s_hardship, state(insured_12_months) as s_insured_12_months,
    state(few_layoffs) as s_few_layoffs, state(insured_30) as s_insured_30,
    state(few_layoffs_small) as s_few_layoffs_small, state(honest) as s_honest,
    state(has_guaranteed_loan) as s_guaranteed_loan, state(enough_new_hires) as s_enough_new_hires,
    state(no_arrears) as s_no_arrears, state(rents_state_premises) as s_state_premises, state(in_services) as s_in_services,
    state(grade_ab) as s_grade_ab, state(no_fraud) as s_no_fraud, state(few_penalties) as s_few_penalties,
    state(no_instant_refund) as s_no_instant_refund, state(refund_small) as s_refund_small,
    state(refund_industry) as s_refund_industry, state(refund_industry_july) as s_refund_industry_july,
    state(month_within) as s_month_within, state(quarter_within) as s_quarter_within, state(levied_3pct) as s_levied_3pct
  from conditions
)
select
  credit_code,
  outcome(small_low_profit) as cit_small_low_profit,
  states4(s_income_small, s_staff_small, s_assets_small, s_industry_free) as cit_small_low_profit__states,
  outcome(below_quota) as disabled_employment_levy,
  states1(s_below_quota) as disabled_employment_levy__states,
  outcome(small_equipment_bought) as equipment_500w_oneoff,
  states1(s_small_equipment) as equipment_500w_oneoff__states,
  outcome(expands_jobs) as expand_jobs_2022,
  states1(s_expands_jobs) as expand_jobs_2022__states,
  outcome(hnte_certificate_valid) as hnte_cit_15,
  states1(s_hnte) as hnte_cit_15__states,
  outcome(insured_employer) as lower_unemployment_injury_rates,
  states1(s_insured) as lower_unemployment_injury_rates__states,
  outcome(manufacturing and sales_below_400m) as mfg_tax_deferral_2022,
  states2(s_manufacturing, s_sales_below_400m) as mfg_tax_deferral_2022__states,
  outcome(small_or_medium and absorbs_jobs) as one_off_absorb_jobs_qingdao_2022,
  states2(s_small_or_medium, s_absorbs_jobs) as one_off_absorb_jobs_qingdao_2022__states,
  outcome(sole_trader) as pit_individual_business,
  states1(s_sole_trader) as pit_individual_business__states,
  outcome(digital_title or (industrial_internet_platform_listed and clients_50 and service_income_10m))
    as qingdao_eight_strategies_2021,
  states4(s_digital_title, s_platform, s_clients_50, s_service_income_10m) as qingdao_eight_strategies_2021__states,
  outcome(in_high_growth_pool) as qingdao_high_growth_2019,
  states1(s_pool) as qingdao_high_growth_2019__states,
  outcome(listing or neeq_listed or financed_1m) as qingdao_listing_2021,
  states3(s_listing, s_neeq, s_financed_1m) as qingdao_listing_2021__states,
  outcome(manufacturing_title) as qingdao_mfg_champion_2021,
  states1(s_manufacturing_title) as qingdao_mfg_champion_2021__states,
  outcome(manufacturing and above_scale and revenue_over_5b) as qingdao_mfg_scale_2021,
  states3(s_manufacturing, s_above_scale, s_revenue_over_5b) as qingdao_mfg_scale_2021__states,
  outcome(manufacturing and robots_500k) as qingdao_robot_2021,
  states2(s_manufacturing, s_robots_500k) as qingdao_robot_2021__states,
  outcome(founder and in_business_a_year and founder_insured) as qingdao_startup_subsidy,
  states3(s_founder, s_in_business_a_year, s_founder_insured) as qingdao_startup_subsidy__states,
  outcome(manufacturing and above_scale and tech_transform_project_qualified) as qingdao_tech_transform_2021,
  states3(s_manufacturing, s_above_scale, s_tech_transform) as qingdao_tech_transform_2021__states,
  outcome(not_negative_list and audited) as rd_super_deduction,
  states2(s_not_negative_list, s_audited) as rd_super_deduction__states,
  outcome(city_had_mid_high_risk_area_2022 or hit_industry) as retain_worker_training_2022,
  states2(s_risk_area, s_hit_industry) as retain_worker_training_2022__states,
  outcome(rd_super_deduction_filed and outside_qingdao) as shandong_rd_subsidy,
  states2(s_rd_filed, s_outside_qingdao) as shandong_rd_subsidy__states,
  outcome(first_time_hnte and small_or_medium and outside_qingdao) as shandong_small_to_hnte,
  states3(s_first_time_hnte, s_small_or_medium, s_outside_qingdao) as shandong_small_to_hnte__states,
  outcome(small_scale_payer or small_low_profit or sole_trader) as six_taxes_two_fees_2022,
  states3(s_small_scale_payer, s_small_low_profit, s_sole_trader) as six_taxes_two_fees_2022__states,
  outcome(sme_for_equipment and large_equipment_bought) as sme_equipment_deduction_2022,
  states2(s_sme_for_equipment, s_large_equipment) as sme_equipment_deduction_2022__states,
  outcome(hit_industry or hardship_industry or (small_or_medium and epidemic_hardship)) as social_insurance_deferral_2022,
  states4(s_hit_industry, s_hardship_industry, s_small_or_medium, s_hardship) as social_insurance_deferral_2022__states,
  outcome(insured_12_months and (few_layoffs or (insured_30 and few_layoffs_small)) and honest) as stable_jobs_refund,
  (states4(s_insured_12_months, s_few_layoffs, s_insured_30, s_few_layoffs_small) + s_honest * 256::smallint)::smallint
    as stable_jobs_refund__states,
  outcome(small_or_micro and has_guaranteed_loan and enough_new_hires and no_arrears) as startup_guaranteed_loan,
  states4(s_small_or_micro, s_guaranteed_loan, s_enough_new_hires, s_no_arrears) as startup_guaranteed_loan__states,
  outcome(rents_state_premises and ((in_services and small_or_micro) or sole_trader)) as state_rent_relief_2022,
  states4(s_state_premises, s_in_services, s_small_or_micro, s_sole_trader) as state_rent_relief_2022__states,
  outcome(
    grade_ab and no_fraud and few_penalties and no_instant_refund and (refund_small or refund_industry or refund_industry_july)
  ) as vat_credit_refund_2022,
  (
    states4(s_grade_ab, s_no_fraud, s_few_penalties, s_no_instant_refund)
    + s_refund_small * 256::smallint + s_refund_industry * 1024::smallint + s_refund_industry_july * 4096::smallint
  )::smallint as vat_credit_refund_2022__states,
  outcome(small_scale_payer and (month_within or quarter_within)) as vat_small_scale_2021_2022,
  states3(s_small_scale_payer, s_month_within, s_quarter_within) as vat_small_scale_2021_2022__states,
  outcome(small_scale_payer and levied_3pct) as vat_small_scale_exempt_2022,
  states2(s_small_scale_payer, s_levied_3pct) as vat_small_scale_exempt_2022__states
from tri;
