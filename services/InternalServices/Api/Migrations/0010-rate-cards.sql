-- Prices that departments pay for a service instead of its cost.
create extension if not exists btree_gist;

alter table organisation.services
    drop constraint services_pricing_check,
    add constraint services_pricing_check check (pricing in ('costRecovery', 'rateCard'));

-- Whole months, because the tiers price a month's quantity.
create table chargeback.rate_cards (
    service_code organisation.code not null references organisation.services,
    version bigint not null check (version > 0),
    valid_from chargeback.month not null,
    valid_to chargeback.month,                  -- the first month that it does not price; null without an end
    mode text not null check (mode in ('volume', 'graduated')),
    difference text not null check (difference in ('trueUp', 'carryForward', 'absorb')),
    created_at timestamptz not null,
    created_by text not null,
    primary key (service_code, version),
    check (valid_from < valid_to),
    constraint rate_cards_overlap exclude using gist (
        (service_code::text) with =, daterange(valid_from, valid_to) with &&)
);

create table chargeback.rate_card_tiers (
    service_code organisation.code not null,
    version bigint not null,
    position int not null,
    up_to numeric(28, 15) check (up_to > 0),    -- belongs to the tier; null for the last
    unit_price numeric(24, 12) not null check (unit_price >= 0),
    flat_fee numeric(24, 12) not null check (flat_fee >= 0),
    primary key (service_code, version, position),
    foreign key (service_code, version) references chargeback.rate_cards
);

create trigger append_only before update or delete or truncate on chargeback.rate_card_tiers
    for each statement execute function chargeback.refuse_change();

-- Prices are for every department to see.
grant select on chargeback.rate_cards, chargeback.rate_card_tiers to internal_services_tenant;

alter table chargeback.rate_cards enable row level security;
alter table chargeback.rate_cards force row level security;
create policy provider on chargeback.rate_cards to internal_services_app using (true);
create policy department on chargeback.rate_cards for select to internal_services_tenant
    using (nullif(current_setting('app.department', true), '') is not null);

alter table chargeback.rate_card_tiers enable row level security;
alter table chargeback.rate_card_tiers force row level security;
create policy provider on chargeback.rate_card_tiers to internal_services_app using (true);
create policy department on chargeback.rate_card_tiers for select to internal_services_tenant
    using (nullif(current_setting('app.department', true), '') is not null);
