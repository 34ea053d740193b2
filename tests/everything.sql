-- everything.sql: one line for each object of this database and each right on it, to be compared before
-- and after. System schemas and the members of extensions are left out.
set search_path = pg_catalog;
with mine as (
  select n.oid, n.nspname from pg_namespace n
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), of_extension as (
  select d.classid, d.objid from pg_depend d where d.deptype = 'e'
), line (what) as (
  select concat_ws(' ', 'schema', n.nspname, n.nspowner::regrole, (select array_agg(a::text order by a::text) from unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) a),
                   obj_description(n.oid, 'pg_namespace'))
    from mine join pg_namespace n using (oid)
  union all
  select concat_ws(' ', 'relation', m.nspname, c.relname, c.relkind, c.relpersistence, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity,
                   c.reloptions, (select array_agg(a::text order by a::text) from unnest(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) a),
                   obj_description(c.oid, 'pg_class'))
    from pg_class c join mine m on m.oid = c.relnamespace
   where ('pg_class'::regclass, c.oid) not in (select classid, objid from of_extension)
  union all
  select concat_ws(' ', 'column', m.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attacl,
                   pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum))
    from pg_attribute a join pg_class c on c.oid = a.attrelid join mine m on m.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')
  union all
  select concat_ws(' ', 'function', p.oid::regprocedure, p.proowner::regrole, md5(p.prosrc), p.prosecdef, p.proconfig,
                   (select array_agg(a::text order by a::text) from unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a))
    from pg_proc p join mine m on m.oid = p.pronamespace
   where ('pg_proc'::regclass, p.oid) not in (select classid, objid from of_extension)
  union all
  select concat_ws(' ', 'type', m.nspname, t.typname, t.typtype, t.typowner::regrole)
    from pg_type t join mine m on m.oid = t.typnamespace
   where ('pg_type'::regclass, t.oid) not in (select classid, objid from of_extension)
  union all
  select concat_ws(' ', 'constraint', m.nspname, c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    from pg_constraint c join mine m on m.oid = c.connamespace
  union all
  select concat_ws(' ', 'trigger', t.tgrelid::regclass, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid))
    from pg_trigger t where not t.tgisinternal
  union all
  select concat_ws(' ', 'policy', p.polrelid::regclass, p.polname, p.polcmd, p.polroles, pg_get_expr(p.polqual, p.polrelid)) from pg_policy p
  union all
  select concat_ws(' ', 'default privileges', d.defaclrole::regrole, d.defaclnamespace::regnamespace, d.defaclobjtype, d.defaclacl) from pg_default_acl d
  union all
  select concat_ws(' ', 'extension', e.extname, e.extversion, e.extnamespace::regnamespace) from pg_extension e
  union all
  select concat_ws(' ', 'event trigger', evtname) from pg_event_trigger
  union all
  select concat_ws(' ', 'setting', s.setrole::regrole, s.setconfig) from pg_db_role_setting s
   where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  union all
  select concat_ws(' ', 'publication', pubname) from pg_publication
)
select what from line order by what collate "C";
