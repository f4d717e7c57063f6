-- Revenue that the books have recognised of what was invoiced, by invoice line and month.
create schema revenue;

create table revenue.runs (
    id uuid primary key,
    legal_entity text collate "C" not null references parties.legal_entities,
    month date not null check (extract(day from month) = 1),
    lines int not null,                 -- of which it recognised or took back something
    created_at timestamptz not null,
    created_by text not null
);
create index runs_month on revenue.runs (legal_entity, month);

create table revenue.recognitions (
    invoice uuid not null,
    line int not null,
    month date not null check (extract(day from month) = 1),
    run uuid not null references revenue.runs deferrable initially deferred,
    transaction uuid not null,          -- of the ledger
    legal_entity text collate "C" not null,
    customer text collate "C" not null,
    service text collate "C" not null,
    currency text not null,
    amount numeric(20, 4) not null check (amount <> 0),
    primary key (invoice, line, month), -- nothing is recognised twice
    foreign key (invoice, line) references billing.invoice_lines (invoice, number)
);
create index recognitions_run on revenue.recognitions (run);
create index recognitions_month on revenue.recognitions (legal_entity, month) include (currency, amount);

call isolation.append_only('revenue.runs');
call isolation.append_only('revenue.recognitions');
