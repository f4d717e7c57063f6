-- First answers by Idempotency-Key, written in the transaction of the effect and kept for seven days.
create schema hosting;

create table hosting.idempotency_keys (
    scope bytea primary key,            -- SHA-256 of caller, method, path and key
    body_hash bytea not null,           -- SHA-256 of the request's body
    status int not null,
    location text,
    version bigint,
    body bytea,
    created_at timestamptz not null
);

create index idempotency_keys_created_at on hosting.idempotency_keys (created_at);
