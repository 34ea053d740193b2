#!/usr/bin/env python3
"""score.py [--build DIR] [--format pdf,docx] [--keep DIR] [--failures N]: how much of what must be
found in real documents the extractor finds.

Reads the optional corpus beside the project (../shared/corpus: MANIFEST.tsv, expect/, truth/,
score.py), extracts every file of the chosen formats with ingest-extract as a user would, and hands
texts and outcomes to the corpus's own score.py, whose table it prints. A file's text is its own and,
after it, that of its members. With --keep the texts stay in DIR.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "..", "shared", "corpus")
BATCH = 100


def wanted(formats):
    with open(os.path.join(CORPUS, "MANIFEST.tsv"), encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not formats or row["format"] in formats:
                yield row["path"]


def text_of(documents):
    """Of a file's own document and its members', each after its name."""
    for number, document in enumerate(documents):
        if number > 0:
            yield document["name"]
        yield document.get("text", "")


def outcome_of(documents, text):
    if "error" in documents[0]:
        return "error(%s)" % documents[0]["error"]["code"]
    return "ok" if text.strip() else "empty"


def files_of(lines):
    """The lines of each file: its own, then those of its members, which name it as container."""
    for line in lines:
        document = json.loads(line)
        if "container" not in document:
            documents = [document]
            left = document.get("members", 0)
        else:
            documents.append(document)
            left -= 1
        if left == 0:
            yield documents


def extract(program, paths, out, status):
    full = [os.path.join(CORPUS, path) for path in paths]
    run = subprocess.run([program, "--json", "--", *full], stdout=subprocess.PIPE, check=False)
    files = list(files_of(run.stdout.decode("utf-8").splitlines()))
    if len(files) != len(paths):
        sys.exit("%d answers for %d files (exit %d)" % (len(files), len(paths), run.returncode))
    for path, documents in zip(paths, files):
        text = "\n\n".join(text_of(documents))
        status.write("%s\t%s\n" % (path, outcome_of(documents, text)))
        if "error" not in documents[0]:
            target = os.path.join(out, path + ".txt")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8", newline="") as f:
                f.write(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--format", default="")
    parser.add_argument("--keep")
    parser.add_argument("--failures", default="40")
    options = parser.parse_args()
    if not os.path.exists(CORPUS):
        print("there is no corpus beside the project: nothing to score")
        return
    program = os.path.join(options.build, "ingest-extract")
    paths = list(wanted(set(filter(None, options.format.split(",")))))
    with tempfile.TemporaryDirectory() as scratch:
        out = options.keep or scratch
        os.makedirs(out, exist_ok=True)
        status = os.path.join(out, "status.tsv")
        with open(status, "w", encoding="utf-8") as f:
            for at in range(0, len(paths), BATCH):
                extract(program, paths[at : at + BATCH], out, f)
        command = [sys.executable, os.path.join(CORPUS, "score.py"), os.path.join(CORPUS, "MANIFEST.tsv"),
                   out, "--status", status, "--failures", options.failures]
        if options.format:
            command += ["--format", options.format]
        subprocess.run(command, check=True)


main()
