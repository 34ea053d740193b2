-- reprint.sql: makes what holds an expression once more, from the text that PostgreSQL printed for
-- it. A few come out in other words then (`(a, b) is distinct from (c, d)`): so they also stand in a
-- database that push has mended, or that was restored from a dump, and are equal all the same.
--
-- Follows catalog.sql, whose rows are in pg_temp.ingest_catalog, where schema.sql has just been.
do $$
declare
  o record;
begin
  for o in
    select c.kind, c.create_sql, c.drop_sql, c.detail::jsonb as detail
      from pg_temp.ingest_catalog c
     order by c.ord
  loop
    if o.kind = 'policy' or (o.kind = 'constraint' and o.detail ->> 'type' = 'c')
       or (o.kind = 'trigger' and (o.detail ->> 'constraint')::boolean)
       or (o.kind = 'index' and (o.detail ->> 'predicate' is not null or o.create_sql ~ '\(.*\('))
    then
      execute o.drop_sql;
      execute o.create_sql;
    elsif o.kind = 'trigger' then
      execute o.create_sql;
    elsif o.kind = 'view' then
      execute regexp_replace(o.create_sql, '^create view', 'create or replace view');
    elsif o.kind = 'column' and o.detail ->> 'default' is not null then
      execute format('alter table %s alter column %s set default %s', o.detail ->> 'table',
                     o.detail ->> 'column', o.detail ->> 'default');
    end if;
  end loop;
end
$$
