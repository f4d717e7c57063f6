-- The external side's copy of the one service catalogue, as its owner's events tell it.
create schema catalogue;
grant usage on schema catalogue to external_services_tenant;

create table catalogue.services (
    code text collate "C" primary key,
    name text not null,
    unit text not null,
    audience text not null check (audience in ('internal', 'external', 'both')),
    active boolean not null,
    version bigint not null,            -- the owner's: an older state never replaces a newer one
    changed_at timestamptz not null
);

-- Customers look services up, and see those that are offered to customers.
alter table catalogue.services enable row level security;
alter table catalogue.services force row level security;
create policy provider on catalogue.services to external_services_app using (true) with check (true);
create policy customer on catalogue.services to external_services_tenant using (audience <> 'internal');
grant select on catalogue.services to external_services_tenant;
