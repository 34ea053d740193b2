-- schema.sql: every table, constraint, index, trigger, function, policy and grant of ingest.
--
-- Sent as one simple query, inside the transaction of `ingest db push`, to a database that has
-- none of it: no BEGIN, no COMMIT, no psql commands. Every object stands explicitly in `public`
-- (what the app and its API see) or `ingest` (private), and nothing rests on default privileges:
-- Supabase's grant everything in public to everyone.
--
-- Rules that hold for all of it:
--  - A row of one user never hangs on another's: foreign keys are (user_id, other_id), and other
--    tables have unique (user_id, id) for them.
--  - Row level security on every table in public, never FORCEd: the loader COPYs as a role with
--    BYPASSRLS or as the owner, and cascades run as the owner.
--  - Owning a row is not enough to write all of it: column grants at the end say what a user may.
--  - What runs inside somebody else's statement (a sign-up, a COPY of a thousand rows) never fails
--    it for reasons of its own.

-- --- what must be there ------------------------------------------------------------------------

do $$
declare
  missing text;
begin
  if current_setting('server_version_num')::int < 150000 then
    raise exception using errcode = '0A000',
      message = 'PostgreSQL 15 or later is needed; this is ' || current_setting('server_version');
  end if;
  if to_regclass('auth.users') is null or to_regprocedure('auth.uid()') is null then
    raise exception using errcode = '3F000',
      message = 'schema auth with auth.users and auth.uid() is missing',
      hint = 'On a database that is not Supabase''s run auth-stand-in.sql first.';
  end if;
  select string_agg(r, ', ') into missing
    from unnest(array['anon', 'authenticated', 'service_role']) r where to_regrole(r) is null;
  if missing is not null then
    raise exception using errcode = '42704',
      message = 'roles are missing: ' || missing,
      hint = 'On a database that is not Supabase''s run auth-stand-in.sql first.';
  end if;
  if not has_table_privilege('auth.users', 'references')
     or not has_table_privilege('auth.users', 'trigger') then
    raise exception using errcode = '42501',
      message = format('role %s lacks the REFERENCES or TRIGGER privilege on auth.users',
                       current_user),
      hint = 'Push as the role that owns your tables (Supabase: postgres), or have the owner of '
             'auth.users grant both to it.';
  end if;
  if not has_function_privilege('auth.uid()', 'execute') then
    raise exception using errcode = '42501',
      message = format('role %s may not execute auth.uid()', current_user);
  end if;
end
$$;

-- --- extensions --------------------------------------------------------------------------------

-- not in public: `ingest db push` compares public with a fresh copy of itself
create schema if not exists extensions;
create extension if not exists btree_gin with schema extensions;

-- --- schema ingest -----------------------------------------------------------------------------

-- The comment on this schema belongs to `ingest db push`: it says which file was loaded.
create schema if not exists ingest;
revoke all on schema ingest from public, anon, authenticated;
grant usage on schema ingest to service_role;

-- Rows, not code: change a limit with an UPDATE.
create table ingest.plan_limits (
  plan               text primary key,
  requests_per_month int not null check (requests_per_month >= 0)
);
insert into ingest.plan_limits values ('free', 100), ('pro', 1000), ('enterprise', 10000);

create table ingest.schema_objects (
  kind text,
  name text,
  primary key (kind, name)
);
comment on table ingest.schema_objects is
  'what `ingest db push` made; anything else in our schemas is the app''s and is left alone';

-- The text search configuration of a language, given as BCP 47 ("en", "pt-BR") or as a
-- three-letter code. Unknown language: English, the likeliest one. Known, but without a stemmer in
-- PostgreSQL 15: simple. Plain SQL without settings of its own, so that it is inlined where it is
-- called for every chunk found.
create function ingest.text_config(language text) returns regconfig
language sql immutable parallel safe
as $$
  select case split_part(translate(lower(language collate "C"), '_', '-'), '-', 1)
    when 'en' then 'pg_catalog.english'::regconfig
    when 'eng' then 'pg_catalog.english'
    when '' then 'pg_catalog.english'
    when 'und' then 'pg_catalog.english'
    when 'ar' then 'pg_catalog.arabic'
    when 'ara' then 'pg_catalog.arabic'
    when 'hy' then 'pg_catalog.armenian'
    when 'hye' then 'pg_catalog.armenian'
    when 'arm' then 'pg_catalog.armenian'
    when 'eu' then 'pg_catalog.basque'
    when 'eus' then 'pg_catalog.basque'
    when 'baq' then 'pg_catalog.basque'
    when 'ca' then 'pg_catalog.catalan'
    when 'cat' then 'pg_catalog.catalan'
    when 'da' then 'pg_catalog.danish'
    when 'dan' then 'pg_catalog.danish'
    when 'nl' then 'pg_catalog.dutch'
    when 'nld' then 'pg_catalog.dutch'
    when 'dut' then 'pg_catalog.dutch'
    when 'fi' then 'pg_catalog.finnish'
    when 'fin' then 'pg_catalog.finnish'
    when 'fr' then 'pg_catalog.french'
    when 'fra' then 'pg_catalog.french'
    when 'fre' then 'pg_catalog.french'
    when 'de' then 'pg_catalog.german'
    when 'deu' then 'pg_catalog.german'
    when 'ger' then 'pg_catalog.german'
    when 'el' then 'pg_catalog.greek'
    when 'ell' then 'pg_catalog.greek'
    when 'gre' then 'pg_catalog.greek'
    when 'hi' then 'pg_catalog.hindi'
    when 'hin' then 'pg_catalog.hindi'
    when 'hu' then 'pg_catalog.hungarian'
    when 'hun' then 'pg_catalog.hungarian'
    when 'id' then 'pg_catalog.indonesian'
    when 'ind' then 'pg_catalog.indonesian'
    when 'ga' then 'pg_catalog.irish'
    when 'gle' then 'pg_catalog.irish'
    when 'it' then 'pg_catalog.italian'
    when 'ita' then 'pg_catalog.italian'
    when 'lt' then 'pg_catalog.lithuanian'
    when 'lit' then 'pg_catalog.lithuanian'
    when 'ne' then 'pg_catalog.nepali'
    when 'nep' then 'pg_catalog.nepali'
    when 'no' then 'pg_catalog.norwegian'
    when 'nb' then 'pg_catalog.norwegian'
    when 'nn' then 'pg_catalog.norwegian'
    when 'nor' then 'pg_catalog.norwegian'
    when 'nob' then 'pg_catalog.norwegian'
    when 'nno' then 'pg_catalog.norwegian'
    when 'pt' then 'pg_catalog.portuguese'
    when 'por' then 'pg_catalog.portuguese'
    when 'ro' then 'pg_catalog.romanian'
    when 'ron' then 'pg_catalog.romanian'
    when 'rum' then 'pg_catalog.romanian'
    when 'ru' then 'pg_catalog.russian'
    when 'rus' then 'pg_catalog.russian'
    when 'sr' then 'pg_catalog.serbian'
    when 'srp' then 'pg_catalog.serbian'
    when 'es' then 'pg_catalog.spanish'
    when 'spa' then 'pg_catalog.spanish'
    when 'sv' then 'pg_catalog.swedish'
    when 'swe' then 'pg_catalog.swedish'
    when 'ta' then 'pg_catalog.tamil'
    when 'tam' then 'pg_catalog.tamil'
    when 'tr' then 'pg_catalog.turkish'
    when 'tur' then 'pg_catalog.turkish'
    when 'yi' then 'pg_catalog.yiddish'
    when 'yid' then 'pg_catalog.yiddish'
    else case when language is null then 'pg_catalog.english'::regconfig
              else 'pg_catalog.simple'::regconfig end
  end
$$;

-- --- tables ------------------------------------------------------------------------------------

-- Columns that nobody but the database writes have a comment that begins with `kept by the
-- database`: `ingest db codegen` leaves them out of what the loader sends.

create table public.user_profiles (
  user_id             uuid primary key references auth.users (id) on delete cascade,
  first_name          text check (char_length(first_name) <= 200),
  last_name           text check (char_length(last_name) <= 200),
  plan                text not null default 'free'
                      check (plan in ('free', 'pro', 'enterprise'))
                      references ingest.plan_limits (plan),
  usage_count         int not null default 0 check (usage_count >= 0),
  usage_period        date not null default date_trunc('month', now() at time zone 'UTC')::date
                      check (extract(day from usage_period) = 1),
  subscription_status text not null default 'none'
                      check (subscription_status in ('none', 'trialing', 'active', 'past_due',
                             'canceled', 'unpaid', 'incomplete', 'incomplete_expired', 'paused')),
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now()
);
comment on column public.user_profiles.usage_count is
  'kept by the database: agent requests accepted in usage_period';
comment on column public.user_profiles.usage_period is
  'kept by the database: the month that usage_count is of, as its first day, UTC';
comment on column public.user_profiles.created_at is 'kept by the database: when it was made';
comment on column public.user_profiles.updated_at is 'kept by the database: its last change';

-- The limits keep what goes into a btree entry below its 2,704 bytes.
create table public.folders (
  id               uuid primary key default gen_random_uuid(),
  user_id          uuid not null default auth.uid() references auth.users (id) on delete cascade,
  parent_folder_id uuid,
  name             text not null
                   check (btrim(name) <> '' and char_length(name) <= 255
                          and position('/' in name) = 0 and name not in ('.', '..')),
  path             text not null default '' -- typed clients ask for what has none
                   constraint folders_path_length check (octet_length(path) <= 2048),
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  unique (user_id, id),
  unique nulls not distinct (user_id, parent_folder_id, name),
  unique (user_id, path),
  foreign key (user_id, parent_folder_id) references public.folders (user_id, id)
    on delete cascade
);
comment on column public.folders.path is
  'kept by the database: names from the root joined by /, whatever is written here';
comment on column public.folders.created_at is 'kept by the database: when it was made';
comment on column public.folders.updated_at is 'kept by the database: its last change';

create table public.documents (
  id              uuid primary key default gen_random_uuid(),
  user_id         uuid not null references auth.users (id) on delete cascade,
  folder_id       uuid,
  name            text not null check (octet_length(name) between 1 and 1024),
  bucket          text check (octet_length(bucket) between 1 and 255),
  storage_path    text check (octet_length(storage_path) between 1 and 2048),
  object_version  text,
  etag            text,
  checksum        bytea check (octet_length(checksum) = 32),
  file_size       bigint check (file_size >= 0),
  mime_type       text,
  format          text,
  title           text,
  author          text,
  language        text,
  page_count      int check (page_count >= 0),
  content_text    text,
  version         int not null default 1,
  indexing_status text not null default 'pending'
                  check (indexing_status in ('pending', 'in_progress', 'completed', 'failed')),
  error_code      text,
  error_message   text,
  partial         boolean not null default false,
  partial_reason  text,
  warnings        text[] not null default '{}',
  source_mtime    timestamptz,
  fingerprint     text,
  indexed_at      timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  search_vector   tsvector,
  constraint documents_object_check check ((bucket is null) = (storage_path is null)),
  constraint documents_failure_check
    check (indexing_status <> 'failed' or error_message is not null),
  constraint documents_partial_check check (not partial or partial_reason is not null),
  unique (user_id, id),
  unique (user_id, bucket, storage_path),
  foreign key (user_id, folder_id) references public.folders (user_id, id) on delete cascade
);
comment on column public.documents.bucket is
  'with storage_path: the object it came from; both null for a file that a person loaded';
comment on column public.documents.checksum is 'SHA-256 of the file';
comment on column public.documents.mime_type is 'as sniffed from the content, not as declared';
comment on column public.documents.version is
  'kept by the database: for optimistic locking, one more with every update, whatever is '
  'written here';
comment on column public.documents.fingerprint is
  'version and settings of extractor and chunker; when they change the document is due again';
comment on column public.documents.indexed_at is
  'kept by the database: when its chunks were last loaded';
comment on column public.documents.created_at is 'kept by the database: when it was made';
comment on column public.documents.updated_at is 'kept by the database: its last change';
comment on column public.documents.search_vector is
  'kept by the database: title and file name (weight A) and the head of the text (D)';

-- Every key begins with user_id: the table can be partitioned or distributed by it as it is.
create table public.document_chunks (
  id            uuid not null default gen_random_uuid(),
  user_id       uuid not null,
  document_id   uuid not null,
  position      int not null check (position >= 0),
  content       text not null
                constraint document_chunks_content_check
                check (octet_length(content) between 1 and 65536),
  heading_path  text[] not null default '{}',
  page_first    int check (page_first >= 1),
  page_last     int,
  start_char    int not null check (start_char >= 0),
  end_char      int not null,
  prefix_chars  int not null default 0 check (prefix_chars >= 0),
  content_hash  bytea not null check (octet_length(content_hash) = 32),
  token_count   int check (token_count >= 0),
  language      text,
  search_vector tsvector,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint document_chunks_pages_check
    check ((page_first is null) = (page_last is null) and page_last >= page_first),
  constraint document_chunks_span_check check (end_char >= start_char),
  primary key (user_id, id),
  -- deferrable: `set position = position + 1` passes through equal positions
  unique (user_id, document_id, position) deferrable initially immediate,
  foreign key (user_id, document_id) references public.documents (user_id, id) on delete cascade
);
comment on column public.document_chunks.content is
  'a prefix of prefix_chars characters, then content_text of the document from start_char to '
  'end_char';
comment on column public.document_chunks.start_char is 'in characters from 0';
comment on column public.document_chunks.end_char is 'exclusive';
comment on column public.document_chunks.content_hash is 'SHA-256 of content';
comment on column public.document_chunks.search_vector is
  'kept by the database: headings (weight B) and content (D)';
comment on column public.document_chunks.created_at is 'kept by the database: when it was made';
comment on column public.document_chunks.updated_at is 'kept by the database: its last change';

create table public.agent_sessions (
  id               uuid primary key default gen_random_uuid(),
  user_id          uuid not null default auth.uid() references auth.users (id) on delete cascade,
  title            text check (char_length(title) <= 1000),
  request_chain    uuid[] not null default '{}',
  context_state    jsonb not null default '{}',
  status           text not null default 'active'
                   check (status in ('active', 'completed', 'archived')),
  last_activity_at timestamptz not null default now(),
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  unique (user_id, id)
);
comment on column public.agent_sessions.request_chain is
  'kept by the database: the last 200 accepted requests, oldest first';
comment on column public.agent_sessions.last_activity_at is
  'kept by the database: when its last request was accepted';
comment on column public.agent_sessions.created_at is 'kept by the database: when it was made';
comment on column public.agent_sessions.updated_at is 'kept by the database: its last change';

create table public.agent_requests (
  id                uuid primary key default gen_random_uuid(),
  user_id           uuid not null default auth.uid() references auth.users (id) on delete cascade,
  session_id        uuid not null,
  agent_type        text not null check (char_length(agent_type) between 1 and 100),
  question          text not null check (char_length(question) between 1 and 10000),
  status            text not null default 'queued'
                    check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  progress          int not null default 0 check (progress between 0 and 100),
  results           jsonb,
  context_chunk_ids uuid[] not null default '{}'
                    constraint agent_requests_context_check
                    check (cardinality(context_chunk_ids) <= 20
                           and array_position(context_chunk_ids, null) is null),
  model             text,
  token_cost        int not null default 0 check (token_cost >= 0),
  error             text,
  started_at        timestamptz,
  finished_at       timestamptz,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  unique (user_id, id),
  foreign key (user_id, session_id) references public.agent_sessions (user_id, id)
    on delete cascade
);
comment on column public.agent_requests.created_at is 'kept by the database: when it was accepted';
comment on column public.agent_requests.updated_at is 'kept by the database: its last change';

-- `subject` has no foreign key: what was used stays on record when its document is gone.
create table public.usage_events (
  id       bigint generated always as identity primary key,
  user_id  uuid not null references auth.users (id) on delete cascade,
  kind     text not null check (char_length(kind) between 1 and 64),
  quantity numeric not null default 1 check (quantity >= 0),
  unit     text not null check (char_length(unit) between 1 and 64),
  cost     numeric check (cost >= 0),
  subject  uuid,
  metadata jsonb not null default '{}',
  at       timestamptz not null default now()
);
comment on column public.usage_events.id is 'kept by the database: in the order of writing';
comment on column public.usage_events.subject is 'the request or document it is about';
comment on column public.usage_events.at is 'kept by the database: when it was used';

-- What is due: one row for each object of a bucket whose document may no longer be what the object
-- is. Events for one object fall together here, and whoever works on the row works on the object
-- alone. Narrow and apart from documents: a status there costs every write the row's GIN entries.
--
-- A worker takes rows with due_at <= now(), a few of each user, FOR UPDATE SKIP LOCKED, and makes
-- them leased, with due_at as the end of the lease: a dead worker's rows are due by themselves, a
-- heartbeat moves due_at. When done it removes the row if `events` is what it was, else the row is
-- due again. Parked rows wait for a person or the next event. The row follows its object through
-- renames; old_bucket and old_name say where the document still is.
create table ingest.queue (
  id             bigint generated always as identity primary key,
  user_id        uuid references auth.users (id) on delete cascade,
  bucket         text not null check (octet_length(bucket) between 1 and 255),
  name           text not null check (octet_length(name) between 1 and 2048),
  object_version text,
  event          text not null check (event in ('index', 'move', 'own', 'delete')),
  old_bucket     text check (octet_length(old_bucket) between 1 and 255),
  old_name       text check (octet_length(old_name) between 1 and 2048),
  events         bigint not null default 1 check (events > 0),
  state          text not null default 'due' check (state in ('due', 'leased', 'parked')),
  due_at         timestamptz not null default now(),
  attempts       int not null default 0 check (attempts >= 0),
  worker         text,
  error          text,
  created_at     timestamptz not null default now(),
  constraint queue_old_check check ((old_bucket is null) = (old_name is null)),
  constraint queue_lease_check check ((state = 'leased') = (worker is not null)),
  constraint queue_parked_check check ((state = 'parked') = (due_at = 'infinity')
                                       and (state <> 'parked' or error is not null)),
  unique (bucket, name)
);
comment on column ingest.queue.user_id is
  'whose document it is; null when neither the path nor the owner of the object tells';
comment on column ingest.queue.event is
  'index: new content; move: another place, the same content; own: another owner; delete: gone';
comment on column ingest.queue.old_name is
  'with old_bucket: where the document is when the object was moved and not yet followed';
comment on column ingest.queue.events is
  'how many events the row stands for; one that comes while the row is leased shows here';
comment on column ingest.queue.due_at is
  'when it may be taken: the end of the lease for a leased row, infinity for a parked one';
comment on column ingest.queue.error is 'why the last attempt failed';

-- lz4 is several times cheaper than pglz; a server that was built without it keeps its default
do $$
begin
  alter table public.documents alter column content_text set compression lz4,
                               alter column search_vector set compression lz4;
  alter table public.document_chunks alter column content set compression lz4,
                                     alter column search_vector set compression lz4;
exception when feature_not_supported then
  raise notice 'this server has no lz4: text is compressed with its default method';
end
$$;

-- --- functions: rows that keep themselves -------------------------------------------------------

-- updated_at is the database's, and created_at does not change.
create function ingest.touch() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := now();
  if tg_op = 'UPDATE' then
    new.created_at := old.created_at;
  end if;
  return new;
end
$$;

create function ingest.document_version() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
  end if;
  if new.indexing_status = 'completed'
     and (tg_op = 'INSERT' or old.indexing_status <> 'completed'
          or (new.checksum, new.fingerprint) is distinct from (old.checksum, old.fingerprint)) then
    new.indexed_at := now();
  end if;
  return new;
end
$$;

-- The tsvector of a text in which nothing can fail the row: a vector has at most 1,048,575 bytes,
-- and other limits wait in dictionaries and memory. On any error half of the text is tried, at
-- last nothing. The block costs nothing measurable beside to_tsvector. Silent: each word of 2 kB
-- and more is a NOTICE, and a file can hold many.
create function ingest.safe_tsvector(config regconfig, body text, head text, head_weight "char")
returns tsvector
language plpgsql stable parallel safe
set search_path = '' set client_min_messages = warning
as $$
declare
  vector tsvector := '';
begin
  loop
    begin
      if head <> '' then
        vector := setweight(to_tsvector(config, head), head_weight);
      end if;
      return vector || to_tsvector(config, body);
    exception when others then
      vector := '';
      head := left(head, char_length(head) / 2);
      body := left(body, char_length(body) / 2);
      if body = '' and coalesce(head, '') = '' then
        return vector;
      end if;
    end;
  end loop;
end
$$;

-- Title and file name weigh A, headings B, text D. A file name also counts as its words: the
-- parser takes report_2026.pdf for a host name.
--
-- As owner, like the next: whoever may write a row need not know how it is indexed. A language that
-- is none (a file can declare anything) is dropped here: a long one would not fit into an index.
create function ingest.document_vector() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE'
     and (new.name, new.title, new.language, new.content_text)
         is not distinct from (old.name, old.title, old.language, old.content_text) then
    return new;
  end if;
  if octet_length(new.language) > 64 then
    new.language := null;
  end if;
  new.search_vector := ingest.safe_tsvector(
    ingest.text_config(new.language),
    left(coalesce(new.content_text, ''), 65536),
    concat_ws(' ', left(new.title, 2048), new.name,
              translate(new.name, '._-/', '    ')), 'A');
  return new;
end
$$;

create function ingest.chunk_vector() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if octet_length(new.language) > 64 then
    new.language := null;
  end if;
  -- content over the limit is refused right after this, by its check
  new.search_vector := ingest.safe_tsvector(
    ingest.text_config(new.language), left(new.content, 65536),
    left(array_to_string(new.heading_path, ' '), 4096), 'B');
  return new;
end
$$;

-- --- functions: sign-up -------------------------------------------------------------------------

-- first_name and last_name as given; else as OpenID Connect calls them; else the full name, split
-- at its first space.
create function ingest.create_profile(user_id uuid, metadata jsonb) returns void
language sql set search_path = ''
as $$
  insert into public.user_profiles (user_id, first_name, last_name)
  select create_profile.user_id,
         left(coalesce(nullif(metadata ->> 'first_name', ''), nullif(metadata ->> 'given_name', ''),
                       nullif(split_part(n.full_name, ' ', 1), '')), 200),
         left(coalesce(nullif(metadata ->> 'last_name', ''), nullif(metadata ->> 'family_name', ''),
                       nullif(btrim(substr(n.full_name,
                                           length(split_part(n.full_name, ' ', 1)) + 1)), '')),
              200)
    from (select btrim(coalesce(metadata ->> 'full_name', metadata ->> 'name'))) n (full_name)
  on conflict do nothing
$$;

-- Whatever is wrong on our side, the sign-up goes through, and soon: the profile is made later, by
-- the first request or by ingest.create_missing_profiles().
create function ingest.on_sign_up() returns trigger
language plpgsql security definer
set search_path = '' set lock_timeout = '500ms'
as $$
begin
  begin
    perform ingest.create_profile(new.id, new.raw_user_meta_data);
  exception when others then
    raise warning 'ingest: no profile for user % yet: %', new.id, sqlerrm;
  end;
  return null;
end
$$;

-- For those who signed up before the schema was there. Returns how many.
create function ingest.create_missing_profiles() returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
  n bigint;
begin
  perform ingest.create_profile(u.id, u.raw_user_meta_data)
     from auth.users u
    where not exists (select from public.user_profiles p where p.user_id = u.id);
  get diagnostics n = row_count;
  return n;
end
$$;

-- --- functions: uploads -------------------------------------------------------------------------

-- Whose object it is: the first folder of its path when that is the id of a user, as Supabase's
-- examples have it; else the owner that storage wrote down. An upload by a server key has none, and
-- one of another issuer is no user. Null also where our tables' owner may not read auth.users.
create function ingest.object_user(name text, owner_id text, owner text) returns uuid
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select u.id
      from (values (1, split_part(name, '/', 1)), (2, owner_id), (3, owner)) c (rank, candidate)
      join auth.users u
        on u.id = case when c.candidate ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                       then c.candidate::uuid end
     order by c.rank limit 1);
exception when insufficient_privilege then
  return null;
end
$$;

-- The queue's row follows an object that was moved. What waits at the new place was about an object
-- that is gone from there: only a document that this one had left elsewhere is still to be deleted.
create function ingest.queue_moved(from_bucket text, from_name text, to_bucket text, to_name text)
returns void
language plpgsql set search_path = ''
as $$
begin
  with gone as (
    delete from ingest.queue q where q.bucket = to_bucket and q.name = to_name
    returning q.user_id, q.old_bucket, q.old_name
  )
  insert into ingest.queue (user_id, bucket, name, event)
  select g.user_id, g.old_bucket, g.old_name, 'delete' from gone g where g.old_name is not null
  on conflict do nothing;
  update ingest.queue q set bucket = to_bucket, name = to_name
   where q.bucket = from_bucket and q.name = from_name;
end
$$;

-- Makes an object due. An event that comes on top of others leaves what they still ask for: after a
-- rename the content that was not yet read is still to be read. A leased row stays leased. (plpgsql
-- keeps the plan: a third of the time.)
create function ingest.queue_object(for_user uuid, bucket text, name text, object_version text,
  event text, old_bucket text default null, old_name text default null)
returns void
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
begin
  insert into ingest.queue as q
         (user_id, bucket, name, object_version, event, old_bucket, old_name)
  values (for_user, queue_object.bucket, queue_object.name, queue_object.object_version,
          queue_object.event, queue_object.old_bucket, queue_object.old_name)
  on conflict (bucket, name) do update
     set user_id = excluded.user_id,
         object_version = excluded.object_version,
         event = case when excluded.event in ('index', 'delete') then excluded.event
                      when q.event in ('index', 'delete') then 'index'
                      when q.event = 'move' then 'move'
                      else excluded.event end,
         (old_bucket, old_name) = (
           select o.bucket, o.name -- none when it is back where it was
             from (select coalesce(q.old_bucket, excluded.old_bucket),
                          coalesce(q.old_name, excluded.old_name)) o (bucket, name)
            where (o.bucket, o.name) is distinct from (q.bucket, q.name)),
         events = q.events + 1,
         state = case q.state when 'leased' then 'leased' else 'due' end,
         due_at = case q.state when 'leased' then q.due_at else now() end,
         attempts = case q.state when 'leased' then q.attempts else 0 end,
         error = case q.state when 'leased' then q.error end;
end
$$;

-- For storage.objects: what changed is due in the same transaction, so that no upload is lost, and
-- none that is rolled back is there. Whatever is wrong on our side, the upload goes through, and
-- soon; a sweep finds what is missing. A lock is waited for once a transaction: it may delete a
-- thousand objects. Columns are read as JSON, since Supabase adds and removes them.
create function ingest.on_storage_change() returns trigger
language plpgsql security definer
set search_path = '' set lock_timeout = '500ms'
as $$
declare
  was jsonb;
  is_now jsonb;
  event text;
begin
  if current_setting('ingest.queue_was_locked', true) = 'yes' then
    return null;
  end if;
  begin
    if tg_op = 'UPDATE' then
      was := to_jsonb(old);
    end if;
    is_now := to_jsonb(case tg_op when 'DELETE' then old else new end);
    event := case
      when is_now ->> 'name' like '%.emptyFolderPlaceholder' then null
      when tg_op = 'INSERT' then 'index'
      when tg_op = 'DELETE' then 'delete'
      when (was ->> 'bucket_id', was ->> 'name')
           is distinct from (is_now ->> 'bucket_id', is_now ->> 'name') then 'move'
      when was ->> 'version' is distinct from is_now ->> 'version' then 'index'
      when (was ->> 'owner_id', was ->> 'owner')
           is distinct from (is_now ->> 'owner_id', is_now ->> 'owner') then 'own'
    end;
    if event is null then
      return null;
    end if;
    if event = 'move' then
      perform ingest.queue_moved(was ->> 'bucket_id', was ->> 'name',
                                 is_now ->> 'bucket_id', is_now ->> 'name');
    end if;
    perform ingest.queue_object(
      ingest.object_user(is_now ->> 'name', is_now ->> 'owner_id', is_now ->> 'owner'),
      is_now ->> 'bucket_id', is_now ->> 'name', is_now ->> 'version', event,
      case event when 'move' then was ->> 'bucket_id' end,
      case event when 'move' then was ->> 'name' end);
  exception when others then
    if sqlstate = '55P03' then
      perform set_config('ingest.queue_was_locked', 'yes', true);
    end if;
    raise warning 'ingest: object % is not queued: %', is_now ->> 'name', sqlerrm;
  end;
  return null;
end
$$;

-- For `ingest db deploy`, as the role that owns our tables: makes the trigger on storage.objects
-- where Supabase's storage is in this database. Returns what it did. It waits two seconds at most
-- for running uploads, since others wait behind it, and touches nothing when the trigger is there.
create function ingest.watch_storage() returns text
language plpgsql set search_path = '' set lock_timeout = '2s'
as $$
declare
  objects constant regclass := to_regclass('storage.objects');
begin
  if objects is null then
    return 'there is no storage.objects in this database: nothing to watch';
  end if;
  if (select count(*) from pg_attribute a
       where a.attrelid = objects and a.attname in ('bucket_id', 'name') and not a.attisdropped) < 2
  then
    raise exception using errcode = '42809',
      message = 'storage.objects is not Supabase''s: it has no columns bucket_id and name';
  end if;
  -- after each row, insert, update and delete, without a condition, not disabled
  if exists (select from pg_trigger t
              where t.tgrelid = objects and t.tgname = 'ingest_queue' and t.tgtype = 29
                and t.tgfoid = 'ingest.on_storage_change'::regproc and t.tgqual is null
                and t.tgattr = ''::int2vector and t.tgenabled = 'O') then
    return 'storage.objects is watched already';
  end if;
  if not has_table_privilege(objects, 'trigger') then
    raise exception using errcode = '42501',
      message = format('role %s lacks the TRIGGER privilege on storage.objects', current_user),
      hint = 'Deploy as the role that owns your tables (Supabase: postgres), or have the owner of '
             'storage.objects grant it.';
  end if;
  create or replace trigger ingest_queue after insert or update or delete on storage.objects
    for each row execute function ingest.on_storage_change();
  return 'storage.objects is watched';
end
$$;

-- --- functions: folders -------------------------------------------------------------------------

-- The path of a new, renamed or moved folder, from the names of its ancestors; never from their
-- paths, which may be about to change in the same statement.
--
-- Two changes of one user's tree at the same time could build a cycle or leave a path stale, each
-- being right for itself: changes take a lock of that user until commit, additions share it. (A
-- user's own changes have it already, by the trigger below.)
-- Runs as the caller: a parent that he may not see does not exist, as for the foreign key.
create function ingest.folder_path() returns trigger
language plpgsql set search_path = ''
as $$
declare
  node uuid := new.parent_folder_id;
  up record;
  depth int := 0;
  tree bigint := hashtextextended('ingest.folders ' || new.user_id::text, 0);
begin
  if tg_op = 'INSERT' then
    perform pg_advisory_xact_lock_shared(tree);
  else
    perform pg_advisory_xact_lock(tree);
  end if;
  new.path := new.name;
  while node is not null loop
    if node = new.id then
      raise exception using errcode = 'P0001',
        message = format('folder "%s" cannot be moved into itself or a folder below it', new.name);
    end if;
    depth := depth + 1;
    if depth > 1024 then
      raise exception using errcode = 'P0001',
        message = format('folder "%s" would be more than 1,024 folders deep', new.name);
    end if;
    select f.name, f.parent_folder_id into up
      from public.folders f where f.user_id = new.user_id and f.id = node;
    exit when not found; -- the foreign key refuses it
    new.path := up.name || '/' || new.path;
    node := up.parent_folder_id;
  end loop;
  return new;
end
$$;

-- A row trigger fires when its row is locked: of two sessions that move a user's folders one would
-- hold the tree and want a row, the other the row and want the tree. So the tree is locked first
-- where it is known whose it is; a server role, who may change several, can meet a deadlock.
create function ingest.folder_tree() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('ingest.folders ' || u.id, 0))
     from (select auth.uid()) u (id) where u.id is not null;
  return null;
end
$$;

-- After a rename or move: all folders below get their path anew, by the trigger above. As owner:
-- users may not write paths.
create function ingest.folder_subtree() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  with recursive below as (
    select f.id from public.folders f
     where f.user_id = new.user_id and f.parent_folder_id = new.id
    union all
    select f.id from below b
      join public.folders f on f.user_id = new.user_id and f.parent_folder_id = b.id
  )
  update public.folders f set path = '' from below b
   where f.user_id = new.user_id and f.id = b.id;
  return null;
end
$$;

-- The id of a folder by its path, made with all above it where missing. Safe beside others who
-- make the same one; best called outside of long transactions, since they wait for each other.
create function ingest.ensure_folder(for_user uuid, folder text) returns uuid
language plpgsql set search_path = ''
as $$
declare
  segment text;
  parent uuid;
  found_id uuid;
  wanted text := regexp_replace(btrim(folder, '/'), '/{2,}', '/', 'g');
begin
  select f.id into found_id from public.folders f where f.user_id = for_user and f.path = wanted;
  if found then
    return found_id;
  end if;
  if coalesce(wanted, '') = '' then
    raise exception using errcode = 'P0001', message = 'a folder needs a name';
  end if;
  foreach segment in array string_to_array(wanted, '/') loop
    -- the other who made it may remove it before we look: a few tries
    for try in 1..5 loop
      select f.id into found_id from public.folders f
       where f.user_id = for_user and f.parent_folder_id is not distinct from parent
         and f.name = segment;
      exit when found;
      insert into public.folders (user_id, parent_folder_id, name)
      values (for_user, parent, segment)
      on conflict do nothing returning id into found_id;
      exit when found;
    end loop;
    if found_id is null then
      raise exception using errcode = '40001',
        message = format('folder "%s" is being changed by somebody else', wanted);
    end if;
    parent := found_id;
  end loop;
  return parent;
end
$$;

-- --- functions: usage ---------------------------------------------------------------------------

-- A user who is gone: only then may his events go, which is the cascade from auth.users. A pusher
-- who may not read auth.users (Supabase's postgres may) has to trust that a delete from within a
-- trigger is that cascade.
create function ingest.user_is_gone(user_id uuid) returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return not exists (select from auth.users u where u.id = user_is_gone.user_id);
exception when insufficient_privilege then
  return true;
end
$$;

create function ingest.append_only() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 and ingest.user_is_gone(old.user_id) then
    return old;
  end if;
  raise exception using errcode = '42501',
    message = format('%s is append-only: %s is refused', tg_table_name, lower(tg_op)),
    hint = 'Events go with their user, when he is deleted from auth.users.';
end
$$;

-- Counts an accepted request against the plan of its user. One conditional UPDATE: the row lock
-- makes it exact under concurrency, a rollback gives the request back. AFTER INSERT, so that ON
-- CONFLICT DO NOTHING counts nothing. PostgREST answers PT402 with HTTP status 402.
create function ingest.accept_request() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  month date := date_trunc('month', now() at time zone 'UTC')::date;
  profile record;
  accepted boolean := false;
begin
  for try in 1..2 loop
    update public.user_profiles p
       set usage_count = case when p.usage_period >= month then p.usage_count else 0 end + 1,
           usage_period = greatest(p.usage_period, month)
      from ingest.plan_limits l
     where p.user_id = new.user_id and l.plan = p.plan
       and case when p.usage_period >= month then p.usage_count else 0 end < l.requests_per_month;
    accepted := found;
    exit when accepted or try = 2
           or exists (select from public.user_profiles p where p.user_id = new.user_id);
    perform ingest.create_profile(new.user_id, '{}'); -- the sign-up could not
  end loop;
  if not accepted then
    select p.plan, l.requests_per_month as allowed into profile
      from public.user_profiles p join ingest.plan_limits l using (plan)
     where p.user_id = new.user_id;
    raise exception using errcode = 'PT402',
      message = format('the %s plan''s limit of %s agent requests a month is reached',
                       profile.plan, profile.allowed),
      detail = json_build_object('plan', profile.plan, 'limit', profile.allowed,
                                 'resets_on', (month + interval '1 month')::date)::text,
      hint = format('The count starts again on %s (UTC); a larger plan allows more now.',
                    (month + interval '1 month')::date);
  end if;
  insert into public.usage_events (user_id, kind, quantity, unit, subject, metadata)
  values (new.user_id, 'agent_request', 1, 'request', new.id,
          jsonb_build_object('agent_type', new.agent_type, 'session', new.session_id));
  update public.agent_sessions s
     set last_activity_at = now(),
         request_chain = (s.request_chain || new.id)
                         [greatest(1, cardinality(s.request_chain) - 198):]
   where s.user_id = new.user_id and s.id = new.session_id;
  return null;
end
$$;

-- One event for each version of a document that was indexed: its content counts, by checksum, not
-- how often it was indexed again. The document's row lock keeps two from doing this at once.
create function ingest.document_indexed() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  sum text := encode(new.checksum, 'hex');
  last_sum text;
begin
  select e.metadata ->> 'checksum' into last_sum
    from public.usage_events e
   where e.user_id = new.user_id and e.kind = 'document_indexed' and e.subject = new.id
   order by e.id desc limit 1;
  if found and last_sum is not distinct from sum then
    return null;
  end if;
  insert into public.usage_events (user_id, kind, quantity, unit, subject, metadata)
  values (new.user_id, 'document_indexed', 1, 'document', new.id,
          jsonb_build_object('pages', new.page_count, 'bytes', new.file_size,
                             'checksum', sum, 'version', new.version));
  return null;
end
$$;

-- --- functions: upkeep --------------------------------------------------------------------------

-- For the end of a batch: moves what waits in the pending lists of the GIN indexes to its place;
-- until then each search reads the whole list (43.7 ms instead of 0.15 with 8,000 rows). Only the
-- owner of an index may. Returns pages moved.
create function ingest.finish_batch() returns bigint
language sql security definer set search_path = ''
as $$
  select coalesce(sum(gin_clean_pending_list(i.name)), 0)
    from (values (to_regclass('public.document_chunks_search')),
                 (to_regclass('public.documents_search'))) i (name)
   where i.name is not null
$$;

-- --- functions: search --------------------------------------------------------------------------

-- May the one who called our SECURITY DEFINER function name another user? Inside of it
-- current_user is the owner, the setting `role` is still the caller's SET ROLE, and without one
-- he is who he logged in as. Roles that pass row level security anyway may: superusers, BYPASSRLS
-- (service_role), and the owner of the tables.
create function ingest.caller_sees_all() returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from pg_roles r
     where r.rolname = case current_setting('role')
                         when 'none' then session_user else current_setting('role') end
       and (r.rolsuper or r.rolbypassrls or r.rolname = current_user))
$$;

-- What a person typed, in one text search configuration. All null when nothing is left to look
-- for: no words, only stop words, only exclusions.
--   exact_q   as typed
--   all_q     the same with the last word as a prefix
--   rank_q    any of the words that are wanted
--   any_q     rank_q without what is excluded
create function ingest.parse_query(config regconfig, query text,
  out exact_q tsquery, out all_q tsquery, out any_q tsquery, out rank_q tsquery)
language plpgsql stable
set search_path = '' set client_min_messages = warning
as $$
declare
  -- a lexeme as tsquery prints it
  lexeme constant text := $re$'(?:[^']|'')*'(?::\*)?$re$;
  exact_text text;
  last_text text;
  excluded tsquery;
begin
  begin
    exact_q := websearch_to_tsquery(config, query);
  exception when internal_error then -- tsquery stack too small: far too many operators
    exact_q := plainto_tsquery(config, query);
  end;
  if querytree(exact_q) in ('', 'T') then
    exact_q := null;
    return;
  end if;
  -- the last word as a prefix, when it is a bare word of three letters or more and wanted
  all_q := exact_q;
  exact_text := exact_q::text;
  last_text := websearch_to_tsquery(
    config, coalesce(substring(query from '(?:^|\s)([[:alpha:]][[:alnum:]]{2,})$'), ''))::text;
  if length(last_text) >= 5 and last_text ~ ('^' || lexeme || '$')
     and right(exact_text, length(last_text)) = last_text
     and left(right(exact_text, length(last_text) + 1), 1) <> '!' then
    all_q := (exact_text || ':*')::tsquery;
  end if;
  select string_agg(distinct m[1], ' | ')::tsquery into rank_q
    from regexp_matches(querytree(all_q), '(' || lexeme || ')', 'g') m;
  select websearch_to_tsquery(config, string_agg(m[1], ' ')) into excluded
    from regexp_matches(query, '(?<=^|\s)(-(?:"[^"]*"|\S+))', 'g') m;
  any_q := rank_q;
  if numnode(excluded) > 0 then
    any_q := any_q && excluded;
  end if;
exception when program_limit_exceeded or statement_too_complex or internal_error then
  exact_q := null; -- a word of 2 kB, too many words: nothing can match
  all_q := null;
  any_q := null;
  rank_q := null;
end
$$;

-- For people. All words first; where fewer than max_results chunks have them all, chunks with any
-- of the words follow. score: 2 and more has all words, 1 and more has them with the last one as
-- a prefix. total_count is of chunks and the same on every page. snippet and content are the
-- document's own text: whoever shows them as HTML escapes them.
--
-- SECURITY DEFINER because no index on a tsvector is used under row level security; the user is
-- auth.uid() alone. Each chunk is searched in the configuration of its own language.
create function public.search_documents(
  query text, folder text default null, max_results int default 10, page int default 1,
  for_user uuid default null)
returns table (
  document_id uuid, name text, folder_path text, storage_path text, title text, chunk_id uuid,
  chunk_position int, page_first int, page_last int, heading_path text[], start_char int,
  end_char int, score real, snippet text, content text, total_count bigint)
language plpgsql stable security definer rows 10
set search_path = '' set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  words constant text := coalesce(search_documents.query, '');
  place constant text := btrim(search_documents.folder, '/');
  size constant int := coalesce(search_documents.max_results, 10);
  page_number constant int := coalesce(search_documents.page, 1);
  me uuid := auth.uid();
  places uuid[];
  config regconfig;
  configs regconfig[] := '{}';
  parsed record;
  exacts tsquery[] := '{}';
  alls tsquery[] := '{}';
  anys tsquery[] := '{}';
  ranks tsquery[] := '{}';
  wanted tsquery[];
  enough boolean;
begin
  if for_user is not null and for_user is distinct from me then
    if not ingest.caller_sees_all() then
      raise exception using errcode = '42501',
        message = 'only a server role may search for another user';
    end if;
    me := for_user;
  end if;
  if me is null then
    raise exception using errcode = '42501',
      message = 'nobody is signed in: there is no user to search for',
      hint = 'Send a user''s token, or name the user as a server role (for_user).';
  end if;
  if char_length(words) > 10000 then
    raise exception using errcode = 'P0001',
      message = 'the query is longer than 10,000 characters';
  end if;
  if size not between 1 and 100 then
    raise exception using errcode = 'P0001', message = 'max_results must be from 1 to 100';
  end if;
  if page_number < 1 then
    raise exception using errcode = 'P0001', message = 'page must be 1 or more';
  end if;
  if place <> '' then
    select array_agg(f.id) into places
      from public.folders f
     where f.user_id = me and (f.path = place or starts_with(f.path, place || '/'));
    if places is null then
      raise exception using errcode = 'P0001',
        message = format('there is no folder "%s"', left(place, 200));
    end if;
  end if;

  -- the languages of this user's chunks: from one to the next over the index
  for config in
    with recursive l (language) as (
      select min(c.language) from public.document_chunks c where c.user_id = me
      union all
      select (select min(c.language) from public.document_chunks c
               where c.user_id = me and c.language > l.language)
        from l where l.language is not null)
    select ingest.text_config(l.language) from l where l.language is not null
    union
    select ingest.text_config(null)
     where exists (select from public.document_chunks c
                    where c.user_id = me and c.language is null)
  loop
    parsed := ingest.parse_query(config, words);
    if parsed.exact_q is not null then
      configs := configs || config;
      exacts := exacts || parsed.exact_q;
      alls := alls || parsed.all_q;
      anys := anys || parsed.any_q;
      ranks := ranks || parsed.rank_q;
    end if;
  end loop;
  if configs = '{}' then
    return;
  end if;

  -- a quoted phrase is meant as it is typed: its single words are no substitute
  if words like '%"%' then
    enough := true;
  else
    select count(*) >= size into enough
      from (select from unnest(configs, alls) k (config, q)
              join public.document_chunks c on c.user_id = me and c.search_vector @@ k.q
               and ingest.text_config(c.language) = k.config
             where places is null
                or exists (select from public.documents d
                            where d.user_id = me and d.id = c.document_id
                              and d.folder_id = any (places))
             limit size) found_all;
  end if;
  wanted := case when enough then alls else anys end;

  return query
  with hit as materialized (
    select c.id, c.document_id, c.position, k.config, k.rank_q,
           (case when c.search_vector @@ k.exact_q then 2
                 when c.search_vector @@ k.all_q then 1 else 0 end
            + ts_rank(c.search_vector, k.rank_q, 1))::real as score
      from unnest(configs, wanted, exacts, alls, ranks) k (config, q, exact_q, all_q, rank_q)
      join public.document_chunks c on c.user_id = me and c.search_vector @@ k.q
       and ingest.text_config(c.language) = k.config
     where places is null
        or exists (select from public.documents d
                    where d.user_id = me and d.id = c.document_id and d.folder_id = any (places))
  ), best as materialized (
    select h.*, count(*) over () as total
      from hit h
     order by h.score desc, h.document_id, h.position
     limit size offset (page_number - 1)::bigint * size
  )
  select d.id, d.name, f.path, d.storage_path, d.title, c.id, c.position, c.page_first,
         c.page_last, c.heading_path, c.start_char, c.end_char, b.score,
         ts_headline(b.config, c.content, b.rank_q,
                     'StartSel=<mark>, StopSel=</mark>, MaxFragments=2, MinWords=8, MaxWords=30, '
                     'FragmentDelimiter=" … "'),
         c.content, b.total
    from best b
    join public.document_chunks c on c.user_id = me and c.id = b.id
    join public.documents d on d.user_id = me and d.id = b.document_id
    left join public.folders f on f.user_id = me and f.id = d.folder_id
   order by b.score desc, b.document_id, b.position;
end
$$;
comment on function public.search_documents(text, text, int, int, uuid) is
  'ingest: full text search over one''s own documents: words, "phrases", OR, -exclusions';

-- --- triggers -----------------------------------------------------------------------------------

-- BEFORE triggers of a table fire in the order of their names.

create trigger touch before insert or update on public.user_profiles
  for each row execute function ingest.touch();
create trigger touch before insert or update on public.folders
  for each row execute function ingest.touch();
create trigger touch before insert or update on public.documents
  for each row execute function ingest.touch();
create trigger touch before insert or update on public.document_chunks
  for each row execute function ingest.touch();
create trigger touch before insert or update on public.agent_sessions
  for each row execute function ingest.touch();
create trigger touch before insert or update on public.agent_requests
  for each row execute function ingest.touch();

-- `path` too: whatever is written there is put right
create trigger path_of_new before insert on public.folders
  for each row execute function ingest.folder_path();
create trigger tree before update of parent_folder_id, name on public.folders
  for each statement execute function ingest.folder_tree();
create trigger path_of_changed before update on public.folders
  for each row
  when ((old.id, old.user_id, old.parent_folder_id, old.name, old.path)
        is distinct from (new.id, new.user_id, new.parent_folder_id, new.name, new.path))
  execute function ingest.folder_path();
create trigger paths_below after update on public.folders
  for each row
  when ((old.parent_folder_id, old.name) is distinct from (new.parent_folder_id, new.name))
  execute function ingest.folder_subtree();

create trigger version before insert or update on public.documents
  for each row execute function ingest.document_version();
create trigger vector before insert or update of name, title, language, content_text
  on public.documents
  for each row execute function ingest.document_vector();
create trigger indexed_new after insert on public.documents
  for each row when (new.indexing_status = 'completed')
  execute function ingest.document_indexed();
create trigger indexed_again after update on public.documents
  for each row
  when (new.indexing_status = 'completed'
        and (old.indexing_status <> 'completed' or old.checksum is distinct from new.checksum))
  execute function ingest.document_indexed();

-- the indexed text alone: a chunk that only moves keeps its vector
create trigger vector_of_new before insert on public.document_chunks
  for each row execute function ingest.chunk_vector();
create trigger vector_of_changed before update on public.document_chunks
  for each row
  when ((old.content, old.heading_path, old.language)
        is distinct from (new.content, new.heading_path, new.language))
  execute function ingest.chunk_vector();

create trigger accept after insert on public.agent_requests
  for each row execute function ingest.accept_request();

create trigger append_only before update or delete on public.usage_events
  for each row execute function ingest.append_only();
create trigger append_only_truncate before truncate on public.usage_events
  for each statement execute function ingest.append_only();

-- --- indexes ------------------------------------------------------------------------------------

-- A person's file is its folder and name; an object of a bucket is its path.
create unique index documents_person_file on public.documents (user_id, folder_id, name)
  nulls not distinct where bucket is null;
create index documents_folder on public.documents (user_id, folder_id);

-- user_id first: several times faster than two indexes for a typical user. With fastupdate a chunk
-- costs a fifth; ingest.finish_batch() clears the pending list.
create index documents_search on public.documents using gin (user_id, search_vector)
  with (fastupdate = on);
create index document_chunks_search on public.document_chunks using gin (user_id, search_vector)
  with (fastupdate = on);
create index document_chunks_language on public.document_chunks (user_id, language);

-- whose turn it is, user by user; and the cascade from auth.users
create index queue_due on ingest.queue (user_id, due_at);

create index agent_sessions_activity on public.agent_sessions (user_id, last_activity_at);
create index agent_requests_session on public.agent_requests (user_id, session_id, created_at);
create index usage_events_time on public.usage_events (user_id, at);
create index usage_events_document on public.usage_events (user_id, subject, id)
  where kind = 'document_indexed';

-- --- row level security -------------------------------------------------------------------------

-- `(select auth.uid())` is evaluated once a query instead of once a row.
-- A command without a policy here is a command that users do not have on that table.

alter table public.user_profiles enable row level security;
create policy own_select on public.user_profiles for select to authenticated
  using (user_id = (select auth.uid()));
create policy own_update on public.user_profiles for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

alter table public.folders enable row level security;
create policy own_select on public.folders for select to authenticated
  using (user_id = (select auth.uid()));
create policy own_insert on public.folders for insert to authenticated
  with check (user_id = (select auth.uid()));
create policy own_update on public.folders for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy own_delete on public.folders for delete to authenticated
  using (user_id = (select auth.uid()));

alter table public.documents enable row level security;
create policy own_select on public.documents for select to authenticated
  using (user_id = (select auth.uid()));
create policy own_update on public.documents for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy own_delete on public.documents for delete to authenticated
  using (user_id = (select auth.uid()));

alter table public.document_chunks enable row level security;
create policy own_select on public.document_chunks for select to authenticated
  using (user_id = (select auth.uid()));

alter table public.agent_sessions enable row level security;
create policy own_select on public.agent_sessions for select to authenticated
  using (user_id = (select auth.uid()));
create policy own_insert on public.agent_sessions for insert to authenticated
  with check (user_id = (select auth.uid()));
create policy own_update on public.agent_sessions for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy own_delete on public.agent_sessions for delete to authenticated
  using (user_id = (select auth.uid()));

alter table public.agent_requests enable row level security;
create policy own_select on public.agent_requests for select to authenticated
  using (user_id = (select auth.uid()));
create policy own_insert on public.agent_requests for insert to authenticated
  with check (user_id = (select auth.uid()));

alter table public.usage_events enable row level security;
create policy own_select on public.usage_events for select to authenticated
  using (user_id = (select auth.uid()));

-- --- grants -------------------------------------------------------------------------------------

-- First nothing, whatever default privileges gave; then what each needs.
revoke all on table public.user_profiles, public.folders, public.documents, public.document_chunks,
  public.agent_sessions, public.agent_requests, public.usage_events
  from public, anon, authenticated, service_role;
revoke all on sequence public.usage_events_id_seq from public, anon, authenticated, service_role;
revoke all on all tables in schema ingest from public, anon, authenticated, service_role;
revoke all on all sequences in schema ingest from public, anon, authenticated, service_role;
revoke all on all functions in schema ingest from public, anon, authenticated, service_role;
revoke all on function public.search_documents(text, text, int, int, uuid)
  from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.user_profiles, public.folders,
  public.documents, public.document_chunks, public.agent_sessions, public.agent_requests,
  public.usage_events to service_role;
grant select, update on table ingest.plan_limits to service_role;
grant execute on function ingest.ensure_folder(uuid, text), ingest.finish_batch(),
  ingest.create_missing_profiles(), ingest.text_config(text) to service_role;

grant select on table public.user_profiles, public.folders, public.documents,
  public.document_chunks, public.agent_sessions, public.agent_requests, public.usage_events
  to authenticated;
-- ids are the database's to choose: an id that is taken would tell that somebody has it
grant update (first_name, last_name) on table public.user_profiles to authenticated;
grant insert (user_id, parent_folder_id, name), update (parent_folder_id, name), delete
  on table public.folders to authenticated;
grant update (name, folder_id), delete on table public.documents to authenticated;
grant insert (user_id, title, context_state, status), update (title, context_state, status), delete
  on table public.agent_sessions to authenticated;
grant insert (user_id, session_id, agent_type, question) on table public.agent_requests
  to authenticated;

grant execute on function public.search_documents(text, text, int, int, uuid)
  to authenticated, service_role;

-- --- the trigger on a table that is not ours ----------------------------------------------------

-- Last, for the short lock on auth.users. Replaced, not dropped: that would take its owner.
create or replace trigger ingest_create_profile after insert on auth.users
  for each row execute function ingest.on_sign_up();
