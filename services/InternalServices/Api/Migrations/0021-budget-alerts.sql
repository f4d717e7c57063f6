-- What was told about a budget: once for each version, signal and threshold.
create table chargeback.budget_alerts (
    department_code organisation.code not null,
    first_month chargeback.month not null,
    version bigint not null,
    signal text not null check (signal in ('used', 'exceeded', 'pace', 'forecast')),
    threshold int not null check (threshold > 0),       -- percent
    number bigint not null,                             -- counts all alerts of the budget
    month chargeback.month not null,                    -- the latest month that was charged then
    amount numeric(20, 4) not null,
    budget numeric(20, 4) not null,                     -- what the amount was compared with
    raised_at timestamptz not null,
    primary key (department_code, first_month, version, signal, threshold),
    unique (department_code, first_month, number),
    foreign key (department_code, first_month, version) references chargeback.budget_versions
);

create trigger append_only before update or delete or truncate on chargeback.budget_alerts
    for each statement execute function chargeback.refuse_change();

-- A department sees its own.
grant select on chargeback.budget_alerts to internal_services_tenant;

alter table chargeback.budget_alerts enable row level security;
alter table chargeback.budget_alerts force row level security;
create policy provider on chargeback.budget_alerts to internal_services_app using (true);
create policy department on chargeback.budget_alerts for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));

select audit.watch('chargeback.budget_alerts');
