"""Texts that share a band of their signatures: our ranges of values beside DuckDB's joins, on the same numbers.

Conventions: signatures are random; two texts in a hundred share a band with another. Each side runs in a process of its
own on one core and one thread, and prints CPU seconds, the highest resident size in MiB and the pairs it found.

    python bench/joins.py [--texts 500000] [--bands 8] [--memory 256MB]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

SIDES = ("ours", "duckdb")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=500_000)
    parser.add_argument("--bands", type=int, default=8)
    parser.add_argument("--memory", default="256MB", help="DuckDB's memory_limit")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        run(arguments.side, Path(arguments.folder), arguments.bands, arguments.memory)
        return
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), arguments.texts, arguments.bands)
        found = {}
        for side in SIDES:
            argv = [sys.executable, __file__, "--side", side, "--folder", folder, "--bands", str(arguments.bands)]
            text = subprocess.run([*argv, "--memory", arguments.memory], check=True, capture_output=True, text=True)
            found[side] = json.loads(text.stdout)
            print(f"{side}: {found[side]}")
        ours, theirs = found["ours"], found["duckdb"]
        print(f"ratio ours / DuckDB: CPU {ours['cpu'] / theirs['cpu']:.2f}, memory {ours['peak'] / theirs['peak']:.2f}")


def write(folder: Path, texts: int, bands: int) -> None:
    """The files of ranges as the stage of order leaves them, and the same values as one Parquet file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from allegedly.builders.arrange.order import BANDS
    from allegedly.builders.arrange.texts import Ranges
    from allegedly.builders.spool.parts import ROWS

    rng = np.random.default_rng(0)
    columns = rng.integers(0, 1 << 32, size=(2 * bands, texts), dtype=np.uint32)
    twins = rng.integers(0, texts, size=(texts // 50, 2))
    for band in range(bands):
        some = twins[band::bands]
        columns[2 * band : 2 * band + 2, some[:, 1]] = columns[2 * band : 2 * band + 2, some[:, 0]]
    starts = [*range(0, texts, ROWS), texts]
    folders = []
    for number, (start, stop) in enumerate(pairwise(starts)):
        folders.append(folder / f"{number:06d}")
        folders[-1].mkdir()
        np.save(folders[-1] / BANDS, columns[:, start:stop])
    Ranges(folders=list(map(str, folders)), starts=starts).save(folder / "ranges.json")
    (folder / "others.json").write_text(json.dumps([str(folder / "others.npy")]), encoding="utf-8")
    np.save(folder / "others.npy", np.zeros(0, dtype=np.int64))
    values = [(columns[2 * band].astype(np.uint64) << np.uint64(32)) | columns[2 * band + 1] for band in range(bands)]
    names = {f"b{band}": pa.array(value) for band, value in enumerate(values)}
    pq.write_table(pa.table({"text": pa.array(np.arange(texts)), **names}), folder / "values.parquet")


def run(side: str, folder: Path, bands: int, memory: str) -> None:
    began = time.process_time()
    pairs = ours(folder, bands) if side == "ours" else duckdb(folder, bands, memory)
    # getrusage would tell of the process that started this one, too
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    print(json.dumps({"cpu": round(time.process_time() - began, 2), "peak": round(peak), "pairs": pairs}))


def ours(folder: Path, bands: int) -> int:
    """The tasks of the stage, one after the other."""
    from allegedly.builders.arrange import collisions
    from allegedly.builders.arrange.arrange import VALUES
    from allegedly.builders.arrange.texts import Ranges
    from allegedly.builders.spool.parts import ROWS

    ranges = Ranges.load(str(folder / "ranges.json"))
    task = collisions.Band(ranges=str(folder / "ranges.json"), others=str(folder / "others.json"), rows=2)
    shards = [shard for shard in collisions.pieces(ranges.count, VALUES * ROWS, 2) if shard.band < bands]
    total = 0
    for shard in shards:
        out = folder / "out" / shard.name
        out.mkdir(parents=True)
        total += sum(task(shard, out).runs)
    return total


def duckdb(folder: Path, bands: int, memory: str) -> int:
    """A join of each band with itself, bounded in memory."""
    import duckdb as engine

    database = engine.connect(str(folder / "spill.db"))
    database.execute(f"set memory_limit = '{memory}'; set threads = 1; set temp_directory = '{folder}/spill'")
    total = 0
    for band in range(bands):
        values = f"(select text, b{band} as value from '{folder}/values.parquet')"
        query = (
            f"copy (select a.text, b.text as other from {values} a join {values} b using (value) where a.text < b.text"
        )
        database.execute(f"{query} order by all) to '{folder}/{band}.parquet'")
        row = database.execute(f"select count(*) from '{folder}/{band}.parquet'").fetchone()
        total += row[0] if row else 0
    return total


if __name__ == "__main__":
    main()
