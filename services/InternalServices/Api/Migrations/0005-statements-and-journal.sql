-- What a posted run tells each department, and its double entry.
create table chargeback.statements (
    id uuid primary key,
    run_id uuid not null references chargeback.runs,
    month chargeback.month not null references chargeback.periods,
    department_code organisation.code not null references organisation.departments,
    state text not null check (state in ('issued')),
    version bigint not null,
    currency text not null,
    total numeric(20, 4) not null,
    issued_at timestamptz not null,
    unique (run_id, department_code)
);

create index statements_department on chargeback.statements (department_code, month);
create index statements_month on chargeback.statements (month, department_code);

create table chargeback.statement_lines (
    id uuid primary key,
    statement_id uuid not null references chargeback.statements,
    department_code organisation.code not null,     -- for the policy
    position int not null,
    kind chargeback.line_kind not null,
    pool_code organisation.code not null references chargeback.cost_pools,
    pool_name text not null,                        -- as it was called then
    service_code organisation.code references organisation.services,
    customer_code organisation.code,
    amount numeric(20, 4) not null,
    exact numeric(28, 15) not null,
    rounding_units int not null,
    quantity numeric not null,
    total_quantity numeric not null,
    share numeric(28, 15) not null,
    unique (statement_id, position)
);

create trigger append_only before update or delete or truncate on chargeback.statement_lines
    for each statement execute function chargeback.refuse_change();

create table chargeback.journal_transactions (
    id uuid primary key,
    month chargeback.month not null references chargeback.periods,
    run_id uuid not null references chargeback.runs,
    kind text not null check (kind in ('posting')),
    currency text not null,
    posted_at timestamptz not null,
    posted_by text not null
);

create index journal_transactions_month on chargeback.journal_transactions (month, id);

-- Cost goes from the pool where it arose to the department that bears it; debits are positive.
create table chargeback.journal_entries (
    transaction_id uuid not null references chargeback.journal_transactions,
    position int not null,
    account_kind text not null check (account_kind in ('pool', 'department')),
    account_code organisation.code not null,
    amount numeric(20, 4) not null check (amount <> 0),
    primary key (transaction_id, position)
);

create trigger append_only before update or delete or truncate on chargeback.journal_transactions
    for each statement execute function chargeback.refuse_change();
create trigger append_only before update or delete or truncate on chargeback.journal_entries
    for each statement execute function chargeback.refuse_change();

-- The entries of a transaction are one insert, and cancel.
create function chargeback.refuse_unbalanced() returns trigger language plpgsql as $$
begin
    if exists (select from written group by transaction_id having sum(amount) <> 0) then
        raise exception 'journal entries do not sum to zero' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;

create trigger balanced after insert on chargeback.journal_entries
    referencing new table as written for each statement execute function chargeback.refuse_unbalanced();

-- A department sees its own statements.
grant select on chargeback.statements, chargeback.statement_lines to internal_services_tenant;

alter table chargeback.statements enable row level security;
alter table chargeback.statements force row level security;
create policy provider on chargeback.statements to internal_services_app using (true);
create policy department on chargeback.statements for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));

alter table chargeback.statement_lines enable row level security;
alter table chargeback.statement_lines force row level security;
create policy provider on chargeback.statement_lines to internal_services_app using (true);
create policy department on chargeback.statement_lines for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));
