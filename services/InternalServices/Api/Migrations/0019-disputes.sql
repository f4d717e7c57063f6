-- A department that does not agree says so of a line. What is granted to it another bears: a pair of its own in the
-- journal, and lines on later statements; the disputed line stays as it was issued.
alter domain chargeback.line_kind drop constraint line_kind_check;
alter domain chargeback.line_kind add constraint line_kind_check check (value in (
    'shared', 'direct', 'unusedCapacity', 'overRecovery', 'rateCard', 'trueUp', 'carryForward', 'absorbed',
    'disputeCredit'));

create table chargeback.disputes (
    id uuid primary key,
    statement_id uuid not null references chargeback.statements,
    line_id uuid not null references chargeback.statement_lines,
    department_code organisation.code not null references organisation.departments,
    state text not null
        check (state in ('open', 'underReview', 'accepted', 'partiallyAccepted', 'rejected', 'withdrawn')),
    version bigint not null,
    claimed numeric(20, 4) not null check (claimed > 0),
    reason text not null,
    evidence jsonb not null check (jsonb_typeof(evidence) = 'array'),
    opened_at timestamptz not null,
    opened_by text not null,
    reviewed_at timestamptz,
    reviewed_by text,
    decided_at timestamptz,
    decided_by text,
    explanation text,
    granted numeric(20, 4) check (granted > 0),
    counterparty_code organisation.code references organisation.departments,
    booked_month chargeback.month,
    check ((state in ('open', 'underReview')) = (decided_at is null)),
    check ((state in ('accepted', 'partiallyAccepted')) = (granted is not null)),
    check (num_nonnulls(granted, counterparty_code, booked_month) in (0, 3)),
    check (granted is null or (state = 'accepted') = (granted = claimed)),
    check (granted <= claimed),
    check (counterparty_code <> department_code)
);

create unique index disputes_line on chargeback.disputes (line_id) where state <> 'withdrawn';
create index disputes_statement on chargeback.disputes (statement_id);
create index disputes_department on chargeback.disputes (department_code, id);

alter table chargeback.statements
    drop constraint statements_state_check,
    add constraint statements_state_check
        check (state in ('issued', 'acknowledged', 'disputed', 'settled', 'reversed')),
    add column settled_at timestamptz,
    add constraint statements_settled_check check (
        (state <> 'settled' or settled_at is not null) and (settled_at is null or state in ('settled', 'reversed')));

alter table chargeback.statement_lines
    add column origin_months date[] not null default '{}',
    add column dispute_id uuid references chargeback.disputes,
    add constraint statement_lines_dispute_check check ((kind = 'disputeCredit') = (dispute_id is not null));

alter table chargeback.journal_transactions
    drop constraint journal_transactions_kind_check,
    add constraint journal_transactions_kind_check
        check (kind in ('posting', 'reversal', 'openingBalance', 'dispute')),
    add column dispute_id uuid unique references chargeback.disputes,
    add constraint journal_transactions_dispute_check check ((kind = 'dispute') = (dispute_id is not null));

-- Where cost moves between two departments, each entry names the other.
alter table chargeback.journal_entries add column counterparty_code organisation.code;

-- A department opens and withdraws its own disputes.
grant select on chargeback.disputes to internal_services_tenant;
grant insert (
    id, statement_id, line_id, department_code, state, version, claimed, reason, evidence, opened_at, opened_by)
    on chargeback.disputes to internal_services_tenant;
grant update (state, version, decided_at, decided_by) on chargeback.disputes to internal_services_tenant;
grant update (settled_at) on chargeback.statements to internal_services_tenant;

alter table chargeback.disputes enable row level security;
alter table chargeback.disputes force row level security;
create policy provider on chargeback.disputes to internal_services_app using (true);
create policy department on chargeback.disputes for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));
create policy department_opens on chargeback.disputes for insert to internal_services_tenant
    with check (state = 'open' and department_code = nullif(current_setting('app.department', true), ''));
create policy department_withdraws on chargeback.disputes for update to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''))
    with check (state = 'withdrawn');

drop policy department_acknowledges on chargeback.statements;
create policy department_answers on chargeback.statements for update to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''))
    with check (state in ('acknowledged', 'disputed', 'settled'));
