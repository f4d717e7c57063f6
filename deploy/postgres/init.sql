-- The databases and roles of the mesh. Run by psql as a superuser, as often as one likes: what is there stays, passwords
-- are set anew. Variables: <database>_owner_password and <database>_app_password of every database.
--
-- <database>_owner   owns the database and runs its migrations
-- <database>_app     what the service logs in as: the provider's staff and the consumers, sees every row
-- <database>_tenant  what the service becomes for a department or a customer: sees the rows its policies allow
--
-- None of them is a superuser or may bypass row-level security.
\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;

\set database internal_services
\set owner_password :internal_services_owner_password
\set app_password :internal_services_app_password
\ir database.sql

\set database external_services
\set owner_password :external_services_owner_password
\set app_password :external_services_app_password
\ir database.sql

\set database gateway
\set owner_password :gateway_owner_password
\set app_password :gateway_app_password
\ir database.sql
