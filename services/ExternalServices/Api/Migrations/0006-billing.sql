-- Billing runs and the invoices they make. An invoice is a draft until it has its number; from then on it never changes.
create schema billing;
grant usage on schema billing to external_services_tenant;

create table billing.runs (
    id uuid primary key,
    month date not null check (extract(day from month) = 1),
    scope text not null check (scope in ('all', 'legalEntity', 'customer')),
    scope_code text collate "C" check ((scope = 'all') = (scope_code is null)),
    finalizes boolean not null,
    state text not null check (state in ('queued', 'running', 'completed')),
    watermark bigint,                   -- usage up to this batch is billed; set once, so that a restarted run bills the same
    contracts_total int,
    contracts_done int not null default 0,
    position text collate "C",          -- the last contract that is done
    invoices int not null default 0,
    failures int not null default 0,
    created_at timestamptz not null,
    created_by text not null,
    completed_at timestamptz,
    check ((state = 'completed') = (completed_at is not null)),
    check (state = 'queued' or watermark is not null)
);
create index runs_unfinished on billing.runs (created_at) where state <> 'completed';

-- Contracts that a run could not bill, with the reason; the next run tries them again.
create table billing.run_failures (
    run uuid not null references billing.runs,
    contract text collate "C" not null,
    code text not null,
    detail text not null,
    primary key (run, contract)
);

create table billing.invoices (
    id uuid primary key,
    customer text collate "C" not null,
    customer_version int not null,      -- of the buyer's details on the document
    legal_entity text collate "C" not null,
    legal_entity_version int not null,
    contract text collate "C" not null,
    run uuid not null references billing.runs,
    month date not null,
    state text not null check (state in ('draft', 'open')),
    currency text not null,
    tax_point date not null,
    net numeric(20, 4) not null,
    tax numeric(20, 4) not null,
    gross numeric(20, 4) not null,
    watermark bigint not null,          -- usage up to this batch is in it
    created_at timestamptz not null,
    year int,                           -- of the number series
    sequence bigint,
    number text collate "C",
    issue_date date,
    due_date date,
    finalized_at timestamptz,
    version int not null default 1,
    check (gross = net + tax),
    check (num_nulls(year, sequence, number, issue_date, due_date, finalized_at)
        = case state when 'draft' then 6 else 0 end)
);
create unique index invoices_number on billing.invoices (legal_entity, year, sequence);
create index invoices_customer on billing.invoices (customer, id);
create index invoices_run on billing.invoices (run, id);

create table billing.invoice_lines (
    invoice uuid not null references billing.invoices,
    number int not null check (number > 0),
    customer text collate "C" not null,
    contract text collate "C" not null,
    charge text collate "C" not null,
    service text collate "C" not null,
    description text not null,
    period_from date not null,          -- days that the line pays for, half-open
    period_to date not null,
    full_from date not null,            -- days of the full billing period
    full_to date not null,
    unit text not null,
    quantity numeric(28, 15) not null,
    price numeric(24, 12) not null,
    base_quantity numeric(24, 12) not null check (base_quantity > 0),
    net numeric(20, 4) not null,
    tax_category text not null,
    tax_rate numeric(6, 3) not null,
    metered_quantity numeric(28, 15),   -- what the meter said; null for agreed fees
    events bigint,                      -- how many usage events that was
    usage_from timestamptz,
    usage_to timestamptz,
    primary key (invoice, number),
    -- Nothing is billed twice.
    constraint invoice_lines_once unique (contract, charge, period_from),
    check (num_nulls(metered_quantity, events, usage_from, usage_to) in (0, 4))
);

-- Finds the line that bills an event.
create index invoice_lines_usage on billing.invoice_lines (customer, service, usage_from) where usage_from is not null;

create table billing.invoice_taxes (
    invoice uuid not null references billing.invoices,
    category text not null,
    rate numeric(6, 3) not null,
    base numeric(20, 4) not null,
    tax numeric(20, 4) not null,
    reason_code text,
    reason text,
    customer text collate "C" not null,
    primary key (invoice, category, rate)
);

-- A finalized invoice never changes, whoever asks.
create function billing.keep_finalized() returns trigger language plpgsql as $$
begin
    if old.state <> 'draft' then
        raise exception 'invoice % is final', old.number using errcode = 'restrict_violation';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;

create trigger keep_finalized before update or delete on billing.invoices
    for each row execute function billing.keep_finalized();

create function billing.keep_finalized_parts() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' or exists (select from billing.invoices where id = old.invoice and state <> 'draft') then
        raise exception 'the lines and taxes of an invoice are never edited' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

create trigger keep_finalized before update or delete on billing.invoice_lines
    for each row execute function billing.keep_finalized_parts();
create trigger keep_finalized before update or delete on billing.invoice_taxes
    for each row execute function billing.keep_finalized_parts();

call isolation.by_customer('billing.invoices');
call isolation.by_customer('billing.invoice_lines');
call isolation.by_customer('billing.invoice_taxes');
grant select on billing.invoices, billing.invoice_lines, billing.invoice_taxes to external_services_tenant;

-- The provider's details on an invoice are no secret to whom it is addressed.
grant select on parties.legal_entities, parties.legal_entity_details to external_services_tenant;
