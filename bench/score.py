#!/usr/bin/env python3
"""score.py [--build DIR] [--format pdf,docx] [--keep DIR] [--failures N] [--tools]: how much of what must
be found in real documents the extractor finds.

Reads the optional corpus beside the project (../shared/corpus: MANIFEST.tsv, expect/, truth/,
score.py), extracts every file of the chosen formats with ingest-extract as a user would, and hands
texts and outcomes to the corpus's own score.py, whose table it prints. A file's text is its own and,
after it, that of its members. With --keep the texts stay in DIR. With --tools, a table of what other tools
find in the same files, those that are installed, beside ours: required strings, strict.
"""
import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "..", "shared", "corpus")
BATCH = 100
SECONDS = 60
# name, formats it reads, command for one file ({}), which prints the text; LibreOffice writes it beside ({out})
TOOLS = [
    ("pdftotext", ["pdf"], ["pdftotext", "{}", "-"]),
    ("mutool", ["pdf", "epub", "fb2"], ["mutool", "draw", "-q", "-F", "txt", "{}"]),
    ("pandoc", ["docx", "odt", "epub", "fb2", "html", "ipynb", "md", "rtf", "csv"],
     ["pandoc", "-t", "plain", "--wrap=none", "-f", "{format}", "{}"]),
    ("w3m", ["html"], ["w3m", "-dump", "-T", "text/html", "-O", "UTF-8", "-cols", "1000", "{}"]),
    ("catdoc", ["doc", "rtf"], ["catdoc", "-d", "utf-8", "-w", "{}"]),
    ("catppt", ["ppt"], ["catppt", "-d", "utf-8", "{}"]),
    ("xls2csv", ["xls"], ["xls2csv", "-d", "utf-8", "{}"]),
    ("antiword", ["doc"], ["antiword", "-m", "UTF-8.txt", "-w", "0", "{}"]),
    ("libreoffice", ["doc", "docx", "odt", "rtf"],
     ["libreoffice", "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", "{out}", "{}"]),
    ("cat", ["csv", "eml", "json", "mbox", "md", "txt", "xml"], ["cat", "{}"]),
]


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


# --- other tools ----------------------------------------------------------------------------------

def text_by(command, path, form):
    """What a tool prints or writes; None where it fails."""
    with tempfile.TemporaryDirectory() as out:
        filled = [part.replace("{out}", out).replace("{format}", {"md": "markdown"}.get(form, form))
                  .replace("{}", os.path.join(CORPUS, path)) for part in command]
        try:
            run = subprocess.run(filled, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return None
        written = [os.path.join(out, name) for name in os.listdir(out)]
        if run.returncode != 0 and not run.stdout:
            return None
        if not written:
            return run.stdout
        with open(written[0], "rb") as f:
            return f.read()


def strings_found(textdir, form):
    """(found, of) of the required strings of a format, strict."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", suffix=".json") as f:
        subprocess.run([sys.executable, os.path.join(CORPUS, "score.py"), os.path.join(CORPUS, "MANIFEST.tsv"), textdir,
                        "--format", form, "--json", f.name], check=True, stdout=subprocess.DEVNULL)
        scores = json.load(f)["formats"].get(form, {})
    return int(scores.get("hit", 0)), int(scores.get("str", 0))


def score_tool(command, form):
    with tempfile.TemporaryDirectory() as scratch:
        for path in wanted({form}):
            text = text_by(command, path, form)
            if text is not None:
                target = os.path.join(scratch, path + ".txt")
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as f:
                    f.write(text)
        return strings_found(scratch, form)


def show_tools(ours, formats):
    """ours: the folder of our texts."""
    readable = sorted({form for _, reads, _ in TOOLS for form in reads} & (formats or
                      {form for _, reads, _ in TOOLS for form in reads}))
    print("\nrequired strings found, strict, beside other tools:")
    for form in readable:
        found, of = strings_found(ours, form)
        if of == 0:
            continue
        cells = ["ours %.1f %%" % (100 * found / of)]
        for name, reads, command in TOOLS:
            if form in reads and shutil.which(command[0]):
                cells.append("%s %.1f %%" % (name, 100 * score_tool(command, form)[0] / of))
        print("%-6s %5d  %s" % (form, of, ", ".join(cells)), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--format", default="")
    parser.add_argument("--keep")
    parser.add_argument("--failures", default="40")
    parser.add_argument("--tools", action="store_true")
    options = parser.parse_args()
    if not os.path.exists(CORPUS):
        print("there is no corpus beside the project: nothing to score")
        return
    program = os.path.join(options.build, "ingest-extract")
    formats = set(filter(None, options.format.split(",")))
    paths = list(wanted(formats))
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
        if options.tools:
            show_tools(out, formats)


main()
