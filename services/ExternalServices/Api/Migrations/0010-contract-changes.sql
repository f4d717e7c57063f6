-- What was signed since a contract began. Of the rows whose day has come, the one with the highest number is in force.
create table contracts.changes (
    contract text collate "C" not null references contracts.contracts,
    number int not null check (number > 0),
    customer text collate "C" not null,
    kind text not null check (kind in ('phase', 'end', 'change', 'pause', 'resume', 'cancel', 'renewal')),
    on_date date not null,              -- in the customer's zone
    plan text collate "C" not null,
    plan_version int not null,
    agreed jsonb,                       -- as in contracts.contracts
    is_paused boolean not null,
    is_ended boolean not null,
    adjusts boolean not null,           -- fees in advance are billed beyond its day: credited and charged anew
    reason text,
    signed_at timestamptz not null,
    signed_by text not null,
    primary key (contract, number),
    foreign key (plan, plan_version) references contracts.plan_versions
);
create index changes_plan on contracts.changes (plan, plan_version);

call isolation.append_only('contracts.changes');
call isolation.by_customer('contracts.changes');
grant select on contracts.changes to external_services_tenant;

-- The end that was signed first; end_date is the one that holds now.
alter table contracts.contracts add signed_end date;
update contracts.contracts set signed_end = end_date;

-- A service can be left and taken up again.
alter table contracts.metered_services
    drop constraint metered_services_pkey,
    add primary key (contract, service, days);

-- A customer sees the plan versions that its contracts are, were or will be on.
drop policy customer on contracts.plans;
drop policy customer on contracts.plan_versions;
drop policy customer on contracts.plan_charges;
drop policy customer on contracts.plan_commitments;
create policy customer on contracts.plans to external_services_tenant using (
    exists (select from contracts.contracts c where c.plan = plans.code)
    or exists (select from contracts.changes c where c.plan = plans.code));
create policy customer on contracts.plan_versions to external_services_tenant using (
    exists (
        select from contracts.contracts c
        where c.plan = plan_versions.plan and c.plan_version = plan_versions.version)
    or exists (
        select from contracts.changes c
        where c.plan = plan_versions.plan and c.plan_version = plan_versions.version));
create policy customer on contracts.plan_charges to external_services_tenant using (
    exists (
        select from contracts.contracts c
        where c.plan = plan_charges.plan and c.plan_version = plan_charges.version)
    or exists (
        select from contracts.changes c
        where c.plan = plan_charges.plan and c.plan_version = plan_charges.version));
create policy customer on contracts.plan_commitments to external_services_tenant using (
    exists (
        select from contracts.contracts c
        where c.plan = plan_commitments.plan and c.plan_version = plan_commitments.version)
    or exists (
        select from contracts.changes c
        where c.plan = plan_commitments.plan and c.plan_version = plan_commitments.version));

-- Revenue is recognised line by line, too: what a change takes back and adds beside the charge itself.
alter table profitability.recognitions
    add kind text not null default 'charge',
    add cause int not null default 0,
    drop constraint recognitions_pkey,
    add primary key (month, contract, charge, period_from, kind, cause);
