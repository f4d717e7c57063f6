-- What is counted of a department in a month, such as heads or floor area: drivers share cost by it.
create table chargeback.statistic_sheets (
    department_code organisation.code not null references organisation.departments,
    month chargeback.month not null,
    version bigint not null,
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (department_code, month)
);

create table chargeback.statistics (
    department_code organisation.code not null,
    month chargeback.month not null,
    code organisation.code not null,
    quantity numeric(28, 15) not null check (quantity >= 0),
    primary key (month, code, department_code),
    foreign key (department_code, month) references chargeback.statistic_sheets
);

create index statistics_sheet on chargeback.statistics (department_code, month);

alter table chargeback.pool_rules
    add column statistic organisation.code,
    add constraint pool_rules_statistic_check
        check (statistic is null or driver in ('headcount', 'statistic', 'time'));

-- A department sees what is counted of itself.
grant select on chargeback.statistic_sheets, chargeback.statistics to internal_services_tenant;

alter table chargeback.statistic_sheets enable row level security;
alter table chargeback.statistic_sheets force row level security;
create policy provider on chargeback.statistic_sheets to internal_services_app using (true);
create policy department on chargeback.statistic_sheets for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));

alter table chargeback.statistics enable row level security;
alter table chargeback.statistics force row level security;
create policy provider on chargeback.statistics to internal_services_app using (true);
create policy department on chargeback.statistics for select to internal_services_tenant
    using (department_code = nullif(current_setting('app.department', true), ''));
