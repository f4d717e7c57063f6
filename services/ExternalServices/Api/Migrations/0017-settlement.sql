-- The owner's own corrections below have to see the rows that policies keep from it.
alter table billing.invoices no force row level security;
alter table billing.invoice_taxes no force row level security;
alter table ledger.transactions no force row level security;
alter table ledger.entries no force row level security;
alter table payments.funds no force row level security;

-- Invoices that were issued before there were books, and that the books missed.
create temporary table missed on commit drop as
select id from billing.invoices i
where state <> 'draft' and (net <> 0 or tax <> 0)
    and not exists (select from ledger.transactions t where t.id = i.id);

insert into ledger.transactions (id, legal_entity, customer, kind, day, description, posted_at)
select id, legal_entity, customer, 'issue', issue_date, 'Invoice ' || number, finalized_at
from billing.invoices join missed using (id);

insert into ledger.entries (transaction, number, legal_entity, day, account, customer, currency, amount, detail)
select invoice, row_number() over (partition by invoice order by place), legal_entity, issue_date, account, customer,
    currency, amount, detail
from (
    select id as invoice, 1 as place, legal_entity, issue_date, 'receivables' as account, customer, currency,
        gross as amount, null as detail
    from billing.invoices join missed using (id)
    union all
    select id, 2, legal_entity, issue_date, 'deferredRevenue', customer, currency, -net, null
    from billing.invoices join missed using (id)
    union all
    select i.id, 3, i.legal_entity, i.issue_date, 'tax', i.customer, i.currency, -t.tax,
        t.category || ' ' || trim_scale(t.rate)
    from billing.invoices i
    join missed using (id)
    join billing.invoice_taxes t on t.invoice = i.id
) as booked
where amount <> 0;

-- An invoice of which nothing is to be paid is issued as paid. None is below zero: a credit note gives money back.
update billing.invoices set state = 'paid', version = version + 1 where state = 'open' and gross + fees = 0;
alter table billing.invoices add constraint invoices_not_negative check (gross >= 0);

-- What a cancelled invoice has billed may be due again; then the lines no longer stand in the way of new ones.
alter table billing.invoice_lines
    add column released_at timestamptz,
    drop constraint invoice_lines_once;
create unique index invoice_lines_once on billing.invoice_lines (contract, charge, period_from, kind, cause)
    where released_at is null;

create or replace function billing.keep_finalized_parts() returns trigger language plpgsql as $$
declare
    standing text;
begin
    select state into standing from billing.invoices where id = old.invoice;
    if tg_op = 'UPDATE' then
        if standing <> 'cancelled' or to_jsonb(old) - 'released_at' <> to_jsonb(new) - 'released_at'
            or to_jsonb(old) ->> 'released_at' is not null then
            raise exception 'the lines and taxes of an invoice are never edited' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if standing <> 'draft' then
        raise exception 'the lines and taxes of an invoice are never edited' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

-- What customers owed in the books that were kept before: paid like invoices, though there is no document of ours.
create table payments.receivables_taken_over (
    id uuid primary key references ledger.transactions,
    customer text collate "C" not null references parties.customers,
    legal_entity text collate "C" not null references parties.legal_entities,
    currency text not null,
    reference text collate "C" not null,    -- by which payments name it
    amount numeric(20, 4) not null check (amount > 0),
    paid numeric(20, 4) not null default 0 check (paid between 0 and amount),
    reversed_at timestamptz check (reversed_at is null or paid = 0)
);
create unique index receivables_taken_over_reference on payments.receivables_taken_over (customer, reference)
    where reversed_at is null;
alter table payments.funds
    drop constraint funds_kind_check,
    add constraint funds_kind_check check (kind in ('payment', 'creditNote', 'takenOver'));

alter table payments.allocations
    alter column invoice drop not null,
    add column taken_over uuid references payments.receivables_taken_over,
    add constraint allocations_purpose check (num_nonnulls(invoice, taken_over) = 1);
create index allocations_taken_over on payments.allocations (taken_over) where taken_over is not null;

-- Balances taken over so far, as far as they were not taken back.
insert into payments.receivables_taken_over (id, customer, legal_entity, currency, reference, amount)
select t.id, t.customer, t.legal_entity, e.currency, t.id::text, e.amount
from ledger.transactions t
join ledger.entries e on e.transaction = t.id and e.account = 'receivables' and e.amount > 0
where t.kind = 'openingBalance' and not exists (select from ledger.transactions r where r.reverses = t.id);

insert into payments.funds (
    id, kind, customer, legal_entity, currency, amount, available, day, reference, recorded_at, recorded_by)
select t.id, 'takenOver', t.customer, t.legal_entity, e.currency, -e.amount, -e.amount, t.day, t.description,
    t.posted_at, 'migration'
from ledger.transactions t
join ledger.entries e on e.transaction = t.id and e.account = 'customerBalance' and e.amount < 0
where t.kind = 'openingBalance' and not exists (select from ledger.transactions r where r.reverses = t.id);

call isolation.by_customer('payments.receivables_taken_over');
grant select on payments.receivables_taken_over to external_services_tenant;

alter table billing.invoices force row level security;
alter table billing.invoice_taxes force row level security;
alter table ledger.transactions force row level security;
alter table ledger.entries force row level security;
alter table payments.funds force row level security;
