create schema messaging;

-- Events that their transaction has committed and the broker has not confirmed yet. Rows live for milliseconds.
create table messaging.outbox (
  position bigint generated always as identity primary key,
  event_id uuid not null,
  name text not null,
  aggregate_id text not null,
  occurred_at timestamptz not null,
  body bytea not null,
  trace_parent text,
  -- Attempts that failed because of this event, not because the broker was out of reach.
  attempts int not null default 0,
  failure text,
  retry_at timestamptz,
  parked_at timestamptz
) with (
  -- Nearly every row is deleted at once: clean up by number of rows, not by share of the table.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 50000
);

-- The few rows that hold back later events of their aggregate.
create index outbox_failed on messaging.outbox (aggregate_id, position) where attempts > 0;

-- Changes that a consumer has applied, for as long as one of them could be delivered again.
create table messaging.inbox (
  consumer text not null,
  event_id uuid not null,
  applied_at timestamptz not null,
  primary key (consumer, event_id)
);

create index inbox_applied_at on messaging.inbox using brin (applied_at);

-- The newest state of each aggregate that a consumer has applied.
create table messaging.inbox_states (
  consumer text not null,
  aggregate_id text not null,
  version bigint not null,
  primary key (consumer, aggregate_id)
);

-- Departments and customers cause events too, but read none.
do $$
begin
  execute format('grant usage on schema messaging to %I', replace(current_user, '_owner', '_tenant'));
  execute format('grant insert on messaging.outbox to %I', replace(current_user, '_owner', '_tenant'));
end $$;
