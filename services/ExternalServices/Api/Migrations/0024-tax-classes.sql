-- A country taxes some of what is sold at other rates than the standard one, or not at all for a reason.
alter table parties.tax_rates
    add class text not null default 'standard',
    add reason text,
    add reason_code text;                -- of the VATEX list

update parties.tax_rates
set class = case category when 'Z' then 'zero' when 'E' then 'exempt' else class end,
    reason = case category when 'E' then 'Exempt' end
where category in ('Z', 'E');

alter table parties.tax_rates
    drop constraint tax_rates_overlap,
    add constraint tax_rates_overlap exclude using gist (
        country with =, category with =, class with =, daterange(valid_from, valid_to) with &&),
    add constraint tax_rates_reason check ((class = 'exempt') = (reason is not null));

alter table contracts.plan_charges add tax_class text not null default 'standard';
alter table contracts.plan_commitments add tax_class text not null default 'standard';
