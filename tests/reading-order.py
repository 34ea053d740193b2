#!/usr/bin/env python3
"""reading-order.py TRUTH TEXT: how well a text keeps to the order in which a person reads.

TRUTH is written by fixtures/reading-order/generate.py. Prints one line:

    said found pairs kept removed wanted precision

said: pieces that must come out; found: of them are in the text whole, white space aside; pairs: per
mille of neighbours in the truth that follow each other in the text in that order with no other piece
between them; removed and wanted: lines of running heads and feet, each page's; precision: per mille of
what was taken out that is a head, a foot or a page number. With --show, what is wrong goes to stderr.
"""
import re
import sys


def normal(text):
    return " ".join(re.sub(r"[|#]|---|<!--|-->", " ", text).split())


def main():
    show = "--show" in sys.argv
    truth_path, text_path = [arg for arg in sys.argv[1:] if arg != "--show"]
    said, furniture = [], []
    with open(truth_path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("= "):
                said.append(normal(line[2:]))
            elif line.startswith("! "):
                count, words = line[2:].strip().split(" ", 1)
                furniture.append((int(count), normal(words)))
    with open(text_path, encoding="utf-8") as f:
        text = normal(f.read())

    places, at = [], 0
    for piece in said:
        # cells are short and may occur twice: from the last piece on, otherwise anywhere
        place = text.find(piece, at)
        if place < 0:
            place = text.find(piece)
        places.append(place)
        if place >= 0:
            at = place + len(piece)
        elif show:
            print("missing: " + piece, file=sys.stderr)
    found = [i for i, place in enumerate(places) if place >= 0]
    order = sorted(found, key=lambda i: places[i])
    follows = {a: b for a, b in zip(order, order[1:])}
    pairs = list(zip(found, found[1:]))
    kept = sum(follows.get(a) == b for a, b in pairs)
    if show:
        for a, b in pairs:
            if follows.get(a) != b:
                print("not followed: %s ... %s" % (said[a], said[b]), file=sys.stderr)

    wanted = sum(count for count, _ in furniture)
    left = sum(min(count, len(re.findall(re.escape(words).replace(r"\#", r"\d+"), text))) for count, words in furniture)
    removed = wanted - left
    lost = len(said) - len(found)
    precision = 1000 * removed // (removed + lost) if removed + lost else 1000
    print(len(said), len(found), 1000 * kept // max(len(pairs), 1), kept, removed, wanted, precision)


main()
