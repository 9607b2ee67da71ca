"""`yunnao serve`: intake over the web."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("serve")
@home_argument
@click.option("--port", required=True, type=click.IntRange(1, 65535), help="端口 port")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 address to listen at")
@click.option("--no-upkeep", is_flag=True, help="例行事务交给 yunnao upkeep leave the rounds to another process")
def command(home: Path, port: int, host: str, no_upkeep: bool) -> None:
    """网上受理：市民页面、微信、Open311、JSON 接口。Serve citizens' pages, /wechat, /open311/v2 and /api/v1 until interrupted.

    Behind a reverse proxy that ends TLS. Keys come from the environment: YUNNAO_WECHAT_TOKEN, YUNNAO_WECHAT_AES_KEY and
    YUNNAO_WECHAT_APPID (encrypted mode), YUNNAO_OPEN311_KEYS (name:key,name:key). A door without its key is closed.

    Beside the doors it classifies and dispatches what comes in, reminds, sends messages and erases what is past its term (see yunnao
    upkeep; keys YUNNAO_GATEWAY_KEY, YUNNAO_WECHAT_APPSECRET).
    """
    from yunnao.app import District
    from yunnao.house import House
    from yunnao.settings import web_keys
    from yunnao.web.service.running import run

    district = District(home)
    keys = web_keys()
    tasks = () if no_upkeep else House(district).tasks
    doors = [
        f"微信：{'开' if keys.wechat_token else '关（没有 YUNNAO_WECHAT_TOKEN）'}",
        f"Open311：{'可提交' if keys.open311 else '只读（没有 YUNNAO_OPEN311_KEYS）'}",
    ]
    click.echo(f"✓ {home}：http://{host}:{port}/  {'，'.join(doors)}；按 Ctrl+C 结束")
    run(district, keys, host, port, tasks)
