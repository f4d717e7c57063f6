create schema sample;

create table sample.orders (
    code text primary key,
    quantity numeric(28, 15) not null,
    version bigint not null
);

grant usage on schema sample to internal_services_tenant;
grant select, insert, update on sample.orders to internal_services_tenant;
