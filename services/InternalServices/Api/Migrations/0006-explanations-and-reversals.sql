-- What each run's pools were made of, so that a line can be explained when the books have moved on.
create table chargeback.run_costs (
    run_id uuid not null,
    position int not null,
    pool_code organisation.code not null,
    origin_month chargeback.month not null,
    kind text not null check (kind in ('actual', 'credit', 'trueUp')),
    department_code organisation.code,
    customer_code organisation.code,
    amount numeric(28, 15) not null,
    rows bigint not null,
    primary key (run_id, position),
    foreign key (run_id, pool_code) references chargeback.run_pools
);

create index run_costs_pool on chargeback.run_costs (run_id, pool_code);
create index run_lines_pool on chargeback.run_lines (run_id, pool_code);
create index run_flows_pool on chargeback.run_flows (run_id, pool_code);

-- A posted run can be undone while its month is not closed; its journal is mirrored, never changed.
alter table chargeback.runs
    drop constraint runs_state_check,
    drop constraint runs_check1,
    add constraint runs_state_check check (state in ('calculated', 'posted', 'reversed', 'discarded')),
    add constraint runs_posted_check check ((posted_at is not null) = (state in ('posted', 'reversed'))),
    add column reversed_at timestamptz,
    add column reversed_by text,
    add column reversal_reason text,
    add constraint runs_reversed_check check ((reversed_at is not null) = (state = 'reversed')),
    add constraint runs_reason_check check ((reversal_reason is not null) = (state = 'reversed'));

alter table chargeback.statements
    drop constraint statements_state_check,
    add constraint statements_state_check check (state in ('issued', 'reversed'));

alter table chargeback.journal_transactions
    drop constraint journal_transactions_kind_check,
    add constraint journal_transactions_kind_check check (kind in ('posting', 'reversal')),
    add column reverses uuid unique references chargeback.journal_transactions,
    add constraint journal_transactions_reverses_check check ((kind = 'reversal') = (reverses is not null));

-- The latest closed month can be opened again, for a reason.
alter table chargeback.periods
    drop constraint periods_state_check,
    drop constraint periods_check,
    add constraint periods_state_check check (state in ('open', 'closing', 'closed', 'reopened')),
    add constraint periods_closing_check check ((closing_since is not null) = (state in ('closing', 'closed'))),
    add column reopened_at timestamptz,
    add column reopened_by text,
    add column reopening_reason text;
