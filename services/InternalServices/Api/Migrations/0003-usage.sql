-- What departments used of services, and what external customers used together as the other side finalized it.
create table chargeback.usage (
    source text collate "C" not null,
    id text collate "C" not null,
    department_code text collate "C" not null,
    service_code text collate "C" not null,
    at timestamptz not null,
    quantity numeric(28, 15) not null check (quantity >= 0),
    month date not null,
    origin_month date not null,         -- earlier than the month for what came too late
    received_at timestamptz not null,
    primary key (source, id)
);

-- Rows of a month arrive together, and a block range costs next to nothing while they do.
create index usage_month on chargeback.usage using brin (month) with (pages_per_range = 32);

create trigger append_only before update or delete or truncate on chargeback.usage
    for each statement execute function chargeback.refuse_change();

create table chargeback.external_usage_finalizations (
    month chargeback.month primary key references chargeback.periods,
    aggregate_version bigint not null,
    event_id uuid not null,
    rows bigint not null,
    checksum text not null,
    finalized_at timestamptz not null,
    received_at timestamptz not null
);

create table chargeback.external_usage (
    month chargeback.month not null references chargeback.external_usage_finalizations on delete cascade,
    service_code organisation.code not null,
    quantity numeric not null check (quantity >= 0),
    rows bigint not null check (rows >= 0),
    primary key (month, service_code)
);

-- A department sees its own usage.
grant usage on schema chargeback to internal_services_tenant;
grant select on chargeback.usage to internal_services_tenant;

alter table chargeback.usage enable row level security;
alter table chargeback.usage force row level security;
create policy provider on chargeback.usage to internal_services_app using (true);
create policy department on chargeback.usage for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));
