-- The provider's organisation and the one catalogue of services.
create schema organisation;

-- Codes sort by their bytes, as they do in the allocation's ties.
create domain organisation.code as text collate "C"
    check (value ~ '\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z');

create table organisation.departments (
    code organisation.code primary key,
    name text not null,
    kind text not null check (kind in ('internal', 'externalBusiness', 'unallocated')),
    parent_code organisation.code references organisation.departments,
    active boolean not null,
    version bigint not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    check (parent_code <> code),
    check (kind = 'internal' or (parent_code is null and active))
);

create index departments_parent on organisation.departments (parent_code);

-- Exactly one of each special kind; both stand for ever.
create unique index departments_special_kind on organisation.departments (kind) where kind <> 'internal';

insert into organisation.departments (code, name, kind, active, version, created_at, changed_at)
values
    ('EXTERNAL-BUSINESS', 'All external customers together', 'externalBusiness', true, 1, now(), now()),
    ('UNALLOCATED', 'What nobody consumes', 'unallocated', true, 1, now(), now());

create table organisation.services (
    code organisation.code primary key,
    name text not null,
    unit text not null,
    owner_department organisation.code not null references organisation.departments,
    audience text not null check (audience in ('internal', 'external', 'both')),
    charging text not null check (charging in ('showback', 'chargeback')),
    pricing text not null check (pricing in ('costRecovery')),
    active boolean not null,
    version bigint not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create index services_owner on organisation.services (owner_department);

-- A department sees itself and the whole catalogue.
grant usage on schema organisation to internal_services_tenant;
grant select on organisation.departments, organisation.services to internal_services_tenant;

alter table organisation.departments enable row level security;
alter table organisation.departments force row level security;
create policy provider on organisation.departments to internal_services_app using (true);
create policy department on organisation.departments for select to internal_services_tenant
    using (code = nullif(current_setting('app.department', true), ''));

alter table organisation.services enable row level security;
alter table organisation.services force row level security;
create policy provider on organisation.services to internal_services_app using (true);
create policy department on organisation.services for select to internal_services_tenant
    using (nullif(current_setting('app.department', true), '') is not null);
