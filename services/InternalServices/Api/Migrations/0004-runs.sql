-- How pools are driven, and what each run made of a month.
create domain chargeback.line_kind as text check (value in (
    'shared', 'direct', 'unusedCapacity', 'overRecovery', 'rateCard', 'trueUp', 'carryForward', 'absorbed'));

create table chargeback.rule_sets (
    version bigint primary key,
    method text not null check (method in ('direct', 'stepDown', 'reciprocal')),
    created_at timestamptz not null,
    created_by text not null
);

create table chargeback.pool_rules (
    rule_set_version bigint not null references chargeback.rule_sets,
    pool_code organisation.code not null references chargeback.cost_pools,
    driver text not null check (driver in ('usage', 'even', 'fixedPercent', 'headcount', 'statistic', 'time')),
    service_code organisation.code references organisation.services,
    when_zero text not null check (when_zero in ('refuse', 'even', 'unallocated')),
    step int not null,                  -- step-down closes the lowest first
    capacity numeric(28, 15) check (capacity > 0),
    capacity_owner organisation.code references organisation.departments,
    primary key (rule_set_version, pool_code),
    check ((driver = 'usage') = (service_code is not null)),
    check ((capacity is null) = (capacity_owner is null))
);

create table chargeback.pool_rule_consumers (
    rule_set_version bigint not null,
    pool_code organisation.code not null,
    position int not null,
    department_code organisation.code references organisation.departments,
    consumer_pool_code organisation.code references chargeback.cost_pools,
    quantity numeric(28, 15) check (quantity >= 0),     -- percent where the driver is fixed percentages
    primary key (rule_set_version, pool_code, position),
    unique (rule_set_version, pool_code, department_code),
    unique (rule_set_version, pool_code, consumer_pool_code),
    check (num_nonnulls(department_code, consumer_pool_code) = 1),
    foreign key (rule_set_version, pool_code) references chargeback.pool_rules
);

create table chargeback.runs (
    id uuid primary key,
    month chargeback.month not null references chargeback.periods,
    state text not null check (state in ('calculated', 'posted', 'discarded')),
    version bigint not null,
    rule_set_version bigint not null references chargeback.rule_sets,
    method text not null,
    currency text not null,
    input_hash text not null,
    engine_version text not null,
    external_usage_final boolean not null,
    pool_total numeric(20, 4) not null,
    department_total numeric(20, 4) not null,
    external_share numeric(20, 4) not null,
    unallocated numeric(20, 4) not null,
    overhead_residual numeric(20, 4) not null,
    entry_rows bigint not null,
    pools int not null,
    drivers int not null,
    lines int not null,
    warnings jsonb not null,
    calculated_at timestamptz not null,
    calculated_by text not null,
    posted_at timestamptz,
    posted_by text,
    discarded_at timestamptz,
    discarded_by text,
    check (pool_total = department_total + external_share + unallocated),
    check ((state = 'posted') = (posted_at is not null)),
    check ((state = 'discarded') = (discarded_at is not null))
);

create unique index runs_one_posted_per_month on chargeback.runs (month) where state = 'posted';
create unique index runs_one_per_inputs on chargeback.runs (month, input_hash) where state in ('calculated', 'posted');

create table chargeback.run_pools (
    run_id uuid not null references chargeback.runs,
    pool_code organisation.code not null references chargeback.cost_pools,
    service_code organisation.code references organisation.services,
    exact numeric(28, 15) not null,
    amount numeric(20, 4) not null,
    rounding_units int not null,        -- minor units above the exact amount cut off towards −∞
    shared_exact numeric(28, 15) not null,
    shared numeric(20, 4) not null,
    capacity numeric,
    capacity_used numeric,
    capacity_unused numeric,
    capacity_rate numeric(24, 12),
    primary key (run_id, pool_code)
);

create table chargeback.run_lines (
    run_id uuid not null,
    position int not null,
    pool_code organisation.code not null,
    department_code organisation.code not null references organisation.departments,
    customer_code organisation.code,
    kind chargeback.line_kind not null,
    amount numeric(20, 4) not null,
    exact numeric(28, 15) not null,
    rounding_units int not null,
    quantity numeric not null,
    total_quantity numeric not null,
    share numeric(28, 15) not null,
    primary key (run_id, position),
    foreign key (run_id, pool_code) references chargeback.run_pools
);

-- Where the cost of a pool went in one step, before the method followed it through other pools.
create table chargeback.run_flows (
    run_id uuid not null,
    position int not null,
    pool_code organisation.code not null,
    department_code organisation.code,
    consumer_pool_code organisation.code,
    quantity numeric not null,
    total_quantity numeric not null,
    is_capacity boolean not null,
    primary key (run_id, position),
    foreign key (run_id, pool_code) references chargeback.run_pools
);

-- The external side of the run by service; quantity 0 leaves the cost in the overhead residual.
create table chargeback.run_service_costs (
    run_id uuid not null references chargeback.runs,
    service_code organisation.code not null,
    cost numeric(20, 4) not null,
    quantity numeric not null,
    unit_cost numeric(24, 12),
    unused_capacity numeric not null,
    primary key (run_id, service_code)
);

create table chargeback.run_customer_costs (
    run_id uuid not null references chargeback.runs,
    customer_code organisation.code not null,
    cost numeric(20, 4) not null,
    primary key (run_id, customer_code)
);

-- What the external side reckoned from the posted run; its cost must equal the run's external share.
create table chargeback.external_reckonings (
    run_id uuid primary key references chargeback.runs,
    cost numeric(20, 4) not null,
    revenue numeric(20, 4) not null,
    currency text not null,
    event_id uuid not null,
    reckoned_at timestamptz not null
);
