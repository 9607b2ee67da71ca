"""`yunnao appeals`: learn from labelled messages, classify messages, find hot topics."""

import json
from pathlib import Path

import click

from yunnao.cli.appeals_desk import import_, inbox, measures, receive
from yunnao.cli.skipped_rows import rejects_option, tell_skipped
from yunnao.cli.terminal import progress

_path = click.Path(path_type=Path)
_SHOWN = 5


@click.group("appeals")
def command() -> None:
    """市民诉求：训练分类、给诉求分类、找热点。Learn from labelled messages, classify messages, find hot topics."""


for _each in (import_, receive, inbox, measures):
    command.add_command(_each)


@command.command("train")
@click.argument("files", nargs=-1, required=True, metavar="LABELLED...", type=_path)
@click.option("--model", required=True, type=_path, help="模型写到哪里 where the model goes")
@rejects_option
def train(files: tuple[Path, ...], model: Path, rejects: Path | None) -> None:
    """从已分类的诉求学习。Learn from files with columns title and body (or words), and category.

    The same files give the same model, to the byte. To use it in a district, write it into its folder (--model HOME/model.zip) and name
    it in HOME/district.yaml: appeals: {model: model.zip}. yunnao serve, appeals receive and appeals import then classify by it, and a
    service that is running takes up a newer model by itself. Exit 3: some rows had no text or no category, the others were learned from.
    """
    from yunnao.capabilities.classification.model_file import model_to_bytes
    from yunnao.capabilities.classification.training import train as learn
    from yunnao.scenarios.appeals.message_files import read_labelled
    from yunnao.storage.files import write_atomically

    with progress("训练 train") as advance:
        advance("读文件 reading", 0.0)
        read = [read_labelled(file) for file in files]
        learned = learn([row for rows, _ in read for row in rows], advance)
        content = model_to_bytes(learned)
    write_atomically(model, content)
    click.echo(
        f"✓ {model}：{learned.rows:,} 条诉求，{len(learned.categories)} 类（{'、'.join(learned.categories)}）；"
        f"交叉验证 macro-F1 {learned.macro_f1:.4f}，准确率 {learned.accuracy:.4f}"
    )
    tell_skipped([row for _, rows in read for row in rows], rejects)


@command.command("classify")
@click.argument("file", metavar="MESSAGES", type=_path)
@click.option("--model", required=True, type=_path, help="yunnao appeals train 写的模型 a trained model")
@click.option("-o", "--output", required=True, type=_path, help="结果 .csv the result")
def classify(file: Path, model: Path, output: Path) -> None:
    """给诉求分类。Classify the messages of a file: message_id, category, confidence, category_2, category_3.

    The confidence is the probability that the category is right, as found by cross-validation when the model was trained; it rises
    with the margin between the best category and the second.
    """
    import numpy as np
    import polars as pl

    from yunnao.capabilities.classification.model import BATCH, SHOWN
    from yunnao.capabilities.classification.model import classify as decide
    from yunnao.capabilities.classification.model_file import model_from_bytes
    from yunnao.platforms.registry.formats import check_readable
    from yunnao.scenarios.appeals.message_files import read_texts
    from yunnao.storage.files import write_atomically

    check_readable(model)
    learned = model_from_bytes(model.read_bytes(), model.name)
    with progress("分类 classify") as advance:
        advance("读文件 reading", 0.0)
        ids, texts = read_texts(file)
        found = []
        for start in range(0, len(texts), BATCH):
            advance(f"{start:,}/{len(texts):,}", start / len(texts))
            found.append(decide(learned, texts[start : start + BATCH]))
    names = np.array([*learned.categories, ""])
    best = np.concatenate([part.best for part in found])
    best = np.pad(best, ((0, 0), (0, SHOWN - best.shape[1])), constant_values=len(learned.categories))
    sure = np.concatenate([part.confidence for part in found])
    rows = pl.DataFrame(
        {
            "message_id": ids,
            "category": names[best[:, 0]].tolist(),
            "confidence": [f"{value:.4f}" for value in sure.tolist()],
            "category_2": names[best[:, 1]].tolist(),
            "category_3": names[best[:, 2]].tolist(),
        }
    )
    write_atomically(output, b"\xef\xbb\xbf" + rows.write_csv().encode())
    click.echo(f"✓ {output}：{len(ids):,} 条诉求")


@command.command("topics")
@click.argument("home", required=False, type=click.Path(path_type=Path))
@click.option("--messages", "file", type=_path, help="不看区里的诉求，看这个文件 a file of messages instead of HOME")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="最多几个热点 how many at most")
@click.option("-o", "--output", required=True, type=_path, help="结果 .json，或网页 .html the result")
@rejects_option
def topics(home: Path | None, file: Path | None, top: int, output: Path, rejects: Path | None) -> None:
    """找热点：多少市民在说同一件事。Events that several citizens wrote about, most citizens first.

    Over the appeals of HOME, or over a file with message_id, sender, received_at, title, body and, where there is one, likes. One
    person counts once; likes count little. A .html is one page with trends and a map, for people. Personal data in titles is masked.
    Exit 3: some rows had no number, sender or day, the others were used.
    """
    from yunnao.app import District
    from yunnao.capabilities.personal_data import masked
    from yunnao.capabilities.topics.hot import hot_topics
    from yunnao.scenarios.appeals.message_files import read_messages
    from yunnao.scenarios.appeals.reception import FLOW
    from yunnao.scenarios.appeals.topic_pages import topic_json
    from yunnao.scenarios.appeals.topic_places import Written, written_from
    from yunnao.storage.files import write_atomically

    if (home is None) == (file is None):
        raise click.UsageError("请写区的目录 HOME，或用 --messages 给出一个诉求文件（二者只要一个）")
    with progress("热点 topics") as advance:
        advance("读诉求 reading", 0.0)
        if file is not None:
            messages, skipped = read_messages(file)
            written = [Written(message, None) for message in messages]
        else:
            assert home is not None
            written = [written_from(row) for row in District(home).filed.texts(FLOW)]
            skipped = []
        found = hot_topics([each.message for each in written], top=top, advance=advance)
    if output.suffix.lower() == ".html":
        from yunnao.web.service.officers.topics_file import topics_page

        content = topics_page(found, {each.message.id: each for each in written})
    else:
        content = json.dumps([topic_json(topic) for topic in found], ensure_ascii=False, indent=1) + "\n"
    write_atomically(output, content.encode())
    click.echo(f"✓ {output}：{len(written):,} 条诉求，{len(found)} 个热点")
    for topic in found[:_SHOWN]:
        click.echo(f"  {topic.rank}. {masked(topic.title)}（{topic.citizens} 位市民，{len(topic.messages)} 条）")
    tell_skipped(skipped, rejects)
