#!/usr/bin/env python3
"""chunk-quality.py [--build build/release] [--ir ../shared/ir] [--sizes 200,400,800] [--top 5]

How well chunks answer questions whose answers are known spans of long texts: ours against fixed windows
and LangChain's recursive splitter (from npm) of the same mean length, without overlap. Each corpus is
searched by itself with BM25 over the chunks. One answer more or less found moves a figure by a percent:
each is the mean of eleven sizes within 15 % of the one named, for all three alike. Exit code 1 when ours
is not better everywhere.

  omega    the best precision that the chunking allows: characters of the answer, of those of all chunks
           that hold some of it
  recall   characters of the answer that the top chunks hold
  ends     chunks that end at a sentence or paragraph; words: chunks that end within a word
"""
import argparse
import collections
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def union(spans):
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def common(a, b):
    return sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)


def length(spans):
    return sum(end - start for start, end in spans)


def words(text):
    """As chunk_eval.py has them: lower case, without the plural's s."""
    return [w[:-1] if len(w) > 3 and w.endswith('s') else w for w in re.findall(r'\w+', text.lower())]


class Bm25:
    def __init__(self, texts):
        self.postings = collections.defaultdict(list)
        self.lengths = []
        for i, text in enumerate(texts):
            counts = collections.Counter(words(text))
            self.lengths.append(sum(counts.values()))
            for word, n in counts.items():
                self.postings[word].append((i, n))
        self.mean = sum(self.lengths) / len(self.lengths)

    def best(self, query, k):
        scores = collections.Counter()
        for word in set(words(query)):
            found = self.postings.get(word, ())
            idf = math.log(1 + (len(self.lengths) - len(found) + .5) / (len(found) + .5))
            for i, n in found:
                scores[i] += idf * n * 1.9 / (n + .9 * (.6 + .4 * self.lengths[i] / self.mean))
        return [i for i, _ in scores.most_common(k)]


def evaluate(text, chunks, questions, k):
    """chunks: (start, end, content)."""
    index = Bm25([content for _, _, content in chunks])
    omega = recall = 0
    for question in questions:
        answer = union([[r['start_index'], r['end_index']] for r in question['refs']])
        top = union([list(chunks[i][:2]) for i in index.best(question['text'], k)])
        recall += common(answer, top) / length(answer)
        holding = [list(c[:2]) for c in chunks if any(c[0] < e and c[1] > s for s, e in answer)]
        omega += common(answer, union(holding)) / max(1, length(holding))
    ends = sum(bool(re.search(r'''[.!?:;]["')\]”’]*\s*$|\n\s*$''', text[s:e + 1 if text[e:e + 1] == '\n' else e]))
               or not text[e:].strip() for s, e, _ in chunks)
    severed = sum(e < len(text) and text[e - 1].isalnum() and text[e].isalnum() for _, e, _ in chunks)
    n = len(questions)
    return {'chunks': len(chunks), 'chars': sum(e - s for s, e, _ in chunks) / len(chunks),
            'omega': omega / n, 'recall': recall / n, 'ends': ends / len(chunks), 'words': severed}


def ours(args, path, target):
    out = subprocess.run(
        [os.path.join(args.build, 'ingest-chunk'), '--json', '--tokenizer', 'cl100k_base', '--target', str(target),
         '--max', str(target * 8 // 7), *args.options.split(), path],
        check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in out.splitlines()]
    mean = sum(line['token_count'] for line in lines) / len(lines)
    return mean, [(line['start_char'], line['end_char'], line['content']) for line in lines]



def windows(text, size):
    chunks, at = [], 0
    while at < len(text):
        end = min(len(text), at + size)
        if end < len(text):
            space = text.rfind(' ', at + size // 2, end)
            end = space if space > 0 else end
        chunks.append((at, end, text[at:end]))
        at = end
    return chunks


def langchain(args, path, text, sizes):
    """For each size its chunks. node looks for packages beside the script's folder."""
    with tempfile.TemporaryDirectory() as folder:
        script = shutil.copy(os.path.join(HERE, 'peers', 'langchain-spans.mjs'), folder)
        os.symlink(os.path.abspath(args.modules), os.path.join(folder, 'node_modules'))
        out = subprocess.run(['node', script, os.path.abspath(path), *map(str, sizes)], check=True,
                             capture_output=True, text=True).stdout
    return [[(start, end, text[start:end]) for start, end in spans] for spans in json.loads(out)]


def mean_length(chunks):
    return sum(end - start for start, end, _ in chunks) / len(chunks)


def average(rows):
    return {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]}


def install(folder):
    """The packages of a folder's package.json, where tests/npm.sh keeps them."""
    script = f'. tests/npm.sh; npm_packages {folder} && echo "$npm_packages" || {{ echo "$npm_reason" >&2; exit 1; }}'
    return subprocess.run(['bash', '-c', script], check=True, capture_output=True, text=True,
                          cwd=os.path.dirname(HERE)).stdout.strip() + '/node_modules'


def compare(args, path, text, asked, size, peers):
    """The mean figures of each, for sizes around `size`."""
    rows = collections.defaultdict(list)
    tokens = 0
    for percent in range(85, 116, 3):
        mean, chunks = ours(args, path, size * percent * 11 // 1000)
        tokens += mean / 11
        rows['ours'].append(evaluate(text, chunks, asked, args.top))
        for name, choices in peers.items():
            nearest = min(choices, key=lambda c: abs(mean_length(c) - mean_length(chunks)))
            rows[name].append(evaluate(text, nearest, asked, args.top))
    return tokens, {name: average(r) for name, r in rows.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default='build/release')
    parser.add_argument('--ir', default='../shared/ir')
    parser.add_argument('--sizes', default='200,400,800')
    parser.add_argument('--top', type=int, default=5)
    parser.add_argument('--options', default='', help='more options for ingest-chunk')
    args = parser.parse_args()
    args.modules = install('bench/peers')

    folder = os.path.join(args.ir, 'chunk_spans')
    with open(os.path.join(folder, 'queries.jsonl'), encoding='utf-8') as file:
        questions = [json.loads(line) for line in file]
    worse = 0
    for corpus in sorted({q['corpus'] for q in questions}):
        path = os.path.join(folder, 'corpora', corpus + '.md')
        with open(path, encoding='utf-8', newline='') as file:
            text = file.read()
        asked = [q for q in questions if q['corpus'] == corpus]
        sizes = [int(500 * 1.01 ** i) for i in range(250)]
        peers = {'fixed windows': [windows(text, n) for n in sizes],
                 'LangChain': langchain(args, path, text, sizes)}
        for size in map(int, args.sizes.split(',')):
            tokens, rows = compare(args, path, text, asked, size, peers)
            print(f'{corpus}, {len(asked)} questions, {tokens:.0f} tokens a chunk')
            for name, row in rows.items():
                lost = [m for m in ('omega', 'recall') if name != 'ours' and row[m] >= rows['ours'][m]]
                worse += len(lost)
                print(f'  {name:14} {row["chars"]:5.0f} characters  omega {row["omega"]:.4f}  recall {row["recall"]:.4f}'
                      f'  ends {100 * row["ends"]:3.0f} %  words {row["words"]:.1f}'
                      + (f'  OURS IS NOT BETTER: {", ".join(lost)}' if lost else ''))
    return 1 if worse else 0


if __name__ == '__main__':
    sys.exit(main())
