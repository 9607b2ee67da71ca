"""Labels of the officers' pages in both languages, beside those they share with the citizens' pages."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text
from yunnao.web.service.words import labels

_LABELS: Mapping[str, Text] = {
    "desk": Text("工作台", "Desk"),
    "to_desk": Text("到工作台", "To the desk"),
    "inbox": Text("收件箱", "Inbox"),
    "new": Text("登记诉求", "New appeal"),
    "topics": Text("热点", "Topics"),
    "measures": Text("指标", "Measures"),
    "plan": Text("目标", "Targets"),
    "assessment": Text("考核", "Assessment"),
    "drg": Text("DRG 付费", "DRG payment"),
    "own_hospital": Text("本院 DRG 结算", "Our DRG settlement"),
    "assessment_periods": Text("时期", "Period"),
    "assessment_more": Text("展开 {n} 行", "Show {n} rows"),
    "sign_in": Text("登录", "Sign in"),
    "sign_in_lead": Text(
        "用本区给您的用户名和密码登录。八小时后，或半小时没有操作，会自动退出。",
        "Sign in with the name and password of your district. You are signed out after eight hours, or half an hour without use.",
    ),
    "user_name": Text("用户名", "User name"),
    "password": Text("密码", "Password"),
    "sign_out": Text("退出", "Sign out"),
    "officer_foot": Text(
        "查看个人信息会留下记录。离开时请退出。", "Looking at personal data is noted. Please sign out when you leave."
    ),
    "barred": Text("您的角色在这里没有要办的事", "Nothing here is for your role"),
    "barred_lead": Text(
        "这里由经办人、受理员和云脑中心办理；角色写在 actors.yaml 中，请联系管理员。",
        "This page is for other roles; roles are written in actors.yaml. Please ask your administrator.",
    ),
    "expired": Text("登录已过期", "You have been signed out"),
    "expired_lead": Text(
        "这一步没有办成。您写的内容在下面，请先复制，再重新登录。",
        "Nothing was done. What you wrote stands below: copy it, then sign in again.",
    ),
    # attachments
    "attachments_hidden": Text(
        "有 {n} 个附件（图片、录音），选用途后可看。",
        "{n} attachment(s): photos or recordings, shown once you say what for.",
    ),
    "attachments": Text("附件", "Attachments"),
    "attachments_remove": Text("移除这个附件", "Remove this attachment"),
    "attachments_remove_short": Text("移除", "Remove"),
    "attachments_remove_hint": Text("永久删除，理由市民看得到。", "For good; the citizen sees the reason."),
    "media_waiting": Text("微信图片或录音还没有取回，稍后再试", "Not fetched from WeChat yet; it is tried again"),
    "media_given_up": Text("微信图片或录音没有取到，不再试", "Could not be fetched from WeChat; given up"),
    # the inbox
    "waits_for_me": Text("等我办理", "waiting for me"),
    "every_open": Text("全部在办", "all open ones"),
    "ended": Text("全部已办结", "all ended ones"),
    "light": Text("期限", "Light"),
    "clock": Text("时限", "Clock"),
    "no_clock": Text("不计时", "no clock"),
    "state_title": Text("状态", "State"),
    "category": Text("类别", "Category"),
    "any": Text("全部", "any"),
    "street": Text("街道", "Street"),
    "by_number": Text("编号", "Number"),
    "filter": Text("筛选", "Filter"),
    "show_list": Text("显示", "Show"),
    "clear": Text("清除筛选", "Clear"),
    "download": Text("下载 Excel", "Download Excel"),
    "nothing_waits": Text("没有等您办理的诉求。", "Nothing waits for you."),
    "nothing_found": Text("没有符合条件的诉求。", "Nothing matches."),
    "next_page": Text("下一页", "Next page"),
    "first_page": Text("回到第一页", "First page"),
    "messages": Text("新消息", "New messages"),
    "mark_read": Text("标为已读", "Mark as read"),
    "mark_all_read": Text("全部标为已读", "Mark all as read"),
    "due_by": Text("{day} 到期", "due {day}"),
    "provisional_short": Text("暂定", "provisional"),
    "co_handled": Text("协办", "co-handled"),
    "part": Text("主办/协办", "Part"),
    "led_by": Text("主办", "led by"),
    "not_dispatched": Text("尚未分派", "not dispatched"),
    # messages that nobody took
    "files": Text("本区的文件", "Files of the district"),
    "files_lead": Text(
        "改好的文件几秒内生效，不用重启；有错的不采用，仍按原来的办。改过的时限从明天或以后起才有，已在计时的不变。",
        "A changed file is in force within seconds, without a restart; one that is not right is not taken, what was in force stays. "
        "A changed time limit begins tomorrow or later; what runs already keeps its own.",
    ),
    "file_in_force": Text("生效", "in force"),
    "file_shipped": Text("本区没有，按自带的", "none here; what ships is in force"),
    "file_wrong": Text("有错，仍按原来的办", "not right; what was in force stays"),
    "files_wrong": Text(
        "本区有 {n} 个文件改动后不能用，仍按原来的办", "{n} changed files are not right; what was in force stays"
    ),
    "undelivered": Text("送不出去的消息", "Undeliverable messages"),
    "undelivered_count": Text("{n} 条消息送不出去", "{n} messages could not be delivered"),
    "undelivered_lead": Text(
        "市民和经办人仍可在页面上看到办件的情况。排除原因后，可以重新送。",
        "Citizens and officers still see on the pages how things stand. Once the cause is removed, send them again.",
    ),
    "newest_shown": Text("下面是最新的 {n} 条", "the newest {n} are shown"),
    "to_whom": Text("收件人", "To"),
    "written": Text("写于", "written"),
    "tries": Text("送了 {n} 次", "tried {n} times"),
    "why_not": Text("原因", "Cause"),
    "try_again": Text("重新送", "Send again"),
    "try_all_again": Text("全部重新送（{n} 条）", "Send all {n} again"),
    "tried_again": Text("{n} 条已放回，稍后重新送。", "{n} put back; they will be sent again shortly."),
    "all_delivered": Text("没有送不出去的消息。", "Every message was delivered."),
    # a case
    "machine": Text("云脑（自动）", "Yunnao (automatic)"),
    "citizen": Text("市民", "the citizen"),
    "case_text": Text("诉求内容", "The appeal"),
    "masked_note": Text("个人信息已遮盖。", "Personal data is masked. "),
    "shown_note": Text(
        "正在显示完整内容，已记入审计日志。", "Everything is shown; this has been noted in the audit log."
    ),
    "reveal": Text("显示联系方式和全文", "Show contact and full text"),
    "purpose": Text("用途", "Purpose"),
    "contact_of": Text("诉求人", "Citizen"),
    "no_contact": Text("没有留联系方式", "left no contact"),
    "channel": Text("来源", "Channel"),
    "channel_web": Text("网页", "web"),
    "channel_api": Text("接口", "API"),
    "channel_wechat": Text("微信", "WeChat"),
    "channel_open311": Text("Open311", "Open311"),
    "channel_hotline": Text("热线", "hotline"),
    "channel_import": Text("导入", "import"),
    "channel_drg": Text("DRG 付费", "DRG payment"),
    "steps": Text("现在可办", "What you can do now"),
    "no_steps": Text("现在没有您可办的环节。", "There is nothing for you to do now."),
    "choose": Text("请选择", "Please choose"),
    "why_so": Text("理由", "Reason"),
    "do_it": Text("办理", "Do it"),
    "taken": Text("已办理", "Done"),
    "changed": Text("这件诉求在您打开之后已有变动", "This appeal has changed since you opened it"),
    "changed_lead": Text(
        "您的这一步没有办成。下面已是最新情况，您写的内容保留着；看过之后可以再办，也可以",
        "Your step was not taken. The page now shows how things stand, and keeps what you wrote. Look, then send it again, or",
    ),
    "reload": Text("重新打开这一件", "open it afresh"),
    "you_wrote": Text("您写的内容", "What you wrote"),
    "clocks": Text("时限", "Time limits"),
    "ended_in_time": Text("{day} 完成", "done on {day}"),
    "ended_late": Text("{day} 完成，超期", "done on {day}, late"),
    "history": Text("办理经过", "History"),
    "audit_line": Text("审计第 {n} 行", "audit line {n}"),
    "looks": Text("谁看过联系方式和全文", "Who looked at contact and full text"),
    "leads_to": Text("→", "→"),
    "back_to_inbox": Text("返回收件箱", "Back to the inbox"),
    "not_yours": Text("没有这件诉求，或不归您的部门办理", "No such appeal, or it is not with your department"),
    "not_yours_lead": Text(
        "请核对编号；已改派的诉求由新的部门办理，协办已经结束的不再显示。",
        "Check the number; another department may have it now, or your part in it has ended.",
    ),
    "co_handlers": Text("协办", "Co-handling"),
    "share_open": Text("尚未答复", "not answered yet"),
    "share_ended": Text("{day} 结束", "ended on {day}"),
    "your_share": Text(
        "您的部门协办这一件，主办的是{department}", "Your department co-handles this appeal; {department} leads"
    ),
    "follows": Text("已并入主单", "Follows"),
    "followers": Text("并入本件的诉求", "Merged into this one"),
    # proposals
    "proposals": Text("分类建议", "Proposed categories"),
    "proposals_lead": Text("由模型提出，由您决定。", "The classifier proposes; you decide."),
    "no_model": Text(
        "本区没有设置分类模型（district.yaml 的 appeals.model），请直接定类、分派。",
        "This district has no classifier (appeals.model in district.yaml): classify and dispatch it yourself.",
    ),
    "confidence": Text("第一类的把握 {n}%", "confidence in the first: {n}%"),
    "spoke_for": Text("依据的词", "Words that spoke for it"),
    "dispatch_to": Text("分派给{department}", "Dispatch to {department}"),
    "nobody_in_charge": Text("派单目录中没有负责的部门", "no department is in charge of it"),
    # repeats
    "repeats": Text("可能是同一件事", "Possibly the same matter"),
    "repeats_lead": Text(
        "最近 120 天里相像的诉求，是否同一件由您判断。", "Similar appeals of the last 120 days; you judge."
    ),
    "repeats_preparing": Text("正在准备，请稍后刷新。", "Being prepared; please reload in a while."),
    "no_repeats": Text("没有发现相像的诉求。", "None found."),
    "likeness": Text("相像 {n}%", "{n}% alike"),
    "same_person": Text("同一人", "same person"),
    "days_between": Text("相隔 {n} 天", "{n} days apart"),
    "same_day": Text("同一天", "the same day"),
    "shared_words": Text("共同的词", "shared words"),
    "this_one": Text("本件", "this one"),
    "merge_into": Text("并入 {number}", "Merge into {number}"),
    "merge_reason_person": Text("同一人就同一件事重复反映", "The same person about the same matter"),
    "merge_reason_matter": Text("反映的是同一件事", "About the same matter"),
    "compare": Text("对照原文", "Compare the texts"),
    # a new appeal
    "new_lead": Text(
        "替来电的市民登记。下一步先看是不是已经反映过的事。",
        "On behalf of a caller. Next, see whether it has been reported before.",
    ),
    "caller": Text("来电人", "Caller"),
    "caller_telephone": Text("来电号码", "Caller's number"),
    "caller_hint": Text(
        "用来回访，也用来找同一人先前的诉求。", "To call back, and to find earlier appeals of the same person."
    ),
    "next_step": Text("下一步：核对", "Next: check"),
    "check": Text("核对后登记", "Check, then file"),
    "is_it_one": Text("是不是下面的一件？", "Is it one of these?"),
    "is_it_one_lead": Text(
        "是的话，告诉来电人编号和进展，不用再登记；不是就登记为新的一件。",
        "If so, tell the caller its number and how it stands. If not, file a new one.",
    ),
    "of_caller": Text("同一号码先前的诉求", "Earlier appeals from the same number"),
    "similar_ones": Text("相像的诉求", "Similar appeals"),
    "similar_preparing": Text(
        "相像的诉求正在准备，还看不到；请过一会儿再核对一次。",
        "Similar appeals are being prepared and cannot be shown yet; please check again in a while.",
    ),
    "nothing_before": Text("没有发现同一人或相像的诉求。", "Nothing from the same person, nothing similar."),
    "file_new": Text("登记为新的一件", "File it as a new one"),
    "change": Text("修改", "Change"),
    "read_out": Text("请读给来电人，读两遍", "Read this out to the caller, twice"),
    "open_case": Text("打开这一件", "Open it"),
    "another": Text("再登记一件", "File another one"),
    "only_operators": Text("由受理员登记诉求。", "Desk operators file appeals."),
}

PURPOSES: Mapping[str, Text] = {
    "contact": Text("联系诉求人", "to contact the citizen"),
    "handling": Text("查明情况", "to look into the matter"),
    "verification": Text("回访核实", "to verify the result"),
    "supervision": Text("督办、裁定", "to supervise or decide"),
    "citizen_asked": Text("诉求人来电查询", "the citizen asked"),
}
"""What contact and full text may be looked at for."""


@cache
def officer_labels(language: Language) -> SimpleNamespace:
    """Every label in one language, by name; the citizens' labels are among them."""
    own = {name: text.in_(language) for name, text in _LABELS.items()}
    return SimpleNamespace(**(vars(labels(language)) | own))
