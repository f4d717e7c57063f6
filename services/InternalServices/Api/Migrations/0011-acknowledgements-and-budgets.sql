-- A department acknowledges its statement, or time does it; budgets are what its charges are compared with.
alter table chargeback.statements
    drop constraint statements_state_check,
    add constraint statements_state_check check (state in ('issued', 'acknowledged', 'reversed')),
    add column acknowledge_by timestamptz,      -- null where nobody is there to do it
    add column acknowledged_at timestamptz,
    add column acknowledged_by text,            -- null where time did it
    add constraint statements_acknowledged_check check (
        (state <> 'acknowledged' or acknowledged_at is not null)
        and (state <> 'issued' or acknowledged_at is null)
        and (acknowledged_by is null or acknowledged_at is not null));

-- The owner has no policy, so what was issued before gets its time while policies do not bind it.
alter table chargeback.statements no force row level security;
update chargeback.statements
set acknowledge_by = issued_at + interval '10 days'
where department_code not in ('EXTERNAL-BUSINESS', 'UNALLOCATED');
alter table chargeback.statements force row level security;

create index statements_due on chargeback.statements (acknowledge_by, id)
    where state = 'issued' and acknowledge_by is not null;

grant update (state, version, acknowledged_at, acknowledged_by) on chargeback.statements to internal_services_tenant;
create policy department_acknowledges on chargeback.statements for update to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''))
    with check (state = 'acknowledged');

create table chargeback.budgets (
    department_code organisation.code not null references organisation.departments,
    first_month chargeback.month not null,
    end_month chargeback.month not null,        -- the first month that it does not cover
    primary key (department_code, first_month),
    check (first_month < end_month),
    constraint budgets_overlap exclude using gist (
        (department_code::text) with =, daterange(first_month, end_month) with &&)
);

create table chargeback.budget_versions (
    department_code organisation.code not null,
    first_month chargeback.month not null,
    version bigint not null check (version > 0),
    currency text not null,
    reason text not null,
    created_at timestamptz not null,
    created_by text not null,
    primary key (department_code, first_month, version),
    foreign key (department_code, first_month) references chargeback.budgets
);

create table chargeback.budget_amounts (
    department_code organisation.code not null,
    first_month chargeback.month not null,
    version bigint not null,
    month chargeback.month not null,
    amount numeric(20, 4) not null check (amount >= 0),
    primary key (department_code, first_month, version, month),
    foreign key (department_code, first_month, version) references chargeback.budget_versions
);

create index budget_amounts_month on chargeback.budget_amounts (month, department_code);

create trigger append_only before update or delete or truncate on chargeback.budget_versions
    for each statement execute function chargeback.refuse_change();
create trigger append_only before update or delete or truncate on chargeback.budget_amounts
    for each statement execute function chargeback.refuse_change();

-- A department sees its own budgets.
grant select on chargeback.budgets, chargeback.budget_versions, chargeback.budget_amounts to internal_services_tenant;

alter table chargeback.budgets enable row level security;
alter table chargeback.budgets force row level security;
create policy provider on chargeback.budgets to internal_services_app using (true);
create policy department on chargeback.budgets for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));

alter table chargeback.budget_versions enable row level security;
alter table chargeback.budget_versions force row level security;
create policy provider on chargeback.budget_versions to internal_services_app using (true);
create policy department on chargeback.budget_versions for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));

alter table chargeback.budget_amounts enable row level security;
alter table chargeback.budget_amounts force row level security;
create policy provider on chargeback.budget_amounts to internal_services_app using (true);
create policy department on chargeback.budget_amounts for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));
