-- First answers by Idempotency-Key, written in the transaction of the effect and kept for seven days.
create schema hosting;

create table hosting.idempotency_keys (
    scope bytea primary key,            -- SHA-256 of caller, method, path and key
    tenant text not null default coalesce(
        nullif(current_setting('app.department', true), ''), nullif(current_setting('app.customer', true), ''), ''),
    body_hash bytea not null,           -- SHA-256 of the request's body
    status int not null,
    location text,
    version bigint,
    body bytea,
    created_at timestamptz not null
);

create index idempotency_keys_created_at on hosting.idempotency_keys (created_at);

alter table hosting.idempotency_keys enable row level security;
alter table hosting.idempotency_keys force row level security;

do $$
declare
    app text := replace(current_user, '_owner', '_app');
    tenant text := replace(current_user, '_owner', '_tenant');
begin
    execute format('create policy provider on hosting.idempotency_keys to %I using (true)', app);
    execute format(
        'create policy tenant on hosting.idempotency_keys to %I using (tenant = coalesce('
        'nullif(current_setting(''app.department'', true), ''''), nullif(current_setting(''app.customer'', true), '''')))',
        tenant);
    execute format('grant usage on schema hosting to %I', tenant);
    execute format('grant select, insert on hosting.idempotency_keys to %I', tenant);
end $$;
