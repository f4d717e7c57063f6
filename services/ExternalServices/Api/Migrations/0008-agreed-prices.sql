-- How usage becomes a quantity, what is billed at least, and what a contract agrees differently from its plan.
alter table contracts.plan_charges add meter jsonb;     -- {"aggregation": "max", …}; null: a sum, or an agreed fee

create table contracts.plan_commitments (
    plan text collate "C" not null,
    version int not null,
    position int not null,
    code text collate "C" not null,     -- unique among the charges of the version, too
    service text collate "C" not null,
    description text not null,
    amount numeric(24, 12) not null check (amount > 0),     -- for a full billing period
    scope text[] not null,              -- codes of the charges that count towards it; empty: all
    primary key (plan, version, position),
    unique (plan, version, code),
    foreign key (plan, version) references contracts.plan_versions
);

create or replace function contracts.keep_published() returns trigger language plpgsql as $$
declare
    part record := case tg_op when 'DELETE' then old else new end;
begin
    if exists (
        select from contracts.plan_versions
        where plan = part.plan and version = part.version and state = 'published') then
        raise exception 'a published plan version never changes' using errcode = 'restrict_violation';
    end if;
    return part;
end $$;

create trigger keep_published before insert or update or delete on contracts.plan_commitments
    for each row execute function contracts.keep_published();

alter table contracts.plan_commitments enable row level security;
alter table contracts.plan_commitments force row level security;
create policy provider on contracts.plan_commitments to external_services_app using (true) with check (true);
create policy customer on contracts.plan_commitments to external_services_tenant using (
    exists (
        select from contracts.contracts c
        where c.plan = plan_commitments.plan and c.plan_version = plan_commitments.version));
grant select on contracts.plan_commitments to external_services_tenant;

-- {"overrides": […], "commitments": […] or null for the plan's}; null where everything is as in the plan.
alter table contracts.contracts add agreed jsonb;

-- A line says why it is there and what was taken off it. Nothing is billed twice: a charge once for each of its
-- periods, and what a change or late usage adds once for each of them.
alter table billing.invoice_lines
    add kind text not null default 'charge'
        check (kind in ('charge', 'trueUp', 'changeCredit', 'changeCharge', 'lateUsage')),
    add cause int not null default 0,   -- number of the contract's change, or of the adjustment of late usage
    add allowances jsonb,               -- [{"code": …, "description": …, "amount": …}], in the order taken off
    drop constraint invoice_lines_once,
    add constraint invoice_lines_once unique (contract, charge, period_from, kind, cause);
create index invoice_lines_period on billing.invoice_lines (contract, full_from);
