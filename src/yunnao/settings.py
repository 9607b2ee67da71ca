"""Every setting of a district, in one typed class, from ``HOME/district.yaml`` and the environment.

The environment may override where records are kept and where work runs (`YUNNAO_DATABASE_URL`, `YUNNAO_ENGINE`), so that no
password needs to stand in a file, and the clock (`YUNNAO_NOW`, an ISO time), so that a run can be repeated as of then.
"""

import datetime as dt
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Label, Strict, Words, problem_sentence
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.kernel.moment import Clock, fixed_clock, parse_instant, system_clock
from yunnao.kernel.numbers import fen_from_yuan
from yunnao.storage.files import write_atomically

FILE = "district.yaml"

STARTER = """\
# 本区的设置。改动后下一条命令即生效。 Settings of this district; a change takes effect with the next command.
title: {zh: 示例区, en: Sample district}
# 政策的适用地区：政策的 region 在其中，才对本区作决定。 A policy decides here if its region is one of these.
regions: [全国, 山东, 青岛, 青岛西海岸新区]
# 所在城市，供“青岛市除外”一类的条件用。 The city, for conditions that leave a city out.
city: 青岛
# 本区另有的部门、街道，或本区对各场景所列部门的叫法；派单目录和 actors.yaml 用这里的 id。
# Further departments of this district, or its own names for those that the scenarios list; catalogue and actors name them by id.
# 例如 For example:  departments: {police: {zh: 区公安分局, en: Police bureau}}
departments: {}
# 政策 -> 年度 -> 预算（元）。没有预算的政策不能拨付。 Policy -> year -> budget in yuan; without one, nothing is paid.
# 例如 For example:  budgets: {stable_jobs_refund: {2023: 1000000, 2024: 1500000.50}}
budgets: {}
# 办件、指标、审计存在哪里；空则用本目录的 records.sqlite。 Where records are kept; empty: records.sqlite in this folder.
database_url: ""
# 网上受理（yunnao serve）：对外网址、联系方式，每个地址每分钟最多提交几件、每小时最多输错几次查询码。
# Intake over the web: public address, contact, posts a minute and wrong codes an hour from one address. Keys come from the
# environment: YUNNAO_WECHAT_TOKEN, YUNNAO_WECHAT_AES_KEY, YUNNAO_WECHAT_APPID, YUNNAO_OPEN311_KEYS (name:key,name:key).
# wrong_passwords_per_hour：工作人员每个账号、每个地址每小时最多输错几次密码。 Wrong passwords an hour of one account or address.
# 还可写 photos：一次最多传几张照片（不写为 3，0 不收），photo_megabytes：每张最多多少 MB（不写为 10）。
# Also photos: with one form (3 if absent, 0 for none), and photo_megabytes: of each (10 if absent).
web: {public_url: "", contact: "", posts_per_minute: 30, wrong_codes_per_hour: 20, wrong_passwords_per_hour: 10}
# 诉求的分类模型（yunnao appeals train 的结果，本目录下的文件名或完整路径）：网上受理的诉求随到随定类，把握大的直接分派；空则由受理员定类。
# The model by which appeals are classified as they come in, in this folder or with its whole path; empty: officers classify.
# 街道和镇的名称：地点或内容里只出现其中一个的，记为这件诉求的街道。 Streets and towns: the one that alone is named is the appeal's.
appeals: {model: "", streets: []}
# 消息怎样送出去：区里的消息网关（短信、政务微信）、微信客服消息接口（https://api.weixin.qq.com）；都空着则只在页面上看。
# How messages go out: the district's gateway, WeChat's customer-service messages; both empty: they are read on the pages alone.
# Keys come from the environment: YUNNAO_GATEWAY_KEY, YUNNAO_WECHAT_APPID, YUNNAO_WECHAT_APPSECRET.
messages: {gateway_url: "", wechat_api: ""}
# 办结多少天后清除姓名、联系方式并遮盖文中的个人信息（persons_days），多少天后删除全文（words_days）；不写则保留。
# Days after closing until a person is erased and personal data masked, and until the texts are removed; absent: kept.
# 例如 For example:  retention: {persons_days: 365, words_days: 1825}
retention: {}
# 热点看最近多少天、最多多少件（取最新的）的诉求；热点和指标在后台计算，看的人来时最多每隔多少分钟重算一次。
# Topics: of how many days and how many appeals at most (the newest); topics and measures are computed in the background, no more
# often than so many minutes.
figures: {topic_days: 365, topic_messages: 10000, refresh_minutes: 15}
# 计算引擎：embedded，或 Spark 的 local[2]、spark://主机:7077。 Where set-wise work runs.
engine: embedded
"""


_Address = Annotated[str, Field(pattern=r"^(https?://\S+[^/\s])?$")]


class WebSettings(Strict):
    """Settings of intake over the web.

    Attributes:
        public_url: where citizens reach it, without a slash at the end; for links in replies and Open311's discovery.
        contact: whom to ask for help or for a key of Open311.
        posts_per_minute: of one address; further ones are told to wait.
        wrong_codes_per_hour: follow-up codes or keys that one address may get wrong.
        wrong_passwords_per_hour: passwords that may be got wrong from one address, and for one account.
        photos: that may come with one form; 0 takes none.
        photo_megabytes: of one photo, or of what WeChat keeps, at most (10^6 bytes).
    """

    public_url: _Address = ""
    contact: str = ""
    posts_per_minute: Annotated[int, Field(ge=1)] = 30
    wrong_codes_per_hour: Annotated[int, Field(ge=1)] = 20
    wrong_passwords_per_hour: Annotated[int, Field(ge=1)] = 10
    photos: Annotated[int, Field(ge=0, le=10)] = 3
    photo_megabytes: Annotated[int, Field(ge=1, le=50)] = 10

    @property
    def photo_bytes(self) -> int:
        """Bytes of one photo at most."""
        return self.photo_megabytes * 1_000_000


class FigureSettings(Strict):
    """How often hot topics and measures are computed for the desk's pages, and over what.

    Attributes:
        topic_days: topics are of the appeals received within so many days.
        topic_messages: no more than so many of them, the newest: comparing grows with the square of their number.
        refresh_minutes: figures that are younger are shown as they are.
    """

    topic_days: Annotated[int, Field(ge=7, le=3660)] = 365
    topic_messages: Annotated[int, Field(ge=100, le=100_000)] = 10_000
    refresh_minutes: Annotated[int, Field(ge=1, le=1440)] = 15


class AppealsSettings(Strict):
    """Settings of the reception of appeals.

    Attributes:
        model: file of the classifier, in the home or with its whole path; none proposes categories if empty.
        streets: names of the district's streets and towns, as citizens write them.
    """

    model: str = ""
    streets: list[Annotated[Words, Field(max_length=60)]] = Field(default_factory=list)


class MessagesSettings(Strict):
    """How messages leave the house.

    Attributes:
        gateway_url: of the district's message gateway.
        wechat_api: where WeChat's interface is, without a slash at the end.
        since: messages of earlier days are not sent; all are if absent.
    """

    gateway_url: _Address = ""
    wechat_api: _Address = ""
    since: dt.date | None = None


class RetentionSettings(Strict):
    """Days after closing until persons are erased and words masked, and until words are removed; absent: never."""

    persons_days: Annotated[int, Field(ge=0)] | None = None
    words_days: Annotated[int, Field(ge=0)] | None = None


class Settings(Strict):
    """The settings of a district.

    Attributes:
        title: of the district.
        regions: regions whose policies apply here.
        city: for conditions that name one.
        departments: id -> title, of those that no scenario lists, or that are called otherwise here.
        budgets: policy -> year -> yuan.
        database_url: SQLAlchemy URL of the records; empty for SQLite in the home.
        engine: ``embedded`` or a Spark master.
        web: intake over the web.
        appeals: reception of appeals.
        messages: how messages leave the house.
        retention: how long personal data is kept.
        figures: hot topics and measures on the desk's pages.
    """

    title: Label
    regions: Annotated[list[Words], Field(min_length=1)]
    city: Words
    departments: dict[Id, Label] = Field(default_factory=dict)
    budgets: dict[Id, dict[Annotated[str, Field(pattern=r"^\d{4}$")], Decimal | int | str]] = Field(
        default_factory=dict
    )
    database_url: str = ""
    engine: Words = "embedded"
    web: WebSettings = WebSettings()
    figures: FigureSettings = FigureSettings()
    appeals: AppealsSettings = AppealsSettings()
    messages: MessagesSettings = MessagesSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def budgets_in_fen(self) -> dict[str, dict[int, int]]:
        """Policy -> year -> fen."""
        return {
            id_: {int(year): fen_from_yuan(yuan) for year, yuan in years.items()} for id_, years in self.budgets.items()
        }

    def records_url(self, home: Path) -> str:
        """Where records are kept."""
        return self.database_url or f"sqlite:///{home / 'records.sqlite'}"


def read_settings(home: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the district in ``home``.

    Raises:
        YunnaoError: the folder is no district's home.
        DefinitionError: a setting is wrong.
    """
    path = home / FILE
    if not home.is_dir() or not path.is_file():
        raise YunnaoError(f"{home} 不是一个区的目录（缺少 {FILE}）；请先用 yunnao init {home} 建立")
    document = strict_yaml.read(path, number_keys=True)
    overrides = {"database_url": "YUNNAO_DATABASE_URL", "engine": "YUNNAO_ENGINE"}
    if isinstance(document, dict):
        document |= {name: environment[variable] for name, variable in overrides.items() if variable in environment}
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise DefinitionError(f"{path}：{problem_sentence(error, document)}") from None


@dataclass(frozen=True, kw_only=True)
class WebKeys:
    """Keys of the doors that other systems come in by; a door without its key is closed.

    Attributes:
        wechat_token, wechat_aes_key, wechat_appid: of the service account (公众平台, 基本配置); the key and the appid only for
            encrypted mode, both or neither.
        open311: key -> name of the system that has it.
    """

    wechat_token: str = field(default="", repr=False)
    wechat_aes_key: str = field(default="", repr=False)
    wechat_appid: str = ""
    open311: Mapping[str, str] = field(default_factory=dict, repr=False)


_LEAST_KEY = 16


def web_keys(environment: Mapping[str, str] = os.environ) -> WebKeys:
    """The keys that the environment holds.

    Raises:
        YunnaoError: one is not usable.
    """
    aes_key, appid = environment.get("YUNNAO_WECHAT_AES_KEY", ""), environment.get("YUNNAO_WECHAT_APPID", "")
    if bool(aes_key) != bool(appid) and not (appid and environment.get("YUNNAO_WECHAT_APPSECRET")):
        raise YunnaoError("环境变量 YUNNAO_WECHAT_AES_KEY 与 YUNNAO_WECHAT_APPID 要么都设（安全模式），要么都不设")
    open311: dict[str, str] = {}
    for entry in filter(None, environment.get("YUNNAO_OPEN311_KEYS", "").split(",")):
        name, _, key = entry.strip().partition(":")
        if not name.replace("_", "").isalnum() or not name.isascii() or len(key) < _LEAST_KEY:
            raise YunnaoError(
                f"环境变量 YUNNAO_OPEN311_KEYS 要写成 名称:密钥,名称:密钥，名称用字母和数字，密钥至少 {_LEAST_KEY} 个字符"
            )
        open311[key] = name
    return WebKeys(
        wechat_token=environment.get("YUNNAO_WECHAT_TOKEN", ""),
        wechat_aes_key=aes_key,
        wechat_appid=appid,
        open311=open311,
    )


@dataclass(frozen=True, kw_only=True)
class MessageKeys:
    """Keys with which messages leave the house; none where nothing is set that needs it."""

    gateway: str = field(default="", repr=False)
    wechat_appid: str = ""
    wechat_appsecret: str = field(default="", repr=False)


def message_keys(settings: MessagesSettings, environment: Mapping[str, str] = os.environ) -> MessageKeys:
    """The keys that the environment holds for the channels that are set.

    Raises:
        YunnaoError: one that is needed is missing or too short.
    """
    keys = MessageKeys(
        gateway=environment.get("YUNNAO_GATEWAY_KEY", ""),
        wechat_appid=environment.get("YUNNAO_WECHAT_APPID", ""),
        wechat_appsecret=environment.get("YUNNAO_WECHAT_APPSECRET", ""),
    )
    if settings.gateway_url and len(keys.gateway) < _LEAST_KEY:
        raise YunnaoError(
            f"district.yaml 设了 messages.gateway_url，环境变量 YUNNAO_GATEWAY_KEY 要是与网关约定的密钥，至少 {_LEAST_KEY} 个字符"
        )
    if settings.wechat_api and not (keys.wechat_appid and keys.wechat_appsecret):
        raise YunnaoError(
            "district.yaml 设了 messages.wechat_api，环境变量 YUNNAO_WECHAT_APPID、YUNNAO_WECHAT_APPSECRET 也要设"
        )
    return keys


def clock_from(environment: Mapping[str, str] = os.environ) -> Clock:
    """The clock: the system's, or the one that `YUNNAO_NOW` fixes.

    Raises:
        YunnaoError: `YUNNAO_NOW` is not an ISO time.
    """
    text = environment.get("YUNNAO_NOW")
    if not text:
        return system_clock
    try:
        return fixed_clock(parse_instant(text))
    except ValueError:
        raise YunnaoError(f"环境变量 YUNNAO_NOW={text!r} 不是 ISO 时间；例如 2023-07-03T09:00:00+08:00") from None


def district_secret(home: Path) -> bytes:
    """The district's own secret, with which contacts are hashed; made when it is first needed, readable by its owner alone.

    Raises:
        YunnaoError: it cannot be read or written.
    """
    path = home / "secret.key"
    try:
        if not path.exists():
            write_atomically(path, secrets.token_bytes(32))
            path.chmod(0o600)
        return path.read_bytes()
    except OSError as error:
        raise YunnaoError(f"{path}：读写不了（{error.strerror or error}）；请检查权限和磁盘") from None
