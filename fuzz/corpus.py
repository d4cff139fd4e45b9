"""Packs and unpacks the corpora: a file each, of inputs with their lengths before them.

python fuzz/corpus.py seed DIR      puts the beginnings of all samples into DIR/FORMAT/
python fuzz/corpus.py unpack DIR    puts the inputs of fuzz/corpus/FORMAT.gz into DIR/FORMAT/
python fuzz/corpus.py pack DIR      makes fuzz/corpus/FORMAT.gz of DIR/FORMAT/
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "tests" / "data" / "traces"
LONGEST = 4096
"""Longer inputs find nothing that shorter ones do not, and take longer."""

MOST = 300
"""So many inputs of a format are kept, the shortest first."""


def seed(into: Path) -> None:
    """Put the beginning of every sample into the folder of the format that it is read as."""
    import suspicion as sus

    for path in sorted(SAMPLES.rglob("*")):
        if not path.is_file():
            continue
        try:
            format = sus.traces.read(path).source.format
        except (ValueError, OSError):
            continue
        data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
        folder = into / format
        folder.mkdir(parents=True, exist_ok=True)
        for start in range(0, min(len(data), 4 * LONGEST), LONGEST):
            _put(folder, data[start : start + LONGEST])


def unpack(into: Path) -> None:
    """Write the inputs of every packed corpus to files."""
    for path in sorted((HERE / "corpus").glob("*.gz")):
        folder = into / path.name.removesuffix(".gz")
        folder.mkdir(parents=True, exist_ok=True)
        data = gzip.decompress(path.read_bytes())
        at = 0
        while at < len(data):
            (length,) = struct.unpack_from("<I", data, at)
            _put(folder, data[at + 4 : at + 4 + length])
            at += 4 + length


def pack(source: Path) -> None:
    """Pack the inputs of every folder, in an order that does not depend on the file system."""
    (HERE / "corpus").mkdir(exist_ok=True)
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        inputs = sorted(
            (path.read_bytes() for path in folder.iterdir()), key=lambda data: (len(data), data)
        )
        packed = b"".join(struct.pack("<I", len(data)) + data for data in inputs[:MOST])
        target = HERE / "corpus" / f"{folder.name}.gz"
        target.write_bytes(gzip.compress(packed, 9, mtime=0))
        print(f"{target.name}: {min(len(inputs), MOST)} inputs, {target.stat().st_size} bytes")


def _put(folder: Path, data: bytes) -> None:
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    {"seed": seed, "unpack": unpack, "pack": pack}[sys.argv[1]](Path(sys.argv[2]))
