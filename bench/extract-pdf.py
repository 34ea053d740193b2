#!/usr/bin/env python3
"""What extraction of PDF costs, against pdftotext (poppler-utils) on the same files.

  bench/extract-pdf.py [FOLDER] [--build build/release] [--runs 5]

FOLDER holds the PDF files (default: ../shared/corpus/pdf where it is there, else fixtures). Both tools
run on the files that both can read, interleaved; medians. ingest-extract keeps one sandboxed worker
for the files of a command, pdftotext takes one process a file, as its users run it. OCR, which
pdftotext has none of, is off. Then files of 300 pages and more (one is made of the others where there
is none): the time they take with one process and with all processors.
"""
import argparse, glob, os, resource, statistics, subprocess, sys, tempfile, time

def run(commands):
    """(processor seconds, wall seconds) of all commands, one after the other."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    for command in commands:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start

def pages(path):
    info = subprocess.run(['pdfinfo', path], capture_output=True, text=True, errors='replace')
    for line in info.stdout.splitlines():
        if line.startswith('Pages:'):
            return int(line.split()[1])
    return 0

def both_read(extract, path):
    return all(subprocess.run(c, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
               for c in ([extract, path], ['pdftotext', path, '-']))

def compare(name, files, ours, peer, runs):
    samples = {'ours': [], 'peer': []}
    run(ours); run(peer)  # caches
    for _ in range(runs):
        samples['ours'].append(run(ours))
        samples['peer'].append(run(peer))
    cpu, wall = ([statistics.median(s[i] for s in samples[who]) for who in ('ours', 'peer')] for i in (0, 1))
    print('%-26s %5d  %9.3f %9.3f %6.2f  %9.3f %9.3f %6.2f' %
          (name, files, cpu[0], cpu[1], cpu[0] / cpu[1], wall[0], wall[1], wall[0] / wall[1]))

def long_files(sized, folder):
    """Those of 300 pages and more."""
    found = [(f, n) for f, n in sized if n >= 300]
    if sized and not found:
        path = os.path.join(folder, 'long.pdf')
        parts = [f for f, _ in sized]
        total = sum(n for _, n in sized)
        subprocess.run(['pdfunite'] + parts * (300 // max(total, 1) + 1) + [path], stderr=subprocess.DEVNULL)
        found = [(path, pages(path))]
    return found

def compare_helpers(extract, files, runs):
    helpers = len(os.sched_getaffinity(0)) - 1
    print('\n%-34s %5s  %9s %9s %6s  %9s %9s' % ('', 'pages', 'wall 0', 'wall %d' % helpers, 'faster',
                                              'cpu 0', 'cpu %d' % helpers))
    for path, n in files:
        commands = [[extract, '--ocr', '0', '--helpers', str(h), path] for h in (0, helpers)]
        if len({subprocess.run(c, capture_output=True).stdout for c in commands}) != 1:
            sys.exit('%s: helpers change the text' % path)
        samples = [[run([c]) for c in commands] for _ in range(runs)]
        (cpu0, wall0), (cpu1, wall1) = ([statistics.median(s[i][j] for s in samples) for j in (0, 1)]
                                        for i in (0, 1))
        print('%-34s %5d  %9.3f %9.3f %6.2f  %9.3f %9.3f' %
              (os.path.basename(path)[:34], n, wall0, wall1, wall0 / wall1, cpu0, cpu1))
    print('helpers: the processes beside the worker; seconds, medians of %d interleaved runs' % runs)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = '../shared/corpus/pdf' if os.path.isdir('../shared/corpus/pdf') else 'fixtures'
    parser.add_argument('folder', nargs='?', default=default)
    parser.add_argument('--build', default='build/release')
    parser.add_argument('--runs', type=int, default=5)
    options = parser.parse_args()
    extract = os.path.join(options.build, 'ingest-extract')
    if not os.access(extract, os.X_OK):
        sys.exit('%s is missing: make V=release' % extract)
    files = [f for f in sorted(glob.glob(os.path.join(options.folder, '*.pdf'))) if both_read(extract, f)]
    sized = [(f, pages(f)) for f in files]
    sets = [('all', [f for f, _ in sized]),
            ('small (at most 3 pages)', [f for f, n in sized if n <= 3]),
            ('large (100 pages or more)', [f for f, n in sized if n >= 100])]
    print('%-26s %5s  %9s %9s %6s  %9s %9s %6s' % ('', 'files', 'cpu ours', 'pdftotext', 'ratio',
                                                 'wall ours', 'pdftotext', 'ratio'))
    alone = [extract, '--ocr', '0', '--helpers', '0']
    for name, chosen in sets:
        if chosen:
            compare(name, len(chosen), [alone + chosen], [['pdftotext', f, '-'] for f in chosen], options.runs)
    small = next((f for f, n in sized if n == 1), files[0])
    compare('start-up: 1 file of 1 page', 1, [alone + [small]] * 10, [['pdftotext', small, '-']] * 10, options.runs)
    print('seconds, medians of %d interleaved runs; the last row is ten starts' % options.runs)
    with tempfile.TemporaryDirectory() as folder:
        compare_helpers(extract, long_files(sized, folder), options.runs)

main()
