-- What customers used. An event is unique by customer, source and id for ever; the key begins with the customer, so that
-- the table can be partitioned or distributed by it.
create schema usage;
grant usage on schema usage to external_services_tenant;

-- Batches get their number under a shared lock. Whoever takes it exclusively therefore knows that every event up to the
-- last number is committed and that none will be added: a watermark.
create sequence usage.batches;

create table usage.events (
    customer text collate "C" not null,
    source text collate "C" not null,
    id text collate "C" not null,
    service text collate "C" not null,
    at timestamptz not null,            -- billing goes by it
    quantity numeric(28, 15) not null check (quantity >= 0),
    dimensions jsonb,
    cost_month date not null,           -- the month of at, or the first later one that was not frozen when it arrived
    batch bigint not null,
    accepted_at timestamptz not null,
    primary key (customer, source, id)
);
-- Billing reads a customer's service in a span of time, without the rows themselves.
create index events_span on usage.events (customer, service, at) include (quantity, batch);
-- Rows arrive roughly by month, so that a block range index finds a month and costs nothing to write.
create index events_cost_month on usage.events using brin (cost_month) with (pages_per_range = 32);

call isolation.append_only('usage.events');
call isolation.by_customer('usage.events');
grant select, insert on usage.events to external_services_tenant;
grant usage on sequence usage.batches to external_services_tenant;

-- Months of the provider's zone whose usage is final.
create table usage.frozen_months (
    month date primary key check (extract(day from month) = 1),
    batch bigint not null,              -- watermark: what came later counts in a later month
    rows bigint not null,
    checksum text not null,
    frozen_at timestamptz not null
);

create table usage.frozen_services (
    month date not null references usage.frozen_months deferrable initially deferred,
    service text collate "C" not null,
    quantity numeric(38, 15) not null,
    rows bigint not null,
    primary key (month, service)
);

create table usage.frozen_quantities (
    month date not null references usage.frozen_months deferrable initially deferred,
    customer text collate "C" not null,
    service text collate "C" not null,
    quantity numeric(38, 15) not null,
    rows bigint not null,
    primary key (month, customer, service)
);

call isolation.append_only('usage.frozen_months');
call isolation.append_only('usage.frozen_services');
call isolation.append_only('usage.frozen_quantities');
grant select on usage.frozen_months to external_services_tenant;
