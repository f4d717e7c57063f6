-- What frees a customer from the tax of its own country, as a certificate or a law grants it; invoices say why.
create table parties.tax_exemptions (
    id uuid primary key,
    customer text collate "C" not null references parties.customers,
    reason text not null,
    reason_code text,                   -- of the VATEX list
    valid_from date not null,
    valid_to date,                      -- first day on which it no longer holds
    added_at timestamptz not null,
    added_by text not null,
    check (valid_to > valid_from),
    constraint tax_exemptions_overlap exclude using gist (
        customer with =, daterange(valid_from, valid_to) with &&)
);

call isolation.by_customer('parties.tax_exemptions');
grant select on parties.tax_exemptions to external_services_tenant;
