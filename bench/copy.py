#!/usr/bin/env python3
"""What loading costs the database: processor seconds of the server's backends.

  bench/copy.py [--build build/release] [--megabytes 40] [--runs 5]

The same documents and chunks go into a private cluster, each time into a fresh database:

  ingest load        documents and chunks, as `ingest` loads them: checks, keys, triggers, vectors, GIN
  psql \\copy both    the same rows into the same tables with psql, then ingest.finish_batch()
  psql \\copy chunks  chunks alone; their documents are there
  bare table         the same chunks with psql \\copy into a copy of document_chunks
                     (like .. including all) that has no trigger, no GIN index and no foreign key

Processor time is what the kernel charged to the backends that ended meanwhile (cutime and cstime of the
postmaster); autovacuum is off, checkpointer and WAL writer are not in it. Runs are interleaved, medians.
The text: paragraphs of ../shared/ir and ../shared/corpus where they are there, else of fixtures, drawn at
random (the same ones each time) into documents of 40 kB.
"""
import argparse, glob, json, os, random, shutil, statistics, subprocess, sys, tempfile, time

USER = '5f0c1e4a-0d57-4c53-9c3e-6a1b2c3d4e5f'
DOCUMENT_BYTES = 40000
# what a client gives; the rest is the triggers'
DOCUMENTS = ('id, user_id, folder_id, name, checksum, file_size, mime_type, format, title, language, page_count, '
             'content_text, indexing_status, fingerprint')
CHUNKS = ('id, user_id, document_id, position, content, heading_path, page_first, page_last, start_char, end_char, '
          'prefix_chars, content_hash, token_count, language')

# --- text ------------------------------------------------------------------------------------------

def paragraphs(build):
    texts = []
    for path in sorted(glob.glob('../shared/ir/*/docs.jsonl')):
        with open(path, encoding='utf-8') as lines:
            texts += [' '.join(str(v) for k, v in json.loads(line).items() if k in ('title', 'text')) for line in lines]
    files = [f for kind in ('html', 'txt', 'md', 'pdf') for f in sorted(glob.glob('../shared/corpus/%s/*' % kind))]
    files = files or [f[:-len('.expected')] for f in sorted(glob.glob('fixtures/*.expected'))]
    for f in files:
        out = subprocess.run([build + '/ingest-extract', f], capture_output=True).stdout.decode('utf-8', 'replace')
        texts += [p for p in out[:500000].split('\n\n') if 200 <= len(p) <= 4000 and '|' not in p]
    return texts, len(files) + len(glob.glob('../shared/ir/*/docs.jsonl'))

def write_documents(folder, texts, megabytes):
    chance = random.Random(1)
    paths, total = [], 0
    while total < megabytes * 1000000:
        parts, size = [], 0
        while size < DOCUMENT_BYTES:
            if len(parts) % 12 == 0:
                parts.append('## Section %d' % (len(parts) // 12 + 1))
            parts.append(chance.choice(texts).strip())
            size += len(parts[-1].encode()) + 2
        paths.append(os.path.join(folder, 'document-%05d.md' % len(paths)))
        with open(paths[-1], 'w', encoding='utf-8') as out:
            out.write('\n\n'.join(parts) + '\n')
        total += size
    return paths

# --- the cluster -----------------------------------------------------------------------------------

class Cluster:
    def __init__(self, build):
        self.ingest = build + '/ingest'
        self.folder = tempfile.mkdtemp(prefix='ingest-bench.')
        self.env = dict(os.environ, INGEST_LOCAL_DIR=self.folder + '/pg', INGEST_DATABASE_ALLOW_LOCAL='true', INGEST_USER=USER)
        os.chmod(self.folder, 0o755)
        subprocess.run([self.ingest, 'db', 'start', '--local'], env=self.env, check=True, stdout=subprocess.DEVNULL)
        self.host = self.folder + '/pg'
        with open(self.host + '/data/postmaster.pid') as lines:
            self.postmaster = int(lines.readline())
        self.sql('postgres', 'alter system set autovacuum = off')
        self.sql('postgres', 'alter system set max_wal_size = \'4GB\'')
        self.sql('postgres', 'select pg_reload_conf()')

    def url(self, database):
        return 'postgresql://postgres@/%s?host=%s' % (database, self.host)

    def sql(self, database, *commands):
        arguments = [a for c in commands for a in ('-c', c)]
        done = subprocess.run(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', self.url(database)] + arguments,
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit('psql: ' + done.stderr)
        return done.stdout.strip()

    def fresh(self, template):
        self.sql('postgres', 'drop database if exists run', 'create database run template %s strategy file_copy' % template, 'checkpoint')

    def has_backends(self):
        """Sessions of `run` that work still, or end: those have no command line any more."""
        for stat in glob.glob('/proc/[0-9]*/stat'):
            try:
                with open(stat) as f, open(stat[:-len('stat')] + 'cmdline') as command:
                    parent, title = int(f.read().rsplit(')', 1)[1].split()[1]), command.read()
                    if parent == self.postmaster and (title == '' or ' run ' in title):
                        return True
            except OSError:
                pass  # gone meanwhile
        return False

    def reaped_seconds(self):
        while self.has_backends():
            time.sleep(0.01)
        with open('/proc/%d/stat' % self.postmaster) as f:
            fields = f.read().rsplit(')', 1)[1].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf('SC_CLK_TCK')

    def close(self):
        subprocess.run([self.ingest, 'db', 'remove', '--local', '--yes'], env=self.env)
        shutil.rmtree(self.folder, ignore_errors=True)

# --- the runs --------------------------------------------------------------------------------------

def prepare(cluster, build, paths):
    """Templates `base` (schema and user) and `filled` (documents too); the rows as psql reads them."""
    stream, documents, chunks = (os.path.join(cluster.folder, n) for n in ('stream', 'documents', 'chunks'))
    with open(stream, 'wb') as out:
        extract = subprocess.Popen([build + '/ingest', 'extract', '--json'] + paths, stdout=subprocess.PIPE)
        subprocess.run([build + '/ingest', 'chunk', '--json'], stdin=extract.stdout, stdout=out, check=True)
        if extract.wait() != 0:
            sys.exit('ingest extract failed')
    cluster.sql('postgres', 'create database base')
    subprocess.run([cluster.ingest, 'db', 'push'], env=dict(cluster.env, DATABASE_URL=cluster.url('base')), check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cluster.sql('base', "insert into auth.users (id, email) values ('%s', 'bench@example.org')" % USER,
                "select ingest.ensure_folder('%s', 'Bench')" % USER, 'create schema bench',
                'create table bench.document_chunks (like public.document_chunks including all)')
    cluster.sql('base', *cluster.sql('base', "select format('drop index %s', i.indexrelid::regclass) from pg_index i "
                "join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam "
                "where i.indrelid = 'bench.document_chunks'::regclass and a.amname = 'gin'").splitlines())
    cluster.fresh('base')
    load(cluster, stream)
    cluster.sql('run', "\\copy (select %s from public.documents order by name) to '%s'" % (DOCUMENTS, documents),
                "\\copy (select %s from public.document_chunks order by document_id, position) to '%s'" % (CHUNKS, chunks))
    cluster.sql('postgres', 'create database filled template base')
    cluster.sql('filled', "\\copy public.documents (%s) from '%s'" % (DOCUMENTS, documents))
    return stream, documents, chunks

def load(cluster, stream):
    with open(stream, 'rb') as lines:
        subprocess.run([cluster.ingest, 'load', '--folder', 'Bench'], stdin=lines, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=dict(cluster.env, DATABASE_URL=cluster.url('run')))

def measure(cluster, template, action):
    cluster.fresh(template)
    before, start = cluster.reaped_seconds(), time.monotonic()
    action()
    wall = time.monotonic() - start
    return cluster.reaped_seconds() - before, wall

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default='build/release')
    parser.add_argument('--megabytes', type=int, default=40)
    parser.add_argument('--runs', type=int, default=3)
    options = parser.parse_args()
    build = os.path.realpath(options.build)
    if not os.access(build + '/ingest', os.X_OK):
        sys.exit('%s/ingest is missing: make V=release' % options.build)
    texts, sources = paragraphs(build)
    cluster = Cluster(build)
    try:
        source = os.path.join(cluster.folder, 'text')
        os.mkdir(source)
        stream, documents, chunks = prepare(cluster, build, write_documents(source, texts, options.megabytes))
        compare(cluster, options, len(texts), sources, stream, documents, chunks)
    finally:
        cluster.close()

def compare(cluster, options, n_texts, sources, stream, documents, chunks):
    copy_documents = "\\copy public.documents (%s) from '%s'" % (DOCUMENTS, documents)
    copy_chunks = "\\copy %%s.document_chunks (%s) from '%s'" % (CHUNKS, chunks)
    finish = 'select ingest.finish_batch()'
    ways = [('ingest load', 'base', lambda: load(cluster, stream)),
            ('psql \\copy both', 'base', lambda: cluster.sql('run', copy_documents, copy_chunks % 'public', finish)),
            ('psql \\copy chunks', 'filled', lambda: cluster.sql('run', copy_chunks % 'public', finish)),
            ('bare table', 'filled', lambda: cluster.sql('run', copy_chunks % 'bench'))]
    samples, rows = {name: [] for name, _, _ in ways}, set()
    for _ in range(options.runs):
        for name, template, action in ways:
            samples[name].append(measure(cluster, template, action))
            rows.add(cluster.sql('run', 'select greatest((select count(*) from public.document_chunks), '
                                 '(select count(*) from bench.document_chunks))'))
    if len(rows) != 1:
        sys.exit('the ways do not load the same rows: %s' % rows)
    n, megabytes = cluster.sql('run', 'select count(*), sum(octet_length(content)) / 1e6 from bench.document_chunks').split('|')
    n, megabytes = int(n), float(megabytes)
    print('%d chunks, %.1f MB of text, of %d paragraphs out of %d files; PostgreSQL %s; medians of %d interleaved runs' %
          (n, megabytes, n_texts, sources, cluster.sql('postgres', 'show server_version'), options.runs))
    print('%-18s %10s %10s %10s %8s %8s' % ('', 'backend s', 'chunks/s', 'MB/s', 'ratio', 'wall s'))
    least = statistics.median(cpu for cpu, _ in samples['bare table'])
    for name, _, _ in ways:
        cpu, wall = (statistics.median(s[i] for s in samples[name]) for i in (0, 1))
        print('%-18s %10.2f %10.0f %10.2f %8.2f %8.2f' % (name, cpu, n / cpu, megabytes / cpu, cpu / least, wall))
    print('chunks and MB a second of backend processor time; ratio: to the bare table')

main()
