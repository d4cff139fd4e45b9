"""Packs and unpacks the corpora: a file each, of inputs with their lengths before them.

python fuzz/corpus.py seed DIR      puts seeds and pieces of all samples into DIR/FORMAT/
python fuzz/corpus.py words DIR     writes what the source of each reader looks for to DIR/FORMAT.dict
python fuzz/corpus.py unpack DIR    puts the inputs of fuzz/corpus/FORMAT.gz into DIR/FORMAT/
python fuzz/corpus.py pack DIR      makes fuzz/corpus/FORMAT.gz of DIR/FORMAT/
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "tests" / "data" / "traces"
SOURCE = HERE.parent / "src" / "trace" / "format"
PIECE = 400
"""A piece is about so long: many executions a second, and several records."""

PIECES = 8
"""So many of a sample, evenly over it."""

MOST = 300
"""So many inputs of a format are kept."""

MOST_BYTES = 60_000
"""And no more than these together, before they are packed."""

ALSO = {
    "cluster": ("etcd_event", "hashicorp_event"),
    "otlp": ("spans",),
    "jaeger": ("spans",),
}
"""Rooms that a reader has beside those that are called as it is."""


def seed(into: Path) -> None:
    """Put pieces of every sample into the folder of the format that it is read as."""
    import suspicion as sus

    for path in sorted((HERE / "seeds").rglob("*.*")):
        _put(into / path.parent.name, path.read_bytes())
    for path in sorted(SAMPLES.rglob("*")):
        if not path.is_file():
            continue
        try:
            format = sus.traces.read(path).source.format
        except (ValueError, OSError):
            continue
        if format == "prometheus":
            continue  # which is read in Python
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        pieces = _pieces(data)
        for piece in pieces:
            _put(into / format, piece)
        _put(into / "any", pieces[0])
        _put(into / "any", gzip.compress(pieces[0], mtime=0))
        _put(into / "any", _zstd(pieces[0]))
        if format == "hdr_log":
            for payload in _payloads(data):
                _put(into / "hdr_payload", payload)


def words(into: Path) -> None:
    """Write a dictionary for each format: the literals in its source, and the names of fields."""
    into.mkdir(parents=True, exist_ok=True)
    formats = re.findall(r'^    \w+ = "(\w+)":', (SOURCE / "mod.rs").read_text("utf-8"), re.M)
    for format in (*formats, "columns", "hdr_payload", "any"):
        stem = format.split("_")[0]
        rooms = [path for path in SOURCE.glob("*.rs") if path.stem.split("_")[0] == stem]
        rooms += [SOURCE / f"{room}.rs" for room in ALSO.get(format, ())]
        found = {'"\\xff\\xff"', '"9223372036854775807"', '"-9223372036854775808"', '"1e308"'}
        for room in rooms:
            code = "\n".join(
                line.split("//")[0]
                for line in room.read_text("utf-8").split("#[cfg(test)]")[0].splitlines()
            )
            found.update(
                f'"{word}"'
                for word in re.findall(r'"((?:[^"\\\n]|\\["\\]|\\x..){1,40})"', code)
                if " " not in word.strip() or f'b"{word}"' in code
            )
            found.update(
                f'"\\"{_camel(name)}\\":"' for name in re.findall(r"^    (\w+): Scalar", code, re.M)
            )
        (into / f"{format}.dict").write_text("\n".join(sorted(found)) + "\n", "utf-8")


def unpack(into: Path) -> None:
    """Write the inputs of every packed corpus to files."""
    for path in sorted((HERE / "corpus").glob("*.gz")):
        data = gzip.decompress(path.read_bytes())
        at = 0
        while at < len(data):
            (length,) = struct.unpack_from("<I", data, at)
            _put(into / path.name.removesuffix(".gz"), data[at + 4 : at + 4 + length])
            at += 4 + length


def pack(source: Path) -> None:
    """Pack the inputs of every folder, in an order that does not depend on the file system.

    What is in the folder of seeds, findings among them, then the shortest half, and an even choice of the others: what is
    found late is long.
    """
    (HERE / "corpus").mkdir(exist_ok=True)
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        inputs = sorted(
            (path.read_bytes() for path in folder.iterdir()), key=lambda data: (len(data), data)
        )
        kept = inputs
        if len(inputs) > MOST:
            short, long = inputs[: MOST // 2], inputs[MOST // 2 :]
            kept = short + [long[place * len(long) // (MOST // 2)] for place in range(MOST // 2)]
        while sum(map(len, kept)) > MOST_BYTES and len(kept) > 1:
            kept = kept[: len(kept) // 2] + kept[len(kept) // 2 :: 2]
        seeds = [path.read_bytes() for path in sorted((HERE / "seeds" / folder.name).glob("*.*"))]
        kept = seeds + [data for data in kept if data not in seeds][: MOST - len(seeds)]
        packed = b"".join(struct.pack("<I", len(data)) + data for data in kept)
        target = HERE / "corpus" / f"{folder.name}.gz"
        target.write_bytes(gzip.compress(packed, 9, mtime=0))
        print(f"{target.name}: {len(kept)} of {len(inputs)}, {target.stat().st_size} bytes")


def _pieces(data: bytes) -> list[bytes]:
    """Return the beginning, and further pieces that begin with a line."""
    found = [data[:PIECE]]
    for place in range(1, PIECES):
        start = data.find(b"\n", place * len(data) // PIECES) + 1
        if start > PIECE:
            found.append(data[start : start + PIECE])
    return found


def _payloads(log: bytes) -> list[bytes]:
    """Return what is packed into the lines of a log, behind a tag of one byte each."""
    found = []
    for line in log.splitlines()[:40]:
        text = line.rpartition(b",")[2]
        if not text.startswith(b"HIST"):
            continue
        payload = base64.b64decode(text + b"==")
        cookie = {2: 0x00, 4: 0x40, 9: 0x80}[payload[3] & 0x0F]
        found.append(bytes([cookie]) + zlib.decompress(payload[8:]))
    found.sort(key=len)
    return found[:8]


def _zstd(data: bytes) -> bytes:
    packed = subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True)
    return packed.stdout


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _put(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    {"seed": seed, "words": words, "unpack": unpack, "pack": pack}[sys.argv[1]](Path(sys.argv[2]))
