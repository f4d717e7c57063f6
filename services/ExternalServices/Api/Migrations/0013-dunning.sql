-- Reminders of invoices that are overdue, and drafts that are finalized by themselves after a time of grace.
create table billing.dunning_policies (
    legal_entity text collate "C" primary key references parties.legal_entities,
    version int not null,
    levels jsonb not null
);

create table billing.dunning_notices (
    id uuid primary key,
    invoice uuid not null references billing.invoices,
    customer text collate "C" not null,
    legal_entity text collate "C" not null,
    level int not null check (level > 0),
    day date not null,
    currency text not null,
    due numeric(20, 4) not null,        -- with the fee
    fee numeric(20, 4) not null check (fee >= 0),
    created_at timestamptz not null,
    unique (invoice, level)             -- no reminder twice
);
create index dunning_notices_customer on billing.dunning_notices (customer, id);
create index invoices_overdue on billing.invoices (legal_entity, due_date) where state = 'open';

call isolation.append_only('billing.dunning_notices');
call isolation.by_customer('billing.dunning_notices');
grant select on billing.dunning_notices to external_services_tenant;

alter table billing.runs
    add column grace_hours int check (grace_hours between 1 and 8760),
    add constraint runs_grace check (grace_hours is null or not finalizes);

-- Null for drafts that wait until somebody finalizes them.
alter table billing.invoices add column finalizes_at timestamptz;
create index invoices_grace on billing.invoices (finalizes_at) where state = 'draft' and finalizes_at is not null;
