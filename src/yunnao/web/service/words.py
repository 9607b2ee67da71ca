"""Labels of the citizens' pages in both languages."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

_LABELS: Mapping[str, Text] = {
    "site": Text("市民诉求", "Citizens' appeals"),
    "skip": Text("跳到正文", "Skip to content"),
    "menu": Text("导航", "Navigation"),
    "other_language": Text("English", "中文"),
    "colon": Text("：", ": "),
    "file": Text("提交诉求", "File an appeal"),
    "follow": Text("查询进度", "Follow an appeal"),
    "foot": Text(
        "您的姓名、电话只用于办理和回访这件诉求。", "Your name and telephone are used for handling this appeal only."
    ),
    "contact": Text("服务热线", "Contact"),
    "error": Text("有问题", "Error"),
    "problem_lead": Text(
        "没有改动任何内容。请核对网址，或返回上一页再试一次。",
        "Nothing was changed. Check the address, or go back a page and try again.",
    ),
    "there_is_a_problem": Text("请先修改下面的问题", "Please correct the following first"),
    # the form
    "file_lead": Text(
        "说清什么事、在哪里，我们转给负责的部门，限时答复，并请您评价。",
        "Say what happened and where. The department in charge answers in time, and you tell us whether it is solved.",
    ),
    "emergency": Text(
        "有人受伤、火灾、正在发生的危险，请立即拨打 110、119、120。",
        "Injury, fire or danger right now: call 110, 119 or 120.",
    ),
    "body": Text("什么事", "What happened"),
    "body_hint": Text(
        "什么时候、什么情况、希望怎样解决。请不要写身份证号。",
        "When, what, and what you ask for. Please leave out identity numbers.",
    ),
    "title": Text("标题", "Title"),
    "kind": Text("哪一类", "Kind"),
    "kind_unknown": Text("不确定，由工作人员判断", "Not sure; let the desk decide"),
    "place": Text("在哪里", "Where"),
    "place_hint": Text("街道、路名、小区、门牌，越具体越快找到负责的部门。", "Street, estate, house number."),
    "coordinates": Text("坐标", "Coordinates"),
    "coordinates_more": Text("补充地图坐标", "Add coordinates from a map"),
    "coordinates_hint": Text("纬度,经度，如 36.0671,120.3826", "Latitude,longitude, such as 36.0671,120.3826"),
    "system": Text("从哪里得到的", "Taken from"),
    "system_gcj02": Text("高德、腾讯、微信等国内地图", "A map app in China (GCJ-02)"),
    "system_wgs84": Text("GPS、天地图", "GPS (WGS84)"),
    "about_you": Text("怎样联系您", "How to reach you"),
    "name": Text("姓名", "Name"),
    "telephone": Text("电话", "Telephone"),
    "telephone_hint": Text(
        "办理部门会用它联系您、回访您。不填也能提交。", "The department may call you. You may leave it empty."
    ),
    "optional": Text("（可不填）", "(optional)"),
    "send": Text("提交", "Send"),
    "photos": Text("图片", "Photos"),
    "photos_hint": Text(
        "最多 {n} 张，每张不超过 {mb} MB；JPEG、PNG、WebP。拍摄地点等附带信息会自动去掉；请避免拍到别人的脸和证件。",
        "At most {n}, {mb} MB each; JPEG, PNG or WebP. Where they were taken is removed. Please avoid faces and papers of others.",
    ),
    "photos_too_many": Text("最多 {n} 张，多的没有加上", "At most {n}; the others were left out"),
    "photos_too_large": Text("超过 {mb} MB，没有加上；请缩小或截屏后再选", "Larger than {mb} MB and left out"),
    "photos_remove": Text("去掉", "Remove"),
    "photos_kept": Text("附上了 {n} 张图片。", "With {n} photo(s)."),
    "photos_add": Text("补充图片", "Add photos"),
    "photos_send": Text("提交图片", "Send photos"),
    "photos_gone": Text("有 {n} 个附件已移除或按期清除。", "{n} attachment(s) were removed or erased."),
    # the answer
    "filed": Text("已受理", "Received"),
    "filed_again": Text(
        "这件诉求先前已经受理，没有重复登记。", "This appeal had been received before; it was not filed twice."
    ),
    "your_number": Text("编号", "Number"),
    "for_example": Text("例如", "For example"),
    "your_code": Text("查询码", "Follow-up code"),
    "keep_them": Text(
        "请抄下或截屏保存：查询码只显示这一次，凭编号和查询码查询进度、评价结果。",
        "Write both down or take a screenshot: the code is shown this once. With both you follow the appeal and judge the result.",
    ),
    "what_next": Text("接下来", "What happens next"),
    "next_1": Text("工作人员确定负责的部门", "The desk finds the department in charge"),
    "next_2": Text("部门在期限内联系您、答复您", "The department contacts you and answers in time"),
    "next_3": Text("您说是否解决：没解决就重新办理", "You say whether it is solved; if not, it is done again"),
    "follow_now": Text("现在就看进度", "Follow it now"),
    # following
    "follow_lead": Text(
        "输入提交时得到的编号和查询码。", "Enter the number and the code that you got when you filed it."
    ),
    "show": Text("查询", "Show"),
    "state": Text("现在", "Now"),
    "handled_by": Text("承办部门", "With"),
    "nobody_yet": Text("正在确定", "being found"),
    "filed_on": Text("受理时间", "Received"),
    "due": Text("期限", "Due"),
    "stopped": Text("已于 {day} 答复", "answered on {day}"),
    "late_stopped": Text("已于 {day} 答复，超过期限", "answered on {day}, late"),
    "in_time": Text("未到期", "in time"),
    "soon": Text("快到期", "due soon"),
    "late": Text("已超期", "late"),
    "paused": Text("暂停计时", "paused"),
    "provisional": Text("暂定：所在年份的放假安排尚未公布", "provisional: that year's holidays are not published yet"),
    "events": Text("办理经过", "What has happened"),
    "your_words": Text("您的诉求", "Your appeal"),
    "reason": Text("理由", "Reason"),
    "you": Text("您", "You"),
    "received_event": Text("已受理", "Received"),
    "how_counted": Text("期限怎样算出来的", "How the deadline was counted"),
    "how_lead": Text(
        "从受理的第二天数起，只数上班的日子；一天一天列在下面，您可以核对。",
        "Counted from the day after; only working days count. Every day is listed, so that you can check it.",
    ),
    "how_lead_days": Text("从受理的第二天数起，每天都算。", "Counted from the day after; every day counts."),
    "moved": Text(
        "{year} 年放假安排公布后，期限由 {before} 改为 {after}。",
        "The deadline moved from {before} to {after} when the arrangement of {year} was published.",
    ),
    "unknown_day": Text("未定", "not known"),
    "ground": Text("依据", "Ground"),
    "day": Text("日期", "Day"),
    "counts_as": Text("怎样计", "Counts as"),
    "start": Text("起算日，不计", "the start; does not count"),
    "nth": Text("第 {n} 天", "day {n}"),
    "nth_working": Text("第 {n} 个工作日", "working day {n}"),
    "nth_make_up": Text("调休上班，第 {n} 个工作日", "working weekend, working day {n}"),
    "nth_extension": Text("延长的时间，第 {n} 个工作日", "extension, working day {n}"),
    "cap": Text("不晚于主办的期限", "no later than the limit of the department in charge"),
    "weekend": Text("周末，不计", "weekend; does not count"),
    "holiday": Text("法定节假日，不计", "public holiday; does not count"),
    "paused_day": Text("暂停计时，不计", "paused; does not count"),
    "due_day": Text("到期日", "due"),
    "do_call_back": Text("问题解决了吗？", "Is it solved?"),
    "do_reopen": Text("要求重新办理", "Ask for it to be done again"),
    "yes": Text("是", "Yes"),
    "no": Text("否", "No"),
    "why": Text("为什么", "Why"),
    "done": Text("已收到，谢谢。", "Thank you, it has been noted."),
    "back": Text("返回", "Back"),
}

WEEKDAYS = (
    Text("周一", "Mon"),
    Text("周二", "Tue"),
    Text("周三", "Wed"),
    Text("周四", "Thu"),
    Text("周五", "Fri"),
    Text("周六", "Sat"),
    Text("周日", "Sun"),
)


@cache
def labels(language: Language) -> SimpleNamespace:
    """Every label in one language, by name."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _LABELS.items()})
