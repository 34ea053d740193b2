#!/usr/bin/env python3
"""Peak memory and wall time of ingest-extract, a process tree a file.

usage: bench/extract-memory.py [--build build/release] [--slowest 10] FILE_OR_FOLDER...

Peak memory is the largest resident size of any process of the tree (wait4: the worker is reaped by
ingest-extract), launcher and libraries included. Exits 1 when a file takes more than 256 MB or half
of them more than 64 MB.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

EVERY_MB = 256
MEDIAN_MB = 64


def files_of(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
        for folder, _, names in os.walk(path):
            yield from (os.path.join(folder, name) for name in sorted(names))


def measure(program, path):
    """(seconds, MB, exit code)"""
    start = time.monotonic()
    process = subprocess.Popen([program, '--json', path], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_maxrss / 1024, process.returncode


def main():
    parser = argparse.ArgumentParser(description='Peak memory and wall time, a file at a time.')
    parser.add_argument('--build', default='build/release')
    parser.add_argument('--slowest', type=int, default=10)
    parser.add_argument('paths', nargs='+')
    options = parser.parse_args()
    program = os.path.join(options.build, 'ingest-extract')
    rows = [(*measure(program, path), path) for path in files_of(options.paths)]
    if not rows:
        sys.exit('no files')
    for title, key in (('slowest', 0), ('largest', 1)):
        print(title)
        for row in sorted(rows, key=lambda row: row[key], reverse=True)[:options.slowest]:
            print(f'  {row[0]:7.2f} s {row[1]:7.0f} MB  exit {row[2]}  {row[3]}')
    largest = max(row[1] for row in rows)
    median = statistics.median(row[1] for row in rows)
    print(f'{len(rows)} files: median {median:.0f} MB (at most {MEDIAN_MB}), '
          f'largest {largest:.0f} MB (at most {EVERY_MB})')
    sys.exit(largest > EVERY_MB or median > MEDIAN_MB)


if __name__ == '__main__':
    main()
