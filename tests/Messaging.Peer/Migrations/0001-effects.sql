create schema peer;

-- Deliberately without a constraint: an event that is applied twice stands here twice.
create table peer.effects (
  number bigint generated always as identity primary key,
  consumer text not null,
  event_id uuid not null,
  aggregate_id text not null,
  aggregate_version bigint not null
);
