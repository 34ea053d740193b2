#!/usr/bin/env python3
"""What extraction of office files costs, against Kreuzberg, mammoth and officeparser (from npm).

  bench/extract-office.py [--build build/release] [--rounds 5]

The files are those of the optional corpus (../shared/corpus) that all tools read; each tool reads them
many times over in one process. How it is measured: racing.py.
"""
import argparse
import os
import tempfile

import racing

SETS = [("docx", ["docx"], ["kreuzberg", "mammoth", "officeparser"]),
        ("pptx", ["pptx"], ["kreuzberg", "officeparser"]),
        ("xlsx", ["xlsx"], ["kreuzberg", "officeparser"]),
        ("odt, epub", ["odt", "epub"], ["kreuzberg"])]
PASSES = {"ours": 40, "kreuzberg": 20, "mammoth": 2, "officeparser": 2}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    racing.build(options.build, "ingest-extract", "tests/read-files")
    print("%-10s %5s  %-13s %10s  %s" % ("", "files", "tool", "files/s", "ours is so many times as fast"))
    with tempfile.TemporaryDirectory() as scratch:
        peers = {tool.name: tool for tool in racing.peers(scratch, "kreuzberg", "mammoth", "officeparser")}
        for name, formats, names in SETS:
            racers = [peers[n] for n in names]
            files = racing.read_by_all(racers, racing.corpus_files(*formats))
            tools = [racing.resident(os.path.abspath(options.build)), *racers]
            seconds = racing.seconds_a_pass(tools, files, PASSES, options.rounds)
            for tool in tools:
                print("%-10s %5d  %-13s %10.0f  %8.1f" % (name, len(files), tool.name, len(files) / seconds[tool.name],
                                                         seconds[tool.name] / seconds["ours"]), flush=True)
    print("files a second of processor time; least of %d interleaved rounds" % options.rounds)


main()
