-- Price plans in versions that never change once published, and the contracts that customers signed on them.
create schema contracts;
grant usage on schema contracts to external_services_tenant;

create table contracts.plans (
    code text collate "C" primary key,
    name text not null,
    currency text not null,
    created_at timestamptz not null
);

create table contracts.plan_versions (
    plan text collate "C" not null references contracts.plans,
    version int not null check (version > 0),
    months_per_period int not null check (months_per_period between 1 and 60),
    state text not null check (state in ('draft', 'published')),
    revision int not null default 1,    -- grows with each edit of the draft
    created_at timestamptz not null,
    published_at timestamptz,
    primary key (plan, version),
    check ((state = 'published') = (published_at is not null))
);

create table contracts.plan_charges (
    plan text collate "C" not null,
    version int not null,
    position int not null,              -- charges are invoiced in this order
    code text collate "C" not null,
    service text collate "C" not null,
    description text not null,
    unit text not null,                 -- of the quantity on the invoice
    is_metered boolean not null,
    model jsonb not null,               -- how a quantity becomes an amount: {"model": "perUnit", …}
    primary key (plan, version, position),
    unique (plan, version, code),
    foreign key (plan, version) references contracts.plan_versions
);
-- Usage of a service is priced by one charge, so that nothing is billed twice.
create unique index plan_charges_metered on contracts.plan_charges (plan, version, service) where is_metered;

create function contracts.keep_published() returns trigger language plpgsql as $$
declare
    charge contracts.plan_charges := case tg_op when 'DELETE' then old else new end;
begin
    if exists (
        select from contracts.plan_versions
        where plan = charge.plan and version = charge.version and state = 'published') then
        raise exception 'a published plan version never changes' using errcode = 'restrict_violation';
    end if;
    return charge;
end $$;

create trigger keep_published before insert or update or delete on contracts.plan_charges
    for each row execute function contracts.keep_published();

create table contracts.contracts (
    code text collate "C" primary key,
    customer text collate "C" not null references parties.customers,
    legal_entity text collate "C" not null references parties.legal_entities,
    plan text collate "C" not null,
    plan_version int not null,
    currency text not null,
    start_date date not null,           -- in the customer's zone
    end_date date,                      -- first day no longer in the contract
    anchor_date date not null,          -- a day on which a billing period begins
    version bigint not null,            -- grows with each change
    signed_at timestamptz not null,
    foreign key (plan, plan_version) references contracts.plan_versions,
    check (end_date > start_date)
);
create index contracts_customer on contracts.contracts (customer, code);
create index contracts_legal_entity on contracts.contracts (legal_entity, code);

-- One contract at a time prices a customer's usage of a service, so that no usage is billed twice.
create table contracts.metered_services (
    contract text collate "C" not null references contracts.contracts,
    customer text collate "C" not null,
    service text collate "C" not null,
    days daterange not null,
    primary key (contract, service),
    constraint metered_services_overlap exclude using gist (customer with =, service with =, days with &&)
);

call isolation.by_customer('contracts.contracts');
call isolation.by_customer('contracts.metered_services');
grant select on contracts.contracts, contracts.metered_services to external_services_tenant;

-- A customer sees the versions of the plans that its own contracts are on.
alter table contracts.plan_versions enable row level security;
alter table contracts.plan_versions force row level security;
create policy provider on contracts.plan_versions to external_services_app using (true) with check (true);
create policy customer on contracts.plan_versions to external_services_tenant using (
    exists (
        select from contracts.contracts c
        where c.plan = plan_versions.plan and c.plan_version = plan_versions.version));

alter table contracts.plan_charges enable row level security;
alter table contracts.plan_charges force row level security;
create policy provider on contracts.plan_charges to external_services_app using (true) with check (true);
create policy customer on contracts.plan_charges to external_services_tenant using (
    exists (
        select from contracts.contracts c
        where c.plan = plan_charges.plan and c.plan_version = plan_charges.version));

alter table contracts.plans enable row level security;
alter table contracts.plans force row level security;
create policy provider on contracts.plans to external_services_app using (true) with check (true);
create policy customer on contracts.plans to external_services_tenant using (
    exists (select from contracts.contracts c where c.plan = plans.code));

grant select on contracts.plans, contracts.plan_versions, contracts.plan_charges to external_services_tenant;
