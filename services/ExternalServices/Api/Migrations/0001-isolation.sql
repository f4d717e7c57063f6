-- Row-level security, said once. The provider's role sees every row; the tenant role only those of the customer whose code
-- the transaction has set. A setting that was never made, or belongs to an earlier transaction, is null or empty: no rows.
create schema isolation;

create procedure isolation.by_customer(target regclass, customer_column name default 'customer')
language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy provider on %s to external_services_app using (true) with check (true)', target);
    execute format(
        'create policy customer on %s to external_services_tenant '
        'using (%I = nullif(current_setting(''app.customer'', true), '''')) '
        'with check (%I = nullif(current_setting(''app.customer'', true), ''''))',
        target, customer_column, customer_column);
end $$;

-- For facts that are never corrected in place.
create function isolation.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;

create procedure isolation.append_only(target regclass)
language plpgsql as $$
begin
    execute format(
        'create trigger append_only before update or delete or truncate on %s '
        'for each statement execute function isolation.refuse_change()', target);
end $$;
