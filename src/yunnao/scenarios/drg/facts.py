"""The subjects of this scenario and the registers about them; prices are computed in `settlement`, not as derived facts."""

from yunnao.platforms.decisions.facts import Facts
from yunnao.scenarios.drg.registers import fund_transfers, hospital_scores, hospitals, inpatient_stays, stay_reviews

inpatient_stay = Facts("inpatient_stay", registers=(inpatient_stays, stay_reviews))
hospital = Facts("hospital", registers=(hospitals, hospital_scores, fund_transfers))

FACTS = (inpatient_stay, hospital)
