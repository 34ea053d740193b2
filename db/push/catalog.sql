-- catalog.sql: every object of the schemas `public` and `ingest`, and of ours on tables elsewhere,
-- one row each, as `ingest db push` compares them: a query, run with search_path = '', so that
-- PostgreSQL prints every name with its schema.
--
--   kind, name   identify it, in the words of COMMENT ON ("trigger", "touch on public.folders")
--   parent       kind and name of what it belongs to and goes with
--   def          equal in two databases when the object is
--   create_sql   makes it: one statement
--   drop_sql     removes it
--   detail       what the planner needs to know beside, as JSON
--   ord          rises in the order in which the objects were made
--
-- What an extension brings is not listed, nor what PostgreSQL makes by itself (indexes of
-- constraints, internal triggers).
with place as (
  select n.oid, n.nspname from pg_namespace n where n.nspname in ('public', 'ingest')
), rel as (
  select c.oid, c.oid::regclass::text as name, c.relname, c.relkind, c.relpersistence, c.relacl,
         c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.relnamespace, c.reloptions,
         case c.relkind when 'S' then 'sequence' when 'v' then 'view'
                        when 'm' then 'materialized view' else 'table' end as kind,
         -- partitions, inheritance and foreign tables are beyond the planner
         c.relkind in ('p', 'f') or c.relispartition or c.relhassubclass
           or exists (select from pg_inherits i where i.inhrelid = c.oid) as unsupported
    from pg_class c join place p on p.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
     and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass
                        and e.objid = c.oid and e.deptype = 'e')
), col as (
  select r.oid as relid, a.attnum, r.name as table_name,
         r.name || '.' || quote_ident(a.attname) as name,
         jsonb_build_object(
           'table', r.name, 'column', quote_ident(a.attname),
           'type', format_type(a.atttypid, a.atttypmod),
           'collation', case when a.attcollation <> t.typcollation
                             then a.attcollation::regcollation::text end,
           'not_null', a.attnotnull,
           'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
           'generated', case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,
           'stored', a.attgenerated = 's',
           'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
           'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
           'storage', case when a.attstorage <> t.typstorage then s.names ->> a.attstorage end,
           'default_storage', s.names ->> t.typstorage,
           'sequence', format('pg_catalog.pg_get_serial_sequence(%L, %L)', r.name, a.attname))
           as detail
    from rel r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    cross join (select '{"p": "plain", "e": "external", "x": "extended", "m": "main"}'::jsonb) s (names)
   where r.relkind = 'r'
), col_sql as (
  select c.*,
         concat(
           detail ->> 'column', ' ', detail ->> 'type',
           ' collate ' || (detail ->> 'collation'),
           case when detail ->> 'identity' is not null
                then format(' generated %s as identity', detail ->> 'identity') end,
           case when detail ->> 'generated' is not null
                then format(' generated always as (%s) %s', detail ->> 'generated',
                            case when (detail ->> 'stored')::boolean then 'stored'
                                 else 'virtual' end) end,
           ' default ' || (detail ->> 'default'),
           case when (detail ->> 'not_null')::boolean then ' not null' end) as sql
    from col c
), fun as (
  select p.oid, p.oid::regprocedure::text as name, p.proacl, p.proowner, p.pronamespace,
         case p.prokind when 'p' then 'procedure' else 'function' end as kind,
         p.prokind in ('a', 'w') as unsupported, p.prokind,
         pg_get_function_result(p.oid) as result, pg_get_function_arguments(p.oid) as arguments
    from pg_proc p join place n on n.oid = p.pronamespace
   where not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass
                        and e.objid = p.oid and e.deptype = 'e')
), seq as (
  select r.*, s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
         o.owner_column, o.deptype as owner_deptype,
         format('increment by %s minvalue %s maxvalue %s start with %s cache %s %s', s.seqincrement,
                s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                case when s.seqcycle then 'cycle' else 'no cycle' end) as options
    from rel r join pg_sequence s on s.seqrelid = r.oid
    left join lateral (
      select format('%s.%I', d.refobjid::regclass, a.attname) as owner_column, d.deptype
        from pg_depend d
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
       where d.classid = 'pg_class'::regclass and d.objid = r.oid
         and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')) o on true
), obj (kind, name, parent, classid, objid, objsubid, def, create_sql, drop_sql, detail) as (
  -- schemas and extensions: only whether they are there
  select 'schema', quote_ident(n.nspname), null::text, 'pg_namespace'::regclass, n.oid, 0, '',
         format('create schema %I', n.nspname), format('drop schema %I', n.nspname), null::jsonb
    from pg_namespace n
   where n.nspname !~ '^(pg_|ingest_live_)' and n.nspname not in ('information_schema', 'public')
  union all
  select 'extension', quote_ident(e.extname), null, 'pg_extension'::regclass, e.oid, 0, '',
         format('create extension %I with schema %I', e.extname, n.nspname),
         format('drop extension %I', e.extname), null
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
   where e.extname <> 'plpgsql'

  -- types
  union all
  select 'type', t.oid::regtype::text, null, 'pg_type'::regclass, t.oid, 0,
         string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder),
         format('create type %s as enum (%s)', t.oid::regtype,
                string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)),
         format('drop type %s', t.oid::regtype),
         jsonb_build_object('labels',
                            jsonb_agg(quote_literal(e.enumlabel) order by e.enumsortorder))
    from pg_type t join place p on p.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid
   where not exists (select from pg_depend d where d.classid = 'pg_type'::regclass
                        and d.objid = t.oid and d.deptype = 'e')
   group by t.oid
  union all
  select 'type', t.oid::regtype::text, null, 'pg_type'::regclass, t.oid, 0,
         c.fields, format('create type %s as (%s)', t.oid::regtype, c.fields),
         format('drop type %s', t.oid::regtype), null
    from pg_type t join place p on p.oid = t.typnamespace
    join pg_class r on r.oid = t.typrelid and r.relkind = 'c',
         lateral (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
                                    ', ' order by a.attnum) as fields
                    from pg_attribute a
                   where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped) c
   where not exists (select from pg_depend d where d.classid = 'pg_type'::regclass
                        and d.objid = t.oid and d.deptype = 'e')
  union all
  select 'domain', t.oid::regtype::text, null, 'pg_type'::regclass, t.oid, 0, c.body,
         format('create domain %s as %s', t.oid::regtype, c.body),
         format('drop domain %s', t.oid::regtype), null
    from pg_type t join place p on p.oid = t.typnamespace,
         lateral (select concat(format_type(t.typbasetype, t.typtypmod),
                                ' default ' || t.typdefault,
                                case when t.typnotnull then ' not null' end,
                                (select string_agg(format(' constraint %I %s', k.conname,
                                                          pg_get_constraintdef(k.oid)), ''
                                                   order by k.conname)
                                   from pg_constraint k
                                  where k.contypid = t.oid and k.contype = 'c')) as body) c
   where t.typtype = 'd'
     and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass
                        and d.objid = t.oid and d.deptype = 'e')

  -- text search
  union all
  select 'text search dictionary', d.oid::regdictionary::text, null, 'pg_ts_dict'::regclass, d.oid,
         0, b.body, format('create text search dictionary %s (%s)', d.oid::regdictionary, b.body),
         format('drop text search dictionary %s', d.oid::regdictionary), null
    from pg_ts_dict d join place p on p.oid = d.dictnamespace
    join pg_ts_template t on t.oid = d.dicttemplate
    join pg_namespace n on n.oid = t.tmplnamespace,
         lateral (select concat(format('template = %I.%I', n.nspname, t.tmplname),
                                ', ' || d.dictinitoption) as body) b
   where not exists (select from pg_depend e where e.classid = 'pg_ts_dict'::regclass
                        and e.objid = d.oid and e.deptype = 'e')
  union all
  select 'text search configuration', c.oid::regconfig::text, null, 'pg_ts_config'::regclass, c.oid,
         0, concat(m.parser, m.mappings),
         format('create text search configuration %s (parser = %s)', c.oid::regconfig, m.parser),
         format('drop text search configuration %s', c.oid::regconfig),
         jsonb_build_object('mappings', m.mappings)
    from pg_ts_config c join place p on p.oid = c.cfgnamespace,
         lateral (
           select (select format('%I.%I', n.nspname, s.prsname) from pg_ts_parser s
                     join pg_namespace n on n.oid = s.prsnamespace where s.oid = c.cfgparser)
                    as parser,
                  (select jsonb_agg(format('add mapping for %s with %s', x.alias, x.dictionaries)
                                    order by x.alias)
                     from (select k.alias,
                                  string_agg(f.mapdict::regdictionary::text, ', '
                                             order by f.mapseqno) as dictionaries
                             from pg_ts_config_map f
                             join ts_token_type(c.cfgparser) k on k.tokid = f.maptokentype
                            where f.mapcfg = c.oid group by k.alias) x) as mappings) m
   where not exists (select from pg_depend e where e.classid = 'pg_ts_config'::regclass
                        and e.objid = c.oid and e.deptype = 'e')

  -- tables, their columns and what hangs on them
  union all
  select 'table', r.name, null, 'pg_class'::regclass, r.oid, 0,
         concat_ws(' ', r.relpersistence, array_to_string(r.reloptions, ',')),
         concat(format(E'create %stable %s (\n', case when r.relpersistence = 'u' then 'unlogged ' end,
                       r.name),
                (select string_agg('  ' || c.sql, E',\n' order by c.attnum) from col_sql c
                  where c.relid = r.oid),
                E'\n)',
                ' with (' || array_to_string(r.reloptions, ', ') || ')'),
         format('drop table %s', r.name),
         jsonb_build_object('persistence', r.relpersistence, 'options', to_jsonb(r.reloptions),
                            'settings', (select jsonb_agg(jsonb_build_array(c.detail ->> 'column',
                                                c.detail ->> 'compression', c.detail ->> 'storage')
                                                order by c.attnum)
                                           from col c where c.relid = r.oid
                                            and (c.detail ->> 'compression' is not null
                                                 or c.detail ->> 'storage' is not null)))
    from rel r where r.relkind = 'r'
  union all
  select 'column', c.name, 'table ' || c.table_name, 'pg_class'::regclass, c.relid, c.attnum,
         c.detail::text, format('alter table %s add column %s', c.table_name, c.sql),
         format('alter table %s drop column %s', c.table_name, c.detail ->> 'column'), c.detail
    from col_sql c
  union all
  select 'constraint', format('%I on %s', k.conname, r.name), 'table ' || r.name,
         'pg_constraint'::regclass, k.oid, 0, pg_get_constraintdef(k.oid),
         format('alter table %s add constraint %I %s', r.name, k.conname,
                pg_get_constraintdef(k.oid)),
         format('alter table %s drop constraint %I', r.name, k.conname),
         jsonb_build_object(
           'table', r.name, 'constraint', quote_ident(k.conname), 'type', k.contype,
           'of_all_rows', k.convalidated,
           'expression', case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end,
           'columns', (select jsonb_agg(quote_ident(a.attname) order by u.n)
                         from unnest(k.conkey) with ordinality u (attnum, n)
                         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum),
           'other_table', case when k.confrelid <> 0 then k.confrelid::regclass::text end,
           'other_columns', (select jsonb_agg(quote_ident(a.attname) order by u.n)
                               from unnest(k.confkey) with ordinality u (attnum, n)
                               join pg_attribute a on a.attrelid = k.confrelid
                                and a.attnum = u.attnum),
           'nulls_distinct', (select not i.indnullsnotdistinct from pg_index i
                               where i.indexrelid = k.conindid and k.contype = 'u'))
    from pg_constraint k join rel r on r.oid = k.conrelid
   where k.contype in ('c', 'p', 'u', 'f', 'x') and k.conparentid = 0
  union all
  select 'index', i.indexrelid::regclass::text, r.kind || ' ' || r.name, 'pg_class'::regclass,
         i.indexrelid, 0,
         concat(pg_get_indexdef(i.indexrelid), case when not i.indisvalid then ' invalid' end),
         pg_get_indexdef(i.indexrelid), format('drop index %s', i.indexrelid::regclass),
         jsonb_build_object(
           'table', r.name, 'index', quote_ident(c.relname), 'unique', i.indisunique,
           'nulls_distinct', not i.indnullsnotdistinct,
           'columns', (select jsonb_agg(pg_get_indexdef(i.indexrelid, n, false) order by n)
                         from generate_series(1, i.indnkeyatts) n),
           'predicate', pg_get_expr(i.indpred, i.indrelid))
    from pg_index i join rel r on r.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
   where not exists (select from pg_constraint k where k.conindid = i.indexrelid
                        and k.contype in ('p', 'u', 'x'))
  union all
  select 'statistics', format('%I.%I', p.nspname, s.stxname), r.kind || ' ' || r.name,
         'pg_statistic_ext'::regclass, s.oid, 0, pg_get_statisticsobjdef(s.oid),
         pg_get_statisticsobjdef(s.oid), format('drop statistics %I.%I', p.nspname, s.stxname), null
    from pg_statistic_ext s join place p on p.oid = s.stxnamespace join rel r on r.oid = s.stxrelid
  union all
  select 'row level security', 'on ' || r.name, 'table ' || r.name, null, null, null, '',
         format('alter table %s enable row level security', r.name),
         format('alter table %s disable row level security', r.name),
         jsonb_build_object('table', r.name)
    from rel r where r.relkind = 'r' and r.relrowsecurity
  union all
  select 'forced row level security', 'on ' || r.name, 'table ' || r.name, null, null, null, '',
         format('alter table %s force row level security', r.name),
         format('alter table %s no force row level security', r.name), null
    from rel r where r.relkind = 'r' and r.relforcerowsecurity
  union all
  select 'policy', format('%I on %s', y.polname, r.name), 'table ' || r.name,
         'pg_policy'::regclass, y.oid, 0, q.sql, q.sql,
         format('drop policy %I on %s', y.polname, r.name),
         jsonb_build_object(
           'table', r.name, 'permissive', y.polpermissive,
           'api', 0 = any (y.polroles) or exists (
             select from pg_roles o where o.oid = any (y.polroles)
                and o.rolname in ('anon', 'authenticated', 'service_role')))
    from pg_policy y join rel r on r.oid = y.polrelid,
         lateral (select concat(
           format('create policy %I on %s', y.polname, r.name),
           case when not y.polpermissive then ' as restrictive' end,
           format(' for %s to %s',
                  case y.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                                when 'd' then 'delete' else 'all' end,
                  (select string_agg(case when o.oid = 0 then 'public'
                                          else quote_ident(pg_get_userbyid(o.oid)) end, ', '
                                     order by pg_get_userbyid(o.oid) collate "C")
                     from unnest(y.polroles) o (oid))),
           ' using (' || pg_get_expr(y.polqual, y.polrelid) || ')',
           ' with check (' || pg_get_expr(y.polwithcheck, y.polrelid) || ')') as sql) q
  union all
  -- also on tables that are not ours, where the function is
  select 'trigger', format('%I on %s', t.tgname, t.tgrelid::regclass),
         case when r.oid is not null then r.kind || ' ' || r.name end,
         'pg_trigger'::regclass, t.oid, 0,
         concat(pg_get_triggerdef(t.oid), ' ', t.tgenabled),
         regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
         format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass),
         jsonb_build_object(
           'table', t.tgrelid::regclass::text, 'trigger', quote_ident(t.tgname),
           'definition', pg_get_triggerdef(t.oid), 'constraint', t.tgconstraint <> 0,
           'function', t.tgfoid::regprocedure::text, 'enabled', t.tgenabled,
           'ours_to_drop', pg_has_role(c.relowner, 'usage'))
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    join pg_proc f on f.oid = t.tgfoid
    left join rel r on r.oid = t.tgrelid
   where not t.tgisinternal
     and (r.oid is not null
          or f.pronamespace = (select oid from place where nspname = 'ingest'))

  -- functions, views, sequences
  union all
  select f.kind, f.name, null, 'pg_proc'::regclass, f.oid, 0, pg_get_functiondef(f.oid),
         pg_get_functiondef(f.oid), format('drop %s %s', f.kind, f.name),
         jsonb_build_object('result', f.result, 'arguments', f.arguments,
                            'exposed', f.pronamespace = 'public'::regnamespace)
    from fun f where not f.unsupported
  union all
  select r.kind, r.name, null, 'pg_class'::regclass, r.oid, 0, v.sql,
         format('create %s %s', r.kind, v.sql), format('drop %s %s', r.kind, r.name), null
    from rel r,
         lateral (select concat(r.name, ' with (' || array_to_string(r.reloptions, ', ') || ')',
                                E' as\n', rtrim(pg_get_viewdef(r.oid), ';')) as sql) v
   where r.relkind in ('v', 'm')
  union all
  select 'sequence', case s.owner_deptype when 'i' then 'of ' || s.owner_column else s.name end,
         'column ' || s.owner_column, 'pg_class'::regclass, s.oid, 0,
         concat_ws(' ', s.name, s.seqtypid::regtype, s.options, s.owner_column),
         case when s.owner_deptype is distinct from 'i'
              then format('create sequence %s as %s %s', s.name, s.seqtypid::regtype, s.options) end,
         format('drop sequence %s', s.name),
         jsonb_build_object('sequence', s.name, 'name', quote_ident(s.relname),
                            'type', s.seqtypid::regtype, 'options', s.options)
    from seq s

  -- kinds that the planner cannot change
  union all
  select 'unsupported', d.what, null, null, null, null, '', null, null, null
    from (select pg_describe_object('pg_class'::regclass, r.oid, 0) from rel r where r.unsupported
          union all
          select pg_describe_object('pg_proc'::regclass, f.oid, 0) from fun f where f.unsupported
          union all
          select pg_describe_object('pg_type'::regclass, t.oid, 0)
            from pg_type t join place p on p.oid = t.typnamespace
           where (t.typtype in ('r', 'p') or t.typtype = 'b' and t.typcategory <> 'A')
             and not exists (select from pg_depend e where e.classid = 'pg_type'::regclass
                                and e.objid = t.oid and e.deptype = 'e')
          union all
          select pg_describe_object('pg_rewrite'::regclass, w.oid, 0)
            from pg_rewrite w join rel r on r.oid = w.ev_class
           where w.rulename <> '_RETURN'
          union all
          select pg_describe_object(d.classid, d.objid, 0)
            from pg_depend d join place p on p.oid = d.refobjid
           where d.refclassid = 'pg_namespace'::regclass
             and d.classid in ('pg_operator'::regclass, 'pg_opclass'::regclass,
                               'pg_opfamily'::regclass, 'pg_conversion'::regclass,
                               'pg_collation'::regclass, 'pg_ts_parser'::regclass,
                               'pg_ts_template'::regclass)
             and not exists (select from pg_depend e where e.classid = d.classid
                                and e.objid = d.objid and e.deptype = 'e')) d (what)
), acl (on_what, parent, grantee, privilege, grantable) as (
  select case when r.relkind = 'S' then 'sequence ' else 'table ' end || r.name,
         case when s.oid is not null and s.owner_deptype = 'i'
              then 'sequence of ' || s.owner_column else r.kind || ' ' || r.name end,
         a.grantee, lower(a.privilege_type), a.is_grantable
    from rel r left join seq s on s.oid = r.oid,
         aclexplode(coalesce(r.relacl, acldefault(case when r.relkind = 'S' then 's' else 'r' end::"char",
                                                  r.relowner))) a
   where a.grantee <> r.relowner
  union all
  -- of views too, whose columns are no objects here
  select 'table ' || r.name,
         case r.relkind when 'r' then format('column %s.%I', r.name, c.attname)
                        else r.kind || ' ' || r.name end,
         a.grantee, format('%s (%I)', lower(a.privilege_type), c.attname), a.is_grantable
    from rel r join pg_attribute c on c.attrelid = r.oid and c.attnum > 0 and not c.attisdropped,
         aclexplode(c.attacl) a
   where a.grantee <> r.relowner
  union all
  select f.kind || ' ' || f.name, f.kind || ' ' || f.name, a.grantee, lower(a.privilege_type),
         a.is_grantable
    from fun f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
   where a.grantee <> f.proowner and not f.unsupported
  union all
  select 'schema ' || quote_ident(n.nspname), 'schema ' || quote_ident(n.nspname), a.grantee,
         lower(a.privilege_type), a.is_grantable
    from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
   where n.nspname = 'ingest' and a.grantee <> n.nspowner
), all_rows (kind, name, parent, def, create_sql, drop_sql, detail, ord) as (
  select kind, name, parent, def, create_sql, drop_sql, detail, coalesce(objid, 0) from obj
  union all
  select 'grant', concat(a.privilege, ' on ', a.on_what, ' to ', w.grantee, w.option), a.parent, '',
         concat('grant ', a.privilege, ' on ', a.on_what, ' to ', w.grantee, w.option),
         concat('revoke ', a.privilege, ' on ', a.on_what, ' from ', w.grantee),
         jsonb_build_object('privilege', a.privilege, 'on', a.on_what, 'role', w.grantee,
                            'option', w.option,
                            'api', w.grantee in ('public', 'anon', 'authenticated', 'service_role')),
         0
    from acl a,
         lateral (select case when a.grantee = 0 then 'public'
                              else quote_ident(pg_get_userbyid(a.grantee)) end as grantee,
                         case when a.grantable then ' with grant option' end as option) w
  union all
  select 'comment', o.kind || ' ' || o.name, o.kind || ' ' || o.name, d.description,
         format('comment on %s %s is %L', o.kind, o.name, d.description),
         format('comment on %s %s is null', o.kind, o.name), null, 0
    from obj o
    join pg_description d on d.classoid = o.classid and d.objoid = o.objid
     and d.objsubid = o.objsubid
   where o.kind not in ('extension', 'schema') and o.name !~ '^of '
  union all
  select 'comment', format('column %s.%I', r.name, a.attname), r.kind || ' ' || r.name,
         d.description,
         format('comment on column %s.%I is %L', r.name, a.attname, d.description),
         format('comment on column %s.%I is null', r.name, a.attname), null, 0
    from rel r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped
    join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = r.oid
     and d.objsubid = a.attnum
   where r.relkind in ('v', 'm')
)
select kind, name, parent, coalesce(def, ''), create_sql, drop_sql, detail::text, ord
  from all_rows
 order by kind collate "C", name collate "C"
