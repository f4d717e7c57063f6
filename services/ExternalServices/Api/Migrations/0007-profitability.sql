-- What each customer brought in and cost in a cost month, from the month's revenue and one posted allocation run.
create schema profitability;

create table profitability.months (
    month date primary key check (extract(day from month) = 1),
    run uuid not null,                  -- the allocation run
    currency text not null,
    method text not null,
    input_hash text not null,
    overhead_residual numeric(20, 4) not null,
    residual_key text not null,         -- by what overhead and unused services were split
    revenue numeric(20, 4) not null,
    cost numeric(20, 4) not null,
    external_share numeric(20, 4) not null,
    calculated_at timestamptz not null,
    closed_at timestamptz
);

-- Why a month could not be reckoned; gone when it could.
create table profitability.blocked_months (
    month date primary key,
    code text not null,
    detail text not null,
    blocked_at timestamptz not null
);

-- The costs as the allocation run told them.
create table profitability.service_costs (
    month date not null references profitability.months on delete cascade,
    service text collate "C" not null,
    cost numeric(20, 4) not null,
    quantity numeric(28, 15) not null,
    unit_cost numeric(24, 12),
    unused_capacity numeric(28, 15) not null,
    primary key (month, service)
);

create table profitability.customers (
    month date not null references profitability.months on delete cascade,
    customer text collate "C" not null,
    revenue numeric(20, 4) not null,    -- in the currency of the books
    contract_currency text not null,
    contract_revenue numeric(20, 4) not null,
    exchange_rate numeric(24, 12) not null,
    service_cost numeric(20, 4) not null,
    direct_cost numeric(20, 4) not null,
    residual numeric(20, 4) not null,
    cost numeric(20, 4) not null,       -- services + direct + residual
    margin numeric(20, 4),              -- null while a used service is uncosted
    margin_percent numeric(28, 2),
    primary key (month, customer)
);

create table profitability.customer_services (
    month date not null,
    customer text collate "C" not null,
    service text collate "C" not null,
    quantity numeric(28, 15) not null,
    cost numeric(20, 4),                -- null: uncosted, which is not 0
    primary key (month, customer, service),
    foreign key (month, customer) references profitability.customers on delete cascade
);

-- Revenue that a month recognised of a charge and billing period, billed or not.
create table profitability.recognitions (
    month date not null,
    contract text collate "C" not null,
    charge text collate "C" not null,
    period_from date not null,
    customer text collate "C" not null,
    currency text not null,
    amount numeric(20, 4) not null,     -- of this month
    earned numeric(20, 4) not null,     -- from the start of the period to the end of this month
    primary key (month, contract, charge, period_from)
);
create index recognitions_charge on profitability.recognitions (contract, charge, period_from);
