-- Who changed what, when and why. Triggers write an entry for each statement that changes rows of a watched table, in
-- its transaction; a job seals entries in blocks whose hashes chain, which no commit waits for.
create schema audit;

create table audit.entries (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,                -- the database's user where somebody wrote past the service
    party text,
    operation text,
    reason text,
    trace_id text,
    resource text not null,
    action text not null check (action in ('insert', 'update', 'delete', 'truncate', 'note')),
    rows bigint not null,
    keys text[] not null,               -- the primary keys of the rows, where the rows stand in it
    before jsonb,
    after jsonb
);

create index entries_keys on audit.entries using gin (keys);
create index entries_resource on audit.entries (resource, id);
create index entries_actor on audit.entries (actor, id);
create index entries_operation on audit.entries (operation, id);

-- What the next seal takes.
create table audit.unsealed (entry_id bigint primary key);

create table audit.seals (
    block bigint primary key,
    sealed_at timestamptz not null,
    entry_ids bigint[] not null,
    entry_hashes bytea[] not null,
    previous bytea not null,
    hash bytea not null,
    check (cardinality(entry_ids) = cardinality(entry_hashes))
);

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

create trigger append_only before update or delete or truncate on audit.entries
    for each statement execute function audit.refuse_change();
create trigger append_only before update or delete or truncate on audit.seals
    for each statement execute function audit.refuse_change();

create function audit.add(
    resource text, action text, rows bigint, keys text[], before jsonb, after jsonb)
returns void language sql security definer set search_path = pg_catalog as $$
    with added as (
        insert into audit.entries (
            at, actor, party, operation, reason, trace_id, resource, action, rows, keys, before, after)
        values (
            clock_timestamp(),
            coalesce(nullif(current_setting('audit.actor', true), ''), session_user),
            nullif(current_setting('audit.party', true), ''),
            nullif(current_setting('audit.operation', true), ''),
            nullif(current_setting('audit.reason', true), ''),
            nullif(current_setting('audit.trace', true), ''),
            $1, $2, $3, $4, $5, $6)
        returning id)
    insert into audit.unsealed (entry_id) select id from added
$$;

-- One entry a statement. More than a hundred rows that are new at once stand by their number: they are facts, which
-- their own tables keep. The arguments of the trigger name the columns of the primary key.
create function audit.record() returns trigger
language plpgsql security definer set search_path = pg_catalog set timezone = 'UTC' as $$
declare
    resource constant text := format('%s.%s', tg_table_schema, tg_table_name);
    changed bigint := 0;
    keys text[] := '{}';
    old_rows jsonb;
    new_rows jsonb;
begin
    if tg_op = 'INSERT' then
        select count(*) into changed from written;
        if changed between 1 and 100 then
            select array_agg(each.key order by each.key), jsonb_agg(each.content order by each.key)
            into keys, new_rows
            from (select audit.key_of(to_jsonb(written), tg_argv) as key, to_jsonb(written) as content from written)
                as each;
        end if;
    elsif tg_op = 'UPDATE' then
        select count(*), coalesce(array_agg(each.key order by each.key), '{}'), jsonb_agg(each.content order by each.key)
        into changed, keys, new_rows
        from (select audit.key_of(to_jsonb(written), tg_argv) as key, to_jsonb(written) as content from written)
            as each;
        select jsonb_agg(each.content order by each.key) into old_rows
        from (select audit.key_of(to_jsonb(gone), tg_argv) as key, to_jsonb(gone) as content from gone) as each;
    elsif tg_op = 'DELETE' then
        select count(*), coalesce(array_agg(each.key order by each.key), '{}'), jsonb_agg(each.content order by each.key)
        into changed, keys, old_rows
        from (select audit.key_of(to_jsonb(gone), tg_argv) as key, to_jsonb(gone) as content from gone) as each;
    end if;

    if changed > 0 or tg_op = 'TRUNCATE' then
        perform audit.add(resource, lower(tg_op), changed, keys, old_rows, new_rows);
    end if;
    return null;
end $$;

create function audit.key_of(content jsonb, columns text[]) returns text
language sql immutable set search_path = pg_catalog as $$
    select string_agg(content ->> name, '/' order by number)
    from unnest(columns) with ordinality as key (name, number)
$$;

-- For a migration that makes a table: from now on its changes are in the audit trail.
create function audit.watch(watched regclass) returns void language plpgsql set search_path = pg_catalog as $$
declare
    columns text;
begin
    select string_agg(quote_literal(named.attname), ', ' order by key.number)
    into strict columns
    from pg_index primary_key,
        unnest(primary_key.indkey) with ordinality as key (attribute, number),
        pg_attribute named
    where primary_key.indrelid = watched and primary_key.indisprimary
        and named.attrelid = watched and named.attnum = key.attribute;
    execute format(
        'create trigger audit_insert after insert on %s referencing new table as written
            for each statement execute function audit.record(%s)', watched, columns);
    execute format(
        'create trigger audit_update after update on %s referencing old table as gone new table as written
            for each statement execute function audit.record(%s)', watched, columns);
    execute format(
        'create trigger audit_delete after delete on %s referencing old table as gone
            for each statement execute function audit.record(%s)', watched, columns);
    execute format(
        'create trigger audit_truncate after truncate on %s
            for each statement execute function audit.record(%s)', watched, columns);
end $$;

-- The same text on every server, whatever its time zone.
create function audit.hash_of(entry audit.entries) returns bytea
language sql immutable set search_path = pg_catalog as $$
    select sha256(convert_to(
        jsonb_build_array(
            entry.id, extract(epoch from entry.at), entry.actor, entry.party, entry.operation, entry.reason,
            entry.trace_id, entry.resource, entry.action, entry.rows, to_jsonb(entry.keys), entry.before, entry.after
        )::text,
        'UTF8'))
$$;

create function audit.hash_of(seal audit.seals) returns bytea
language sql immutable set search_path = pg_catalog as $$
    select sha256(
        seal.previous
        || convert_to(format('%s %s %s', seal.block, extract(epoch from seal.sealed_at), seal.entry_ids), 'UTF8')
        || coalesce((
            select string_agg(hash, ''::bytea order by number)
            from unnest(seal.entry_hashes) with ordinality as entry (hash, number)), ''::bytea))
$$;

-- Seals at most so many entries in one block and returns how many; none while another replica is at it.
create function audit.seal(at_most int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
    seal audit.seals;
begin
    if not pg_try_advisory_xact_lock(hashtext('audit.seals')) then return 0; end if;

    -- An entry that is gone already has no hash that any content could have.
    with taken as (
        delete from audit.unsealed
        where entry_id in (select entry_id from audit.unsealed order by entry_id limit at_most)
        returning entry_id)
    select array_agg(taken.entry_id order by taken.entry_id),
        array_agg(
            case when entry.id is null then ''::bytea else audit.hash_of(entry) end
            order by taken.entry_id)
    into seal.entry_ids, seal.entry_hashes
    from taken
    left join audit.entries entry on entry.id = taken.entry_id;
    if seal.entry_ids is null then return 0; end if;

    select last.block, last.hash into seal.block, seal.previous from audit.seals last order by last.block desc limit 1;
    seal.block := coalesce(seal.block, 0) + 1;
    seal.previous := coalesce(seal.previous, ''::bytea);
    seal.sealed_at := clock_timestamp();
    seal.hash := audit.hash_of(seal);
    insert into audit.seals (block, sealed_at, entry_ids, entry_hashes, previous, hash)
    values (seal.block, seal.sealed_at, seal.entry_ids, seal.entry_hashes, seal.previous, seal.hash);
    return cardinality(seal.entry_ids);
end $$;

-- The service reads the trail; only these functions write it.
do $$
declare
    app text := replace(current_user, '_owner', '_app');
begin
    execute format('revoke insert, update, delete on audit.entries, audit.unsealed, audit.seals from %I', app);
    revoke execute on function audit.add(text, text, bigint, text[], jsonb, jsonb) from public;
    revoke execute on function audit.seal(int) from public;
    revoke execute on function audit.watch(regclass) from public;
    execute format('grant execute on function audit.add(text, text, bigint, text[], jsonb, jsonb) to %I', app);
    execute format('grant execute on function audit.seal(int) to %I', app);
end $$;
