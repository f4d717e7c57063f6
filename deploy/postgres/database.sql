-- One database with its three roles; see init.sql for the variables.
\set owner :database '_owner'
\set app :database '_app'
\set tenant :database '_tenant'

select format('create role %I', name)
from (values (:'owner'), (:'app'), (:'tenant')) as wanted (name)
where not exists (select from pg_roles where rolname = wanted.name)
\gexec

alter role :"owner" login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'owner_password';
-- Without inheritance the service holds the tenant's narrower rights only after it has become the tenant.
alter role :"app" login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'app_password';
alter role :"tenant" nologin noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
grant :"tenant" to :"app";

select format('create database %I owner %I', :'database', :'owner')
where not exists (select from pg_database where datname = :'database')
\gexec

revoke all on database :"database" from public;
grant connect on database :"database" to :"app";
