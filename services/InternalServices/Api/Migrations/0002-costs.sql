-- Cost months, pools of cost, what stands in them and where it was imported from.
create schema chargeback;

create domain chargeback.month as date check (extract(day from value) = 1);

-- Facts stay as they were written: corrections are new rows that point to the old.
create function chargeback.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

-- A month has a row from the first cost, usage or close that concerns it; without one it is open.
create table chargeback.periods (
    month chargeback.month primary key,
    state text not null check (state in ('open', 'closing', 'closed')),
    version bigint not null,
    closing_since timestamptz,
    closed_at timestamptz,
    blocked_since timestamptz,
    blocked_code text,
    blocked_detail text,
    blocked_pointers text[] not null default '{}',
    check ((state = 'open') = (closing_since is null)),
    check ((state = 'closed') = (closed_at is not null)),
    check ((blocked_code is null) = (blocked_since is null)),
    check ((blocked_code is null) = (blocked_detail is null)),
    check (blocked_code is null or state = 'closing')
);

create table chargeback.cost_pools (
    code organisation.code primary key,
    name text not null,
    kind text not null check (kind in ('service', 'support')),
    service_code organisation.code references organisation.services,
    version bigint not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    check ((kind = 'service') = (service_code is not null))
);

create index cost_pools_service on chargeback.cost_pools (service_code);

insert into chargeback.cost_pools (code, name, kind, version, created_at, changed_at)
values ('UNMAPPED', 'Imported cost that no mapping rule gives a pool', 'support', 1, now(), now());

-- The list is replaced as a whole; an import names the version it was mapped by.
create table chargeback.mapping_rule_lists (
    version bigint primary key,
    rules jsonb not null check (jsonb_typeof(rules) = 'array'),
    created_at timestamptz not null,
    created_by text not null
);

insert into chargeback.mapping_rule_lists (version, rules, created_at, created_by) values (1, '[]', now(), 'migration');

create trigger append_only before update or delete or truncate on chargeback.mapping_rule_lists
    for each statement execute function chargeback.refuse_change();

create table chargeback.cost_imports (
    id uuid primary key,
    content_sha256 bytea not null unique check (octet_length(content_sha256) = 32),
    mapping_version bigint not null references chargeback.mapping_rule_lists,
    currency text not null,
    rows_read bigint not null,
    rows_imported bigint not null,
    rows_rejected bigint not null,
    imported_at timestamptz not null,
    imported_by text not null,
    check (rows_read = rows_imported + rows_rejected)
);

create table chargeback.cost_import_rejections (
    import_id uuid not null references chargeback.cost_imports,
    position int not null,
    line bigint not null,               -- where the row starts in the file, from 1
    column_name text,
    code text not null,
    detail text not null,
    primary key (import_id, position)
);

create table chargeback.cost_entries (
    id uuid primary key,
    month chargeback.month not null references chargeback.periods,
    origin_month chargeback.month not null,     -- earlier than the month for what came too late
    pool_code organisation.code not null references chargeback.cost_pools,
    kind text not null check (kind in ('actual', 'credit', 'trueUp')),
    department_code organisation.code references organisation.departments,
    customer_code organisation.code,            -- the external side's code; it says whether it knows it
    amount numeric(28, 15) not null,
    rows bigint not null check (rows > 0),      -- records of the source that it is the sum of
    reference text collate "C" not null unique,
    import_id uuid references chargeback.cost_imports,
    recorded_at timestamptz not null,
    recorded_by text not null,
    check (num_nonnulls(department_code, customer_code) <= 1),
    check (origin_month <= month)
);

create index cost_entries_month_pool on chargeback.cost_entries (month, pool_code);
create index cost_entries_import on chargeback.cost_entries (import_id) where import_id is not null;

create trigger append_only before update or delete or truncate on chargeback.cost_entries
    for each statement execute function chargeback.refuse_change();
