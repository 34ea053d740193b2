-- codegen.sql: schema public of the live database, as one JSON document, for `ingest db codegen`.
--
-- One statement, run with search_path = pg_catalog, so that whatever is not built in is printed
-- with its schema. What belongs to an extension, and trigger functions, are left out. The document
-- is the same on every version of PostgreSQL from 15 on, and on every run: all lists are ordered,
-- names as Supabase's generator orders them (`_` before digits and letters, whatever the case).
with
-- what schema.sql made; the rest is the app's
ours as materialized (
  select o.kind, o.name from ingest.schema_objects o where o.kind in ('table', 'column')
),
extension_member as materialized (
  select d.classid, d.objid from pg_depend d where d.deptype = 'e'
),
relation as materialized (
  select c.*, lower(translate(c.relname, '_', ' ')) collate "C" as by_name
    from pg_class c
   where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p', 'v', 'm', 'f')
     and not exists (select from extension_member e
           where e.classid = 'pg_class'::regclass and e.objid = c.oid)
),
-- --- what check constraints say of single columns ----------------------------------------------
-- `and` alone: a bound within `or` or `not` is none
checked as (
  select k.conrelid, pg_get_expr(k.conbin, k.conrelid) as expression
    from pg_constraint k join relation c on c.oid = k.conrelid
   where k.contype = 'c' and pg_get_expr(k.conbin, k.conrelid) !~ ' OR |NOT '
),
bound as (
  select k.conrelid, coalesce(m[2], m[3]) as attname,
         json_agg(json_build_object('measure', m[1], 'operator', m[4], 'bound', m[5]::int8)
                  order by m[1], m[4] desc, m[5]::int8) as bounds
    from checked k,
         regexp_matches(k.expression,
           '\((?:(octet_length|char_length|cardinality)\("?(\w+)"?\)|"?(\w+)"?)'
           ' (>=|<=|=) \(?''?(\d{1,18})''?(?:\)|::|$)', 'g') m
   group by 1, 2
),
choice as (
  select k.conrelid, m[1] as attname,
         (select json_agg(replace(v[1], '''''', '''') order by n)
            from regexp_matches(m[2], '''((?:[^'']|'''')*)''', 'g') with ordinality as r (v, n)
         ) as choices
    from checked k,
         regexp_matches(k.expression, '\("?(\w+)"?(?:\)::text)? = ANY \(\(?ARRAY\[(.*?)\]') m
),
-- --- columns -----------------------------------------------------------------------------------
sequence as (
  select d.refobjid as owner, d.refobjsubid as owner_column, c.relnamespace, c.relname as name,
         json_build_object('name', c.relname, 'start', s.seqstart, 'increment', s.seqincrement,
                           'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache,
                           'cycle', s.seqcycle) as sequence
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid
    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid
     and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
   where not exists (select from extension_member e
           where e.classid = 'pg_class'::regclass and e.objid = c.oid)
),
columns as (
  select a.attrelid,
         json_agg(json_build_object(
           'name', a.attname, 'number', a.attnum,
           'type', coalesce(b.typname, t.typname),
           'type_schema', coalesce(b.typnamespace, t.typnamespace)::regnamespace::text,
           'sql_type', format_type(a.atttypid, a.atttypmod),
           'is_domain', t.typtype = 'd',
           'dimensions', greatest(a.attndims, (t.typcategory = 'A')::int),
           'not_null', a.attnotnull or t.typtype = 'd' and t.typnotnull,
           'has_default', a.atthasdef,
           'default', case a.attgenerated when '' then pg_get_expr(x.adbin, x.adrelid) end,
           'generated', case when a.attgenerated <> '' then pg_get_expr(x.adbin, x.adrelid) end,
           'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
           'sequence', s.sequence,
           'comment', col_description(a.attrelid, a.attnum),
           'ours', exists (select from ours o where o.kind = 'column'
                              and o.name = format('public.%I.%I', c.relname, a.attname)),
           -- triggers and rules that take the place of a write take the whole row
           'updatable', c.relkind in ('r', 'p') or c.relkind in ('v', 'f')
             and (pg_column_is_updatable(c.oid, a.attnum, false)
                  or exists (select from pg_trigger g
                       where g.tgrelid = c.oid and not g.tgisinternal
                         and g.tgtype & 64 <> 0 and g.tgtype & 20 <> 0)
                  or exists (select from pg_rewrite w
                       where w.ev_class = c.oid and w.is_instead and w.ev_type in ('2', '3')
                         and w.ev_qual::text = '<>')),
           'bounds', coalesce(bound.bounds, '[]'),
           'choices', coalesce(choice.choices, '[]'))
           order by a.attnum) as columns
    from relation c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_type b on t.typtype = 'd' and b.oid = t.typbasetype
    left join pg_attrdef x on x.adrelid = a.attrelid and x.adnum = a.attnum
    left join sequence s on s.owner = a.attrelid and s.owner_column = a.attnum
    left join bound on bound.conrelid = a.attrelid and bound.attname = a.attname
    left join choice on choice.conrelid = a.attrelid and choice.attname = a.attname
   group by a.attrelid
),
-- --- constraints, indexes, policies ------------------------------------------------------------
keys as (
  select k.oid, k.conrelid, k.conname, k.contype, k.condeferrable, k.conindid,
         (select json_agg(a.attname order by n)
            from unnest(k.conkey) with ordinality as u (attnum, n)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum) as columns,
         (select array_agg(u order by u) from unnest(k.conkey) u) as column_set
    from pg_constraint k join relation c on c.oid = k.conrelid
   where k.contype in ('p', 'u')
),
constraints as (
  select c.oid as conrelid,
         (select json_agg(json_build_object(
                   'name', k.conname, 'primary', k.contype = 'p', 'columns', k.columns,
                   'nulls_not_distinct', i.indnullsnotdistinct, 'deferrable', k.condeferrable)
                   order by k.contype, k.conname collate "C")
            from keys k join pg_index i on i.indexrelid = k.conindid
           where k.conrelid = c.oid) as keys,
         (select json_agg(json_build_object(
                   'name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid))
                   order by k.conname collate "C")
            from pg_constraint k
           where k.conrelid = c.oid and k.contype = 'c') as checks,
         (select json_agg(json_build_object(
                   'name', k.conname,
                   'columns', (select json_agg(a.attname order by n)
                                 from unnest(k.conkey) with ordinality as u (attnum, n)
                                 join pg_attribute a on a.attrelid = k.conrelid
                                  and a.attnum = u.attnum),
                   'schema', r.relnamespace::regnamespace::text, 'table', r.relname,
                   'referenced', (select json_agg(json_build_object(
                                           'name', a.attname, 'type', t.typname,
                                           'type_schema', t.typnamespace::regnamespace::text,
                                           'sql_type', format_type(a.atttypid, a.atttypmod),
                                           'dimensions', a.attndims) order by n)
                                    from unnest(k.confkey) with ordinality as u (attnum, n)
                                    join pg_attribute a on a.attrelid = k.confrelid
                                     and a.attnum = u.attnum
                                    join pg_type t on t.oid = a.atttypid),
                   'one_to_one', k.conrelid in (
                     select u.conrelid from keys u
                      where u.column_set = (select array_agg(x order by x)
                                              from unnest(k.conkey) x)),
                   'on_delete', k.confdeltype, 'on_update', k.confupdtype)
                   order by lower(translate(k.conname, '_', ' ')) collate "C",
                            k.conname collate "C")
            from pg_constraint k
            join pg_class r on r.oid = k.confrelid
           where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0) as foreign_keys
    from relation c
),
indexes as (
  select i.indrelid,
         json_agg(json_build_object(
           'name', c.relname, 'unique', i.indisunique,
           'nulls_not_distinct', i.indnullsnotdistinct, 'method', m.amname,
           'where', pg_get_expr(i.indpred, i.indrelid),
           'with', coalesce((select json_agg(o order by o collate "C")
                               from unnest(c.reloptions) o), '[]'),
           'keys', (select json_agg(json_build_object(
                             'column', a.attname, 'expression', pg_get_indexdef(c.oid, n, false),
                             'class', case when not o.opcdefault then o.opcname end,
                             'descending', coalesce(pg_index_column_has_property(c.oid, n, 'desc'),
                                                    false),
                             'nulls_first', coalesce(
                               pg_index_column_has_property(c.oid, n, 'nulls_first'), false))
                             order by n)
                      from generate_series(1, i.indnkeyatts) n
                      join pg_opclass o on o.oid = i.indclass[n - 1]
                      left join pg_attribute a on a.attrelid = i.indrelid
                       and a.attnum = i.indkey[n - 1]))
           order by c.relname collate "C") as indexes
    from pg_index i
    join relation r on r.oid = i.indrelid
    join pg_class c on c.oid = i.indexrelid
    join pg_am m on m.oid = c.relam
   where i.indisvalid
     and not exists (select from pg_constraint k
           where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
   group by i.indrelid
),
policies as (
  select p.polrelid,
         json_agg(json_build_object(
           'name', p.polname, 'permissive', p.polpermissive,
           'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert'
                                    when 'w' then 'update' when 'd' then 'delete' else 'all' end,
           'roles', (select json_agg(coalesce(r.rolname, 'public') order by r.rolname)
                       from unnest(p.polroles) u (oid) left join pg_roles r on r.oid = u.oid),
           'using', pg_get_expr(p.polqual, p.polrelid),
           'check', pg_get_expr(p.polwithcheck, p.polrelid))
           order by p.polname collate "C") as policies
    from pg_policy p
   group by p.polrelid
),
-- --- functions ---------------------------------------------------------------------------------
function as (
  select p.*, coalesce(p.proallargtypes, p.proargtypes::oid[]) as types,
         lower(translate(p.proname, '_', ' ')) collate "C" as by_name
    from pg_proc p
   where p.pronamespace = to_regnamespace('public') and p.prokind = 'f'
     and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
     and not exists (select from extension_member e
           where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
),
argument as (
  select f.oid, u.n, coalesce(f.proargnames[u.n], '') as name,
         coalesce(f.proargmodes[u.n], 'i') as mode, t.typname,
         t.typnamespace::regnamespace::text as typschema,
         case when t.typrelid <> 0 then t.typname end as relation,
         count(*) filter (where coalesce(f.proargmodes[u.n], 'i') in ('i', 'b', 'v'))
           over (partition by f.oid order by u.n) > f.pronargs - f.pronargdefaults as has_default
    from function f
    cross join unnest(f.types) with ordinality as u (type, n)
    join pg_type t on t.oid = u.type
),
functions as (
  select json_agg(json_build_object(
           'name', f.proname,
           'arguments', coalesce((
             select json_agg(json_build_object(
                      'name', a.name, 'mode', a.mode, 'type', a.typname,
                      'type_schema', a.typschema, 'relation', a.relation,
                      'has_default', a.mode in ('i', 'b', 'v') and a.has_default)
                      order by lower(translate(a.name, '_', ' ')) collate "C", a.n)
               from argument a where a.oid = f.oid), '[]'),
           'type', t.typname, 'type_schema', t.typnamespace::regnamespace::text,
           -- a table, view or composite type of which it returns rows
           'relation', case when t.typrelid <> 0 then t.typname end,
           'relation_columns', r.columns,
           'returns_set', f.proretset,
           'many_rows', f.proretset and f.prorows > 1)
           order by f.by_name, f.proname collate "C",
                    pg_get_function_arguments(f.oid) collate "C") as functions
    from function f
    join pg_type t on t.oid = f.prorettype
    left join columns r on r.attrelid = t.typrelid
),
-- --- types -------------------------------------------------------------------------------------
-- also of other schemas: a column of ours may have one
types as (
  select json_agg(json_build_object(
           'name', t.typname, 'schema', t.typnamespace::regnamespace::text,
           'kind', case when t.typtype = 'e' then 'enum'
                        when c.relkind = 'c' then 'composite'
                        when c.relkind in ('v', 'm') then 'view' else 'table' end,
           'labels', coalesce((select json_agg(e.enumlabel order by e.enumsortorder)
                                 from pg_enum e where e.enumtypid = t.oid), '[]'),
           'attributes', coalesce((
             select json_agg(json_build_object('name', a.attname, 'type', at.typname,
                                               'type_schema', at.typnamespace::regnamespace::text)
                             order by a.attnum)
               from pg_attribute a join pg_type at on at.oid = a.atttypid
              where a.attrelid = c.oid and c.relkind = 'c' and a.attnum > 0
                and not a.attisdropped), '[]'))
           order by lower(translate(t.typname, '_', ' ')) collate "C", t.typname collate "C",
                    t.typnamespace::regnamespace::text) as types
    from pg_type t
    left join pg_class c on c.oid = t.typrelid
   where (t.typtype = 'e' or c.relkind in ('c', 'r', 'p', 'v', 'm', 'f'))
     and t.typnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast')
     and t.typnamespace::regnamespace::text !~ '^pg_(toast_)?temp_'
     and not exists (select from extension_member e
           where e.classid = 'pg_type'::regclass and e.objid = t.oid
              or e.classid = 'pg_class'::regclass and e.objid = c.oid)
)
select json_build_object(
  -- of ours: lost since they were pushed
  'missing', coalesce((
    select json_agg(o.name order by o.name collate "C")
      from ours o
     where o.kind = 'column' and o.name like 'public.%'
       and not exists (select from relation c
                         join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
                        where o.name = format('public.%I.%I', c.relname, a.attname))), '[]'),
  'relations', coalesce((
    select json_agg(json_build_object(
             'name', c.relname, 'number', c.oid::int8,
             'kind', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
                                    else 'table' end,
             'is_partition', c.relispartition,
             'ours', exists (select from ours o where o.kind = 'table'
                                and o.name = format('public.%I', c.relname)),
             'row_security', c.relrowsecurity,
             'insertable', c.relkind in ('r', 'p', 'f')
               or c.relkind = 'v' and pg_relation_is_updatable(c.oid, true) & 8 <> 0,
             'updatable', c.relkind in ('r', 'p', 'f')
               or c.relkind = 'v' and pg_relation_is_updatable(c.oid, true) & 4 <> 0,
             'definition', case when c.relkind in ('v', 'm')
                                then rtrim(pg_get_viewdef(c.oid), ';') end,
             'options', coalesce((select json_agg(o order by o collate "C")
                                    from unnest(c.reloptions) o), '[]'),
             'columns', coalesce(columns.columns, '[]'),
             'keys', coalesce(k.keys, '[]'),
             'checks', coalesce(k.checks, '[]'),
             'foreign_keys', coalesce(k.foreign_keys, '[]'),
             'indexes', coalesce(indexes.indexes, '[]'),
             'policies', coalesce(policies.policies, '[]'))
             order by c.by_name, c.relname collate "C")
      from relation c
      join constraints k on k.conrelid = c.oid
      left join columns on columns.attrelid = c.oid
      left join indexes on indexes.indrelid = c.oid
      left join policies on policies.polrelid = c.oid), '[]'),
  'sequences', coalesce((
    select json_agg(s.sequence order by s.name collate "C")
      from sequence s
     where s.owner is null and s.relnamespace = to_regnamespace('public')), '[]'),
  'functions', coalesce((select functions from functions), '[]'),
  'types', coalesce((select types from types), '[]'))
