create schema samples;

create table samples.columns (
  id int primary key,
  instant timestamptz,
  instants timestamptz[],
  day date,
  days date[],
  month date,
  months date[],
  currency text,
  currencies text[],
  state text,
  states text[],
  amount numeric(28, 15),
  amounts numeric(28, 15)[],
  count bigint,
  counts bigint[],
  number int,
  numbers int[],
  name text,
  names text[],
  unique_id uuid,
  unique_ids uuid[],
  active boolean,
  actives boolean[],
  body bytea
);

create table samples.notes (
  id bigint generated always as identity primary key,
  customer text not null,
  note text not null
);

alter table samples.notes enable row level security;
alter table samples.notes force row level security;
create policy provider on samples.notes to internal_services_app using (true);
create policy customer on samples.notes to internal_services_tenant
  using (customer = nullif(current_setting('app.customer', true), ''));
grant usage on schema samples to internal_services_tenant;
grant select, insert on samples.notes to internal_services_tenant;

create table samples.counters (
  name text primary key,
  value int not null
);

-- A commit that refers to a missing counter is refused; one that is marked kills its own connection.
create table samples.commits (
  counter text not null references samples.counters deferrable initially deferred
);

create function samples.kill_at_commit() returns trigger language plpgsql as $body$
begin
  perform pg_terminate_backend(pg_backend_pid());
  return null;
end
$body$;

create constraint trigger kill_at_commit after insert on samples.commits
  deferrable initially deferred for each row
  when (new.counter = 'fatal') execute function samples.kill_at_commit();
