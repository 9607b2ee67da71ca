"""Labels of the officers' pages in both languages, beside those they share with the citizens' pages."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text
from yunnao.web.service.words import labels

_LABELS: Mapping[str, Text] = {
    "desk": Text("诉求工作台", "Appeals desk"),
    "inbox": Text("收件箱", "Inbox"),
    "new": Text("登记诉求", "New appeal"),
    "topics": Text("热点", "Topics"),
    "measures": Text("指标", "Measures"),
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
}


@cache
def officer_labels(language: Language) -> SimpleNamespace:
    """Every label in one language, by name; the citizens' labels are among them."""
    own = {name: text.in_(language) for name, text in _LABELS.items()}
    return SimpleNamespace(**(vars(labels(language)) | own))
