-- Who invoices and who is invoiced. Names, addresses and tax ids stand in versioned rows of their own: a document points to
-- the version it was made with, and the personal data can be erased while the document stays.
create extension if not exists btree_gist;

create schema parties;
grant usage on schema parties to external_services_tenant;

create table parties.legal_entities (
    code text collate "C" primary key,
    currency text not null,             -- of its books
    zone text not null,                 -- IANA; its issue dates are days there
    version int not null,               -- of its details in force
    created_at timestamptz not null
);

create table parties.legal_entity_details (
    legal_entity text collate "C" not null references parties.legal_entities,
    version int not null,
    name text not null,
    street text not null,
    city text not null,
    postal_code text not null,
    country text not null,              -- ISO 3166-1 alpha-2
    vat_id text,
    changed_at timestamptz not null,
    primary key (legal_entity, version)
);

-- Gapless numbers: the next one is taken in the transaction that finalizes the document.
create table parties.number_series (
    legal_entity text collate "C" not null references parties.legal_entities,
    document_type text not null check (document_type in ('invoice', 'creditNote')),
    year int not null check (year between 1990 and 2199),
    prefix text collate "C" not null,
    next_number bigint not null check (next_number > 0),
    last_issue_date date,               -- dates never go back
    primary key (legal_entity, document_type, year),
    unique (legal_entity, prefix)
);

create table parties.customers (
    code text collate "C" primary key,
    legal_entity text collate "C" not null references parties.legal_entities,
    currency text not null,
    zone text not null,                 -- IANA; billing days are days there
    language text not null check (language in ('en', 'es')),
    payment_terms_days int not null check (payment_terms_days between 0 and 365),
    version int not null,               -- of its details in force
    created_at timestamptz not null
);
create index customers_legal_entity on parties.customers (legal_entity, code);

create table parties.customer_details (
    customer text collate "C" not null references parties.customers,
    version int not null,
    name text not null,
    street text not null,
    city text not null,
    postal_code text not null,
    country text not null,
    vat_id text,
    email text,
    changed_at timestamptz not null,
    primary key (customer, version)
);

create table parties.tax_rates (
    id uuid primary key,
    country text not null,
    category text not null,
    rate numeric(6, 3) not null check (rate between 0 and 100),
    valid_from date not null,
    valid_to date,                      -- first day no longer in force
    check (valid_to > valid_from),
    constraint tax_rates_overlap exclude using gist (
        country with =, category with =, daterange(valid_from, valid_to) with &&)
);

-- What one unit of a currency is worth in the provider's, on the days from this one to the next that is recorded.
create table parties.exchange_rates (
    currency text not null,
    day date not null,
    rate numeric(24, 12) not null check (rate > 0),
    recorded_at timestamptz not null,
    primary key (currency, day)
);
call isolation.append_only('parties.exchange_rates');

call isolation.by_customer('parties.customers', 'code');
call isolation.by_customer('parties.customer_details');
grant select on parties.customers, parties.customer_details to external_services_tenant;

create view parties.current_legal_entities with (security_invoker) as
    select code, name, street, city, postal_code, country, vat_id, currency, zone, e.version, created_at, changed_at
    from parties.legal_entities e
    join parties.legal_entity_details d on d.legal_entity = e.code and d.version = e.version;

create view parties.current_customers with (security_invoker) as
    select code, legal_entity, name, street, city, postal_code, country, vat_id, email, currency, zone, language,
        payment_terms_days, c.version, created_at, changed_at
    from parties.customers c
    join parties.customer_details d on d.customer = c.code and d.version = c.version;
grant select on parties.current_customers to external_services_tenant;
