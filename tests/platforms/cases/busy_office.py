"""A process that works on cases without end, to be killed; its arguments are TARGET FOLDER SEED."""

import random
import sys
from pathlib import Path

from tests.platforms.cases.world import World, subject
from yunnao.kernel.errors import YunnaoError
from yunnao.storage.records import Records

POLICY = "hire_subsidy"
BUDGETS = {POLICY: {2024: 20_000}}


def main() -> None:
    """Runs, steps and batches in random order; says ``ready`` after the first round."""
    target, folder, seed = sys.argv[1:]
    world = World(Records.open(target), Path(folder), BUDGETS)
    chance = random.Random(seed)
    first = True
    while True:
        world.run({number: 100 for number in range(1, 200) if number < 30 or chance.random() < 0.7})
        ids = world.ids(state="proposed")
        for number in [number for number in ids if number < 30][:5]:
            world.cases.take(ids[number], "confirm", subject(number))
        for step, state, day in (
            ("review", "confirmed", "2024-03-04"),
            ("publish", "reviewed", "2024-03-04"),
            ("clear", "published", "2024-03-20"),
        ):
            world.on(day).cases.take_many(list(world.ids(state=state).values()), step, "li")
        try:
            batch = world.payments.prepare_batch(POLICY, "qian", year=2024)
            world.payments.export_batch(batch.batch_id, Path(folder) / "payments")
        except YunnaoError:
            pass
        for batch_id, status in world.payments.batches().select("batch_id", "status").iter_rows():
            if status == "prepared" and chance.random() < 0.8:
                world.payments.send_batch(batch_id, "sun")
        if first:
            print("ready", flush=True)  # noqa: T201
            first = False


if __name__ == "__main__":
    main()
