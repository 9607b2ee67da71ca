"""Labels of the pages of topics and measures in both languages."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

_LABELS: Mapping[str, Text] = {
    "computed": Text("{when} 算出", "computed {when}"),
    "computing": Text("正在重算，稍后刷新即可看到新的结果。", "Being computed anew; reload in a while."),
    "first_time": Text(
        "正在第一次计算，请稍后刷新本页。", "Being computed for the first time; please reload this page in a while."
    ),
    "reload": Text("刷新", "Reload"),
    "failed": Text("上次重算没有成功：{why}", "The last attempt failed: {why}"),
    "people": Text("{n} 位市民", "{n} citizens"),
    "appeals": Text("{n} 件", "{n} appeals"),
    # topics
    "topics_title": Text("热点", "Hot topics"),
    "topics_lead": Text(
        "{since} 以来的 {messages} 件诉求中，有两位以上市民说的同一件事，按市民人数排。一人写多少件都只计一次。",
        "What two citizens or more wrote about, among {messages} appeals since {since}, by citizens: each counts once.",
    ),
    "topics_cut": Text(
        "诉求太多，只比较了最新的 {messages} 件（district.yaml 的 figures）。",
        "Only the newest {messages} were compared (figures in district.yaml).",
    ),
    "no_topics": Text("没有两位以上市民说同一件事。", "Nothing that two citizens or more wrote about."),
    "map": Text("地图", "Map"),
    "map_all": Text("热点在哪里", "Where the topics are"),
    "map_all_lead": Text(
        "圆越大，市民越多；圆里的数字是名次。坐标 WGS84；底图不取自网络，只有经纬网和比例尺。",
        "The larger the circle, the more citizens; the figure is the rank. WGS84, without a background that would be fetched.",
    ),
    "map_one_lead": Text(
        "圆越大，从那里写来的市民越多。", "The larger the circle, the more citizens wrote from there."
    ),
    "map_none": Text("这些诉求都没有坐标，画不出地图。", "None of these appeals has coordinates, so there is no map."),
    "map_none_place": Text(
        "这些诉求都没有坐标，只写了地点：{place}。",
        "None of these appeals has coordinates; they name a place: {place}.",
    ),
    "map_some": Text("另有 {n} 件没有坐标，不在图上。", "{n} more have no coordinates and are not on the map."),
    "map_topics_without": Text(
        "没有坐标、不在图上的热点：{n} 个。", "Topics without coordinates, not on the map: {n}."
    ),
    "map_far": Text(
        "有 {n} 个点离得太远（可能写错了坐标），没有画。", "{n} points are far off (perhaps mistyped) and not drawn."
    ),
    "north": Text("北", "N"),
    "latitude": Text("纬度", "Latitude"),
    "longitude": Text("经度", "Longitude"),
    "citizens": Text("市民", "Citizens"),
    "messages": Text("诉求", "Appeals"),
    "rank": Text("名次", "Rank"),
    "topic": Text("事由", "Matter"),
    "place": Text("地点", "Place"),
    "span": Text("起止", "From – to"),
    "trend": Text("趋势", "Trend"),
    "trend_of": Text("“{title}”的趋势", "Trend of “{title}”"),
    "trend_week": Text("每周件数", "Appeals a week"),
    "trend_month": Text("每月件数", "Appeals a month"),
    "week": Text("周（从周一起）", "Week (from Monday)"),
    "month": Text("月", "Month"),
    "trend_description": Text(
        "从 {first} 到 {last}，最多的一段有 {most} 件。",
        "From {first} to {last}; at most {most} appeals in one period.",
    ),
    "words": Text("共同的词", "Words in common"),
    "standing": Text("办到哪里", "Where they stand"),
    "state": Text("状态", "State"),
    "department": Text("承办部门", "Department"),
    "nobody": Text("尚未分派", "not dispatched yet"),
    "its_messages": Text("这些诉求", "These appeals"),
    "masked": Text(
        "电话、证件号等已遮盖；点编号看全件。",
        "Telephone and identity numbers are masked; open an appeal by its number.",
    ),
    "others": Text("另有 {n} 件属于其他部门。", "{n} more belong to other departments."),
    "more": Text("只列出最新的 {n} 件。", "Only the newest {n} are listed."),
    "back_topics": Text("全部热点", "All topics"),
    "gone": Text(
        "没有这个热点；它可能已随重算变化。请从热点清单进入。",
        "There is no such topic; it may have changed when figures were computed anew.",
    ),
    "table": Text("同样的数字，列成表", "The same figures as a table"),
    "received": Text("受理", "Received"),
    # measures
    "measures_title": Text("指标", "Measures"),
    "measures_lead": Text(
        "{span}受理的 {n} 件，截至 {today}。每个率都写明分子、分母和未计入的件数；分档，不排名。",
        "{n} appeals received {span}, as of {today}. Every rate shows its fraction and what is left out; in bands, not ranked.",
    ),
    "span_all": Text("全部时间", "at any time"),
    "span_dates": Text("{first} 至 {last} ", "from {first} to {last}"),
    "span_from": Text("{first} 以来", "since {first}"),
    "span_to": Text("{last} 以前", "until {last}"),
    "filter": Text("受理日期", "Received"),
    "from": Text("从", "from"),
    "to": Text("到", "To"),
    "apply": Text("查看", "Show"),
    "wrong_dates": Text(
        "日期写法不对，或起止颠倒；已显示全部时间。", "The dates are not right; all appeals are shown."
    ),
    "download": Text("下载 Excel", "Download as Excel"),
    "by": Text("按什么看", "By"),
    "all": Text("全区", "All together"),
    "own_department": Text("本部门", "Own department"),
    "left_out": Text("未计入 {n}", "{n} left out"),
    "why_left": Text("未计入的是什么", "What is left out"),
    "no_band": Text("件数少，不分档", "too few for a band"),
    "nothing_measured": Text("无", "none"),
    "score": Text("综合分", "Score"),
    "chart": Text("{measure}：{by}", "{measure} by {by}"),
    "choose": Text("看哪个指标", "Which measure"),
    "chart_description": Text(
        "每条横杠满格是 100%，下面写着分子和分母。", "A full bar is 100 %; numerator and denominator stand below."
    ),
    "month_trend": Text("{measure}：按受理月份", "{measure} by month received"),
    "month_unit": Text("%（按受理月份）", "% by month received"),
    "month_note": Text(
        "最近的月份还有在办的件，率会变。", "Recent months hold appeals in hand; their rates will change."
    ),
    "excluded": Text("不计入考核的件", "Excluded appeals"),
    "excluded_lead": Text(
        "{n} 件经批准不计入考核，从各率的分子和分母中去掉，但一直列在这里。",
        "{n} appeals are excluded: they are in no numerator and no denominator, and stay listed here.",
    ),
    "ground": Text("理由", "Ground"),
    "number": Text("编号", "Number"),
    "definitions": Text("怎样算的", "How it is counted"),
    "bands_from": Text("分档依据", "Bands"),
    "band_rule": Text("{from} % 起：{title}", "from {from} %: {title}"),
    "least": Text("分母不足 {n} 的不分档。", "A denominator below {n} is in no band."),
    "group_shown": Text(
        "只列出前 {n} 组；全部见 Excel。", "Only the first {n} groups are listed; all of them are in the workbook."
    ),
}


@cache
def figure_labels(language: Language) -> SimpleNamespace:
    """Every label in one language, by name; those with braces are to be filled by `str.format`."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _LABELS.items()})
