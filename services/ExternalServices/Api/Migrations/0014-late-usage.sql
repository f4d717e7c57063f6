-- Usage that came, or turned out wrong, after it was billed. An event is never edited: a row of its own takes it out,
-- and what stands instead is another event.
create table usage.voids (
    customer text collate "C" not null,
    source text collate "C" not null,
    id text collate "C" not null,
    service text collate "C" not null,  -- with instant and quantity as the event has them, so that a sum needs no look
    at timestamptz not null,
    quantity numeric(28, 15) not null,
    replacement_source text collate "C",
    replacement_id text collate "C",
    reason text not null,
    cost_month date not null,           -- in whose cost it is taken back: the event's, or the first later open one
    batch bigint not null,              -- it passes the gate like usage: bills up to this batch know of it
    voided_at timestamptz not null,
    voided_by text not null,
    primary key (customer, source, id),
    foreign key (customer, source, id) references usage.events,
    foreign key (customer, replacement_source, replacement_id) references usage.events (customer, source, id),
    check ((replacement_source is null) = (replacement_id is null))
);
create index voids_span on usage.voids (customer, service, at) include (quantity, batch);
create unique index voids_replacement on usage.voids (customer, replacement_source, replacement_id)
    where replacement_id is not null;

call isolation.append_only('usage.voids');
call isolation.by_customer('usage.voids');
grant select on usage.voids to external_services_tenant;

-- Whether a run had billed a month to which the event may belong when it came. Few are, so that billing finds them by
-- an index of their own; of those that stand here already nobody knows.
alter table usage.events add column is_late boolean not null default true;
alter table usage.events alter column is_late set default false;
create index events_late on usage.events (customer, service, at) include (batch) where is_late;

create index runs_month on billing.runs (month);
grant select (month) on billing.runs to external_services_tenant;

-- What becomes of usage whose period is billed.
alter table contracts.contracts add late_usage text not null default 'adjustNext'
    check (late_usage in ('adjustNext', 'debitNote', 'recordOnly', 'refuse'));
create index contracts_refusing on contracts.contracts (customer) where late_usage = 'refuse';

-- What a line could not take off, because its invoice did not carry it: a later one does.
alter table billing.invoice_lines add left_over numeric(20, 4) not null default 0 check (left_over <= 0);
create index invoice_lines_late on billing.invoice_lines (contract, period_from) where kind = 'lateUsage';

-- A debit note bills late usage alone.
alter table billing.invoices add is_debit_note boolean not null default false;
