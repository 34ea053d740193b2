"""racing.py: what the benchmarks of extraction share: the files, the tools, and how they are measured.

Each tool is one process that reads a set of files PASSES times over. A pass costs what a process of many
passes takes more than one of a single pass, so that starting (node, libraries, the sandbox) counts for
nobody. Processor time, user and system, of all processes; the tools take turns, and of each the minimum
over the rounds counts, since other work on the machine only ever adds to it.
"""
import collections
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CORPUS = os.path.join(ROOT, "..", "shared", "corpus")
KREUZBERG_ON_DEBIAN_12 = os.path.join(ROOT, "..", "shared", "peers", "kreuzberg-debian12")

# command: function (passes, files, scratch folder) -> argv
Tool = collections.namedtuple("Tool", "name command env")


def corpus_files(*formats):
    """What the optional corpus says can be read, of these formats."""
    manifest = os.path.join(CORPUS, "MANIFEST.tsv")
    if not os.path.exists(manifest):
        sys.exit("there is no corpus beside the project: nothing to measure")
    with open(manifest, encoding="utf-8", newline="") as f:
        rows = csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [os.path.realpath(os.path.join(CORPUS, row["path"]))
                for row in rows if row["format"] in formats and row["expect"] == "ok"]


def build(folder, *programs):
    subprocess.run(["make", "-s", "V=" + os.path.basename(folder), *(os.path.join(folder, p) for p in programs)],
                   cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def resident(folder):
    """Ours, as `ingest` runs it: one sandboxed worker for the files of one owner."""
    program = os.path.join(folder, "tests", "read-files")
    return Tool("ours", lambda passes, files, _: [program, "same", "-%d" % passes, *files], {"INGEST_BUILD": folder})


def inside(folder, what):
    """See extract-inside.c."""
    program = os.path.join(folder, "extract-inside")
    return Tool(what, lambda passes, files, _: [program, what, str(passes), *files], {})


def peers(scratch, *names):
    """Tools from npm, in the versions of peers/extract/package.json."""
    command = '. tests/npm.sh; npm_packages bench/peers/extract && echo "$npm_packages" || { echo "$npm_reason" >&2; exit 1; }'
    packages = subprocess.run(["bash", "-c", command], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    # node finds packages beside the script
    script = shutil.copy(os.path.join(HERE, "peers", "extract", "extract-files.mjs"), scratch)
    modules = os.path.join(scratch, "node_modules")
    os.symlink(os.path.join(packages, "node_modules"), modules)
    tools = []
    for name in names:
        env = kreuzberg(scratch, modules) if name == "kreuzberg" else {}
        tools.append(Tool(name, lambda passes, files, at, name=name:
                          ["node", script, name, str(passes), listed(files, at)], env))
    return tools


def listed(files, scratch):
    path = os.path.join(scratch, "files")
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(file + "\n" for file in files)
    return path


def kreuzberg(scratch, modules):
    """What its environment must be. It is built for glibc 2.38: on an older one, a copy that takes the newer symbols
    from a small library stands in for it."""
    # it loads its binary when first used
    probe = ["node", "-e", "require('%s/@kreuzberg/node').extractBytesSync(Buffer.from('a'), 'text/plain')" % modules]
    if subprocess.run(probe, check=False, stderr=subprocess.DEVNULL).returncode == 0:
        return {}
    if not os.path.isdir(KREUZBERG_ON_DEBIAN_12):
        sys.exit("Kreuzberg does not load here, and ../shared/peers, which helps it, is not there")
    shim, binary = os.path.join(scratch, "shim.so"), os.path.join(scratch, "kreuzberg.node")
    shutil.copy(os.path.join(modules, "@kreuzberg", "node-linux-x64-gnu", "kreuzberg-node.linux-x64-gnu.node"), binary)
    subprocess.run(["python3", os.path.join(KREUZBERG_ON_DEBIAN_12, "weaken_versions.py"), binary],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["g++", "-O2", "-shared", "-fPIC", os.path.join(KREUZBERG_ON_DEBIAN_12, "shim.cc"), "-o", shim], check=True)
    env = {"LD_PRELOAD": shim, "NAPI_RS_NATIVE_LIBRARY_PATH": binary}
    subprocess.run(probe, check=True, env={**os.environ, **env})
    return env


def run(tool, passes, files, scratch):
    """(processor seconds, standard output)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(tool.command(passes, files, scratch), env={**os.environ, **tool.env}, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def read_by_all(tools, files):
    """Those that each of the peers reads without an error."""
    with tempfile.TemporaryDirectory() as scratch:
        for tool in tools:
            failed = set(json.loads(run(tool, 1, files, scratch)[1].splitlines()[-1]))
            files = [file for file in files if file not in failed]
            if not files:
                sys.exit("%s reads none of the files" % tool.name)
    return files


def seconds_a_pass(tools, files, passes, rounds):
    """{name: processor seconds of one pass}. passes: {name: how many are measured}."""
    least = {}
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(rounds):
            for tool in tools:
                for n in (1, 1 + passes[tool.name]):
                    taken = run(tool, n, files, scratch)[0]
                    least[tool.name, n] = min(taken, least.get((tool.name, n), taken))
    return {tool.name: (least[tool.name, 1 + passes[tool.name]] - least[tool.name, 1]) / passes[tool.name]
            for tool in tools}
