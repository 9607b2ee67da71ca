import polars as pl
from pathlib import Path
D=Path('bench/data/country')
import datetime as dt
def hand(p,h):
    c=pl.col; D=dt.date; b=c('birth'); pens=pl.when(b<=D(1955,6,1)).then(100).otherwise(0).cast(pl.Int64); s=c('salary')
    q=p.with_columns(pension=pens,ssc=pl.min_horizontal(s,pl.lit(1230000))*4+pl.max_horizontal(s-1230000,pl.lit(0))*12,bi=pl.when((b<=D(1998,6,1))&(s==0)).then(60000).otherwise(0).cast(pl.Int64)).with_columns(tax=(s+c('capital_returns')+c('pension'))*15)
    a=q.group_by('household_id').agg(hi=s.sum(),market=(s+c('capital_returns')+c('pension')+c('bi')).sum(),tax=(c('tax')+c('ssc')).sum(),adults=(c('role')=='adult').sum(),y=c('birth').max())
    j=h.join(a,on='household_id',how='left')
    pa_=pl.when((c('hi')<=50000)&(((c('adults')==1)&(c('y')>D(2008,6,1)))|(c('y')>D(2010,6,1)))).then(60000).otherwise(0)
    ht=pl.when(c('occupancy').is_in(['owner','tenant'])).then(pl.max_horizontal(c('accommodation_size')*10,pl.lit(200))).otherwise(0)
    hh=j.select('household_id',housing_allowance=(c('rent')*25+50)//100,disposable_income=((c('market')+pa_)*1200+c('rent')*300-c('tax')*12-ht*10000+600)//1200)
    per=q.select('person_id',income_tax=(c('tax')+50)//100,social_security_contribution=(c('ssc')+50)//100,basic_income=c('bi'))
    return per,hh
x,y=hand(pl.scan_parquet(D/'persons.parquet'),pl.scan_parquet(D/'households.parquet'))
r=pl.collect_all([x,y])
