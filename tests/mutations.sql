-- mutations.sql: every single damage to the pushed schema that t35-mutations.sh tries, taken from the
-- catalogs: kind, what it is done to, the .pg files that must notice (those likeliest to, first), SQL.

\set ON_ERROR_STOP on
set client_min_messages = warning;
set search_path = pg_catalog;

create temp view t as -- our tables; `files`: where their behaviour is tested
  select c.oid, c.relnamespace, c.relname, c.oid::regclass::text as name, c.relacl, c.relowner,
         case c.relname
           when 'user_profiles' then '20 60 30 40 50 65 70 80'
           when 'folders' then '30 40 70 20 50 60 65 80'
           when 'documents' then '40 30 80 70 50 20 60 65'
           when 'document_chunks' then '50 80 40 30 70 20 60 65'
           when 'plan_limits' then '60 20 70 30 40 50 65 80'
           when 'queue' then '65 20 70 30 40 50 60 80'
           when 'schema_objects' then '10'
           else '60 40 70 20 30 50 65 80'
         end as files
    from pg_class c
   where c.relnamespace in ('public'::regnamespace, 'ingest'::regnamespace) and c.relkind = 'r'
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                        and d.objid = c.oid and d.deptype = 'e');
create temp view f as
  select p.*, p.oid::regprocedure::text as name
    from pg_proc p
   where p.pronamespace in ('public'::regnamespace, 'ingest'::regnamespace)
     and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                        and d.objid = p.oid and d.deptype = 'e');
create temp view k as -- constraints, with a definition that can be added again
  select k.*, t.name as of_table, t.files, pg_get_constraintdef(k.oid) as def
    from pg_constraint k join t on t.oid = k.conrelid;

create temp table mutation (kind text, name text, files text, sql text);

-- --- rows: what must be noticed by what the database does, not only by a list of its objects --------

insert into mutation
select 'policy dropped', t.name || ' ' || p.polname, '70', format('drop policy %I on %s', p.polname, t.name)
  from pg_policy p join t on t.oid = p.polrelid
union all
select 'policy opened', t.name || ' ' || p.polname || clause, -- nobody may update user_id: no row shows that check
       case when p.polcmd = 'w' and clause = ' with check' then '10' else '70' end,
       format('alter policy %I on %s %s (true)', p.polname, t.name, clause)
  from pg_policy p join t on t.oid = p.polrelid,
       unnest(array[case when p.polqual is not null then ' using' end,
                    case when p.polwithcheck is not null then ' with check' end]) clause
 where clause is not null
union all
select 'policy for everybody', t.name || ' ' || p.polname, '10', format('alter policy %I on %s to public', p.polname, t.name)
  from pg_policy p join t on t.oid = p.polrelid
union all
select 'row security off', name, '70', format('alter table %s disable row level security', name)
  from t where relnamespace = 'public'::regnamespace
union all
select 'row security forced', name, '10', format('alter table %s force row level security', name)
  from t where relnamespace = 'public'::regnamespace
union all
select 'trigger ' || how, g.tgrelid::regclass || ' ' || g.tgname, coalesce(t.files, '20 30 40 50 60 65 70 80'),
       case how when 'dropped' then format('drop trigger %I on %s', g.tgname, g.tgrelid::regclass)
                else format('alter table %s disable trigger %I', g.tgrelid::regclass, g.tgname) end
  from pg_trigger g left join t on t.oid = g.tgrelid, unnest(array['dropped', 'disabled']) how
 where not g.tgisinternal and g.tgfoid in (select oid from f)
union all
select 'cascade', of_table || ' ' || conname, files,
       format('alter table %s drop constraint %I, add constraint %2$I %s', of_table, conname,
              replace(def, ' ON DELETE CASCADE', ''))
  from k where contype = 'f' and confdeltype = 'c'
union all
select 'reference', of_table || ' ' || conname, files || ' 10', format('alter table %s drop constraint %I', of_table, conname)
  from k where contype = 'f'
union all
select 'check', of_table || ' ' || conname, files, format('alter table %s drop constraint %I', of_table, conname)
  from k where contype = 'c'
union all
select 'unique', of_table || ' ' || conname, case when conname ~ '^schema_objects' then '10' else files || ' 10' end,
       format('alter table %s drop constraint %I cascade', of_table, conname)
  from k where contype in ('p', 'u')
union all
select 'not deferrable', of_table || ' ' || conname, files,
       format('alter table %s drop constraint %I cascade, add constraint %2$I %s', of_table, conname, replace(def, ' DEFERRABLE', ''))
  from k where contype in ('p', 'u') and condeferrable
union all
select 'unique index', x.indexrelid::regclass::text, t.files, format('drop index %s', x.indexrelid::regclass)
  from pg_index x join t on t.oid = x.indrelid
 where x.indisunique and not exists (select from pg_constraint k where k.conindid = x.indexrelid);

-- --- what is there for speed or by declaration: noticed by 10-schema.pg -------------------------------

insert into mutation
select 'index', x.indexrelid::regclass::text, '10 80', format('drop index %s', x.indexrelid::regclass)
  from pg_index x join t on t.oid = x.indrelid
 where not x.indisunique
union all
select 'not null', t.name || '.' || a.attname, '10', format('alter table %s alter %I drop not null', t.name, a.attname)
  from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and a.attnotnull and a.attidentity = ''
 where not exists (select from pg_constraint p where p.conrelid = t.oid and p.contype = 'p' and a.attnum = any (p.conkey))
union all
select 'default', t.name || '.' || a.attname, '10', format('alter table %s alter %I drop default', t.name, a.attname)
  from t join pg_attribute a on a.attrelid = t.oid and a.atthasdef
union all
select 'definer', name, '10', format('alter function %s security %s', name,
                                     case when prosecdef then 'invoker' else 'definer' end) from f
union all
select 'setting of a function', name || ' ' || setting, '10',
       format('alter function %s reset %s', name, split_part(setting, '=', 1))
  from f, unnest(proconfig) setting;

-- --- rights ---------------------------------------------------------------------------------------------

insert into mutation
select 'table right taken', format('%s of %s on %s', a.privilege_type, a.grantee::regrole, t.name), '70 10',
       format('revoke %s on %s from %s', a.privilege_type, t.name, a.grantee::regrole)
  from t, aclexplode(t.relacl) a where a.grantee <> t.relowner
union all
select 'table right given', format('%s on %s to %s', privilege, t.name, r), '70 10',
       format('grant %s on %s to %s', privilege, t.name, r)
  from t, unnest(array['anon', 'authenticated', 'service_role', 'public']) r,
       unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) privilege
 where not case r when 'public' then false else has_table_privilege(r, t.oid, privilege) end
union all
select 'column right taken', format('%s of %s on %s.%s', a.privilege_type, a.grantee::regrole, t.name, c.attname), '70 10',
       format('revoke %s (%I) on %s from %s', a.privilege_type, c.attname, t.name, a.grantee::regrole)
  from t join pg_attribute c on c.attrelid = t.oid, aclexplode(c.attacl) a
union all
select 'column right given', format('%s on %s.%s to %s', privilege, t.name, c.attname, r), '70 10',
       format('grant %s (%I) on %s to %s', privilege, c.attname, t.name, r)
  from t join pg_attribute c on c.attrelid = t.oid and c.attnum > 0 and not c.attisdropped,
       (values ('anon', 'select'), ('authenticated', 'insert'), ('authenticated', 'update')) v (r, privilege)
 where not has_column_privilege(r, t.oid, c.attnum, privilege)
union all
select 'sequence right given', format('%s to %s', s.oid::regclass, r), '70 10', format('grant usage on %s to %s', s.oid::regclass, r)
  from pg_class s, unnest(array['anon', 'authenticated', 'service_role', 'public']) r
 where s.relkind = 'S' and s.relnamespace in ('public'::regnamespace, 'ingest'::regnamespace)
union all
select 'function right taken', format('of %s on %s', a.grantee::regrole, f.name), '70 10',
       format('revoke execute on function %s from %s', f.name, a.grantee::regrole)
  from f, aclexplode(f.proacl) a where a.grantee <> f.proowner
union all
select 'function right given', format('on %s to %s', f.name, r), '70 10', format('grant execute on function %s to %s', f.name, r)
  from f, unnest(array['anon', 'authenticated', 'service_role', 'public']) r
 where not case r when 'public' then false else has_function_privilege(r, f.oid, 'execute') end
union all
select 'schema right', sql, '10 70', sql
  from unnest(array['grant usage on schema ingest to anon', 'grant usage on schema ingest to authenticated',
                    'grant usage on schema ingest to public', 'revoke usage on schema ingest from service_role',
                    'grant create on schema ingest to service_role']) sql;

-- --- something new that nobody thought of ------------------------------------------------------------------

insert into mutation values
  ('new table', 'public, with a user''s rows and without a policy', '70',
   'create table public.notes (id int primary key, user_id uuid)'),
  ('new table', 'public, with row security that lets everybody through', '70',
   'create table public.notes (id int primary key, user_id uuid); alter table public.notes enable row level security; '
   'create policy p on public.notes using (true)'),
  ('new table', 'ingest, readable', '70', 'create table ingest.notes (id int); grant select on ingest.notes to authenticated'),
  ('new table', 'ingest, not in the list', '10', 'create table ingest.notes (id int)'),
  ('new view', 'public, which runs as its owner', '70',
   'create view public.all_documents as select * from public.documents'),
  ('new column', 'public', '10 70', 'alter table public.folders add column color text'),
  ('new function', 'public, executable by everybody', '70',
   'create function public.peek() returns bigint language sql security definer as $$select count(*) from public.documents$$'),
  ('new function', 'public, of a known name with other arguments', '70',
   'create function public.search_documents(text) returns bigint language sql security definer '
   'set search_path = '''' as $$select count(*) from public.documents$$; '
   'revoke all on function public.search_documents(text) from public, anon, authenticated, service_role; '
   'grant execute on function public.search_documents(text) to authenticated'),
  ('new function', 'ingest, executable by everybody', '70 10',
   'create function ingest.peek() returns bigint language sql security definer set search_path = '''' as $$select 1::bigint$$');

\if :quick
-- one of each kind, the same every time
delete from mutation m
 where m.kind <> 'new function' and (m.kind, m.name) <>
       (select distinct on (o.kind) o.kind, o.name from mutation o where o.kind = m.kind order by o.kind, md5(o.name));
\endif
copy (select kind, name, files, sql from mutation order by kind, name) to stdout
