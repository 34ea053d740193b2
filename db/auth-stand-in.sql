-- auth-stand-in.sql: what Supabase brings and a plain database lacks, as little of it as schema.sql
-- needs: schema auth with users, uid() and role(), and the three roles of the API.
--
-- Run before schema.sql, and only where there is no schema `auth`. It marks what it makes by the
-- comment on the schema, so that `ingest db drop` removes this one and never Supabase's own.
-- Running it again changes nothing. Roles belong to the whole cluster and stay after a drop.

do $$
begin
  if exists (select from pg_catalog.pg_namespace n
              where n.nspname = 'auth'
                and coalesce(obj_description(n.oid, 'pg_namespace'), '')
                    not like 'ingest: stand-in%') then
    raise exception using errcode = '55000',
      message = 'schema auth exists and is not ingest''s stand-in',
      hint = 'This database brings its own auth schema: run schema.sql without the stand-in.';
  end if;
end
$$;

-- Two databases of one cluster may get here at once: whoever comes second finds the role there,
-- either before (duplicate_object) or while creating it (unique_violation).
do $$
begin
  if to_regrole('anon') is null then
    create role anon nologin noinherit;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;
do $$
begin
  if to_regrole('authenticated') is null then
    create role authenticated nologin noinherit;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;
do $$
begin
  if to_regrole('service_role') is null then
    create role service_role nologin noinherit bypassrls;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;

create schema if not exists auth;
comment on schema auth is 'ingest: stand-in for Supabase''s auth schema';

create table if not exists auth.users (
  id                 uuid primary key default gen_random_uuid(),
  email              text unique,
  raw_user_meta_data jsonb default '{}',
  created_at         timestamptz default now()
);

-- The user of the request, from the claims that PostgREST (or a test) sets: one JSON object, or in
-- the older form one setting a claim.
create or replace function auth.uid() returns uuid
language sql stable
as $$
  select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                  nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

create or replace function auth.role() returns text
language sql stable
as $$
  select coalesce(nullif(current_setting('request.jwt.claim.role', true), ''),
                  nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
$$;

revoke all on schema auth from public;
grant usage on schema auth to anon, authenticated, service_role;
revoke all on table auth.users from public, anon, authenticated, service_role;
-- everybody may ask who he is; functions that ask run as the tables' owner, whoever that is
grant execute on function auth.uid(), auth.role() to public;
