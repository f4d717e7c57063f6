-- The books in double entry. What is written stays; what was wrong is reversed by mirrored entries.
create schema ledger;
grant usage on schema ledger to external_services_tenant;

create table ledger.transactions (
    id uuid primary key,                -- that of the invoice, payment or other fact: nothing is booked twice
    legal_entity text collate "C" not null,
    customer text collate "C",
    kind text not null,
    day date not null,
    description text not null,
    reverses uuid unique references ledger.transactions,
    posted_at timestamptz not null
);
create index transactions_day on ledger.transactions (legal_entity, day, id);

create table ledger.entries (
    transaction uuid not null,
    number int not null check (number > 0),
    legal_entity text collate "C" not null,
    day date not null,
    account text not null,
    customer text collate "C",
    currency text not null,
    amount numeric(20, 4) not null check (amount <> 0),     -- debits are positive
    detail text,                        -- the service of a revenue, the category and rate of a tax
    primary key (transaction, number)
);
create index entries_customer on ledger.entries (customer, day) where account in ('receivables', 'customerBalance');

call isolation.append_only('ledger.transactions');
call isolation.append_only('ledger.entries');

-- All entries of a transaction come in one statement, which leaves every transaction at zero in every currency.
create function ledger.keep_balance() returns trigger language plpgsql as $$
begin
    if exists (
        select from added group by added.transaction, added.currency having sum(added.amount) <> 0) then
        raise exception 'the entries of a transaction do not sum to zero' using errcode = 'check_violation';
    end if;
    if exists (
        select from added
        left join ledger.transactions t
            on t.id = added.transaction and t.legal_entity = added.legal_entity and t.day = added.day
        where t.id is null) then
        raise exception 'an entry has no transaction of its legal entity and day'
            using errcode = 'foreign_key_violation';
    end if;
    if exists (
        select from added group by added.transaction having min(added.number) <> 1) then
        raise exception 'a transaction got entries afterwards' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;

create trigger keep_balance after insert on ledger.entries
    referencing new table as added for each statement execute function ledger.keep_balance();

call isolation.by_customer('ledger.transactions');
call isolation.by_customer('ledger.entries');
grant select on ledger.transactions, ledger.entries to external_services_tenant;

-- What the accounts are called in the accounting system that the books go to.
create table ledger.account_mappings (
    legal_entity text collate "C" not null references parties.legal_entities,
    account text not null,
    erp_account text not null,
    version int not null,
    primary key (legal_entity, account)
);

-- Invoices that were issued before there were books.
insert into ledger.transactions (id, legal_entity, customer, kind, day, description, posted_at)
select id, legal_entity, customer, 'issue', issue_date, 'Invoice ' || number, finalized_at
from billing.invoices
where state <> 'draft' and (net <> 0 or tax <> 0);

insert into ledger.entries (transaction, number, legal_entity, day, account, customer, currency, amount, detail)
select invoice, row_number() over (partition by invoice order by place), legal_entity, issue_date, account, customer,
    currency, amount, detail
from (
    select id as invoice, 1 as place, legal_entity, issue_date, 'receivables' as account, customer, currency,
        gross as amount, null as detail
    from billing.invoices where state <> 'draft'
    union all
    select id, 2, legal_entity, issue_date, 'deferredRevenue', customer, currency, -net, null
    from billing.invoices where state <> 'draft'
    union all
    select i.id, 3, i.legal_entity, i.issue_date, 'tax', i.customer, i.currency, -t.tax,
        t.category || ' ' || trim_scale(t.rate)
    from billing.invoices i
    join billing.invoice_taxes t on t.invoice = i.id
    where i.state <> 'draft'
) as booked
where amount <> 0;
