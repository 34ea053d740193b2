#!/usr/bin/env python3
"""What extraction of HTML, text and CSV costs.

  bench/extract-text.py [--build build/release] [--rounds 5]

HTML: the files of the optional corpus (../shared/corpus) against Kreuzberg (from npm). Text and CSV: 30 MB
each, put together out of the corpus's files in UTF-8, against the rate at which the same bytes are validated
as UTF-8, by GLib and by a loop over eight bytes at a time. Process model: files of less than 100 kB as `ingest`
reads them, against the readers as functions of one process. How it is measured: racing.py.
"""
import argparse
import os
import tempfile

import racing

LARGE_BYTES = 30_000_000
SMALL_BYTES = 100_000


def utf8_of(path):
    """What stands in it as plain UTF-8; nothing where it is anything else."""
    with open(path, "rb") as f:
        data = f.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return b""
    # characters by escapes (ISO 2022) are ASCII to look at
    return b"" if any(c in text for c in "\0\x1b\x0e\ufeff") else data


def write_text(path):
    data = b"\n\n".join(filter(None, map(utf8_of, racing.corpus_files("txt", "md"))))
    with open(path, "wb") as f:
        f.write(data * (LARGE_BYTES // len(data)))


def write_csv(path):
    """The rows of one table over and over: tables of several widths are none together."""
    table = max((file for file in racing.corpus_files("csv") if "comma" in file), key=os.path.getsize)
    header, rows = utf8_of(table).split(b"\n", 1)
    with open(path, "wb") as f:
        f.write(header + b"\n" + rows * (LARGE_BYTES // len(rows)))


def show(name, files, tools, seconds):
    megabytes = sum(os.path.getsize(file) for file in files) / 1e6
    for tool in tools:
        print("%-10s %5d  %7.1f  %-12s %10.0f  %8.2f" % (name, len(files), megabytes, tool.name, megabytes / seconds[tool.name],
                                                       seconds[tool.name] / seconds["ours"]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = os.path.abspath(options.build)
    racing.build(options.build, "ingest-extract", "tests/read-files", "extract-inside")
    ours = racing.resident(folder)
    print("%-10s %5s  %7s  %-12s %10s  %s" % ("", "files", "MB", "tool", "MB/s", "ours is so many times as fast"))
    with tempfile.TemporaryDirectory() as scratch:
        tools = [ours, *racing.peers(scratch, "kreuzberg")]
        files = racing.read_by_all(tools[1:], racing.corpus_files("html"))
        show("html", files, tools, racing.seconds_a_pass(tools, files, {"ours": 5, "kreuzberg": 3}, options.rounds))

        tools = [ours, racing.inside(folder, "validate"), racing.inside(folder, "g-validate")]
        passes = {"ours": 2, "validate": 20, "g-validate": 20}
        for name, write in (("txt", write_text), ("csv", write_csv)):
            path = os.path.join(scratch, "large." + name)
            write(path)
            show(name, [path], tools, racing.seconds_a_pass(tools, [path], passes, options.rounds))

    tools = [ours, racing.inside(folder, "read")]
    files = [file for file in racing.corpus_files("pdf", "docx", "pptx", "xlsx", "odt", "html", "eml", "rtf", "doc", "txt")
             if os.path.getsize(file) < SMALL_BYTES]
    show("small", files, tools, racing.seconds_a_pass(tools, files, {"ours": 5, "read": 5}, options.rounds))
    print("megabytes a second of processor time; least of %d interleaved rounds" % options.rounds)


main()
