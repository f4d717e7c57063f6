-- What a file covers, so that a corrected file replaces exactly that; rates for costs in other currencies.
create table chargeback.exchange_rates (
    currency text collate "C" not null,
    day date not null,
    rate numeric(24, 12) not null check (rate > 0),     -- units of the books' currency for one unit
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (currency, day)
);

create trigger append_only before update or delete or truncate on chargeback.exchange_rates
    for each statement execute function chargeback.refuse_change();

-- A file can come again once nothing of it stands any more, so its digest is not unique.
alter table chargeback.cost_imports
    drop constraint cost_imports_content_sha256_key,
    add column focus_version text not null default '1.0' check (focus_version in ('1.0', '1.1', '1.2')),
    add column supplement boolean not null default false,
    add column reversed_at timestamptz,
    add column reversed_by text,
    add check ((reversed_at is null) = (reversed_by is null));

create index cost_imports_content on chargeback.cost_imports (content_sha256);

create table chargeback.cost_import_scopes (
    import_id uuid not null references chargeback.cost_imports,
    position int not null,
    provider text collate "C" not null,
    billing_account text collate "C" not null,
    billing_period_start timestamptz not null,
    rows bigint not null check (rows > 0),
    amount numeric(28, 15) not null,
    replaced_by uuid references chargeback.cost_imports,
    primary key (import_id, position),
    unique (import_id, provider, billing_account, billing_period_start)
);

create index cost_import_scopes_standing
    on chargeback.cost_import_scopes (provider, billing_account, billing_period_start)
    where replaced_by is null;

alter table chargeback.cost_entries
    add column import_scope int,
    add column reverses uuid unique references chargeback.cost_entries,
    add column original_currency text,
    add column original_amount numeric(28, 15),
    add column rate numeric(24, 12),
    add column rate_day date,
    drop constraint cost_entries_rows_check,
    add check (rows <> 0 and (rows < 0) = (reverses is not null)),
    add check (num_nonnulls(original_currency, original_amount, rate, rate_day) in (0, 4)),
    add foreign key (import_id, import_scope) references chargeback.cost_import_scopes;
