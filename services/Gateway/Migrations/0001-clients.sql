-- Who may ask for tokens. A client is one person or one system.
create schema identity;

create table identity.clients (
    id text primary key,
    name text not null,
    kind text not null check (kind in ('provider', 'department', 'customer')),
    code text check ((code is null) = (kind = 'provider')),
    roles text[] not null,
    scopes text[] not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    last_used_on date,
    version bigint not null default 1
);

-- Two at a time, so that a secret can be replaced without an outage. SHA-256: the secrets are random, not chosen.
create table identity.client_secrets (
    id uuid primary key,
    client_id text not null references identity.clients,
    hash bytea not null check (octet_length(hash) = 32),
    created_at timestamptz not null
);

create index client_secrets_client_id on identity.client_secrets (client_id);
