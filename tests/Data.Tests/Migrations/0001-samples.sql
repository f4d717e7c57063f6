create schema samples;

create table samples.types (
  id uuid primary key,
  instant timestamptz, instants timestamptz[],
  day date, days date[],
  month date, months date[],
  currency text, currencies text[],
  state text, states text[],
  amount numeric(28, 15), amounts numeric[],
  count bigint, counts bigint[],
  name text, names text[],
  ids uuid[],
  active boolean,
  lapse interval,
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
grant select, insert on samples.notes to internal_services_tenant;

create table samples.parents (id int primary key);
create table samples.children (
  parent int references samples.parents deferrable initially deferred
);
