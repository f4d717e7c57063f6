-- What becomes of an invoice after it was issued. The document itself still never changes: only how it stands does.
alter table billing.invoices
    drop constraint invoices_state_check,
    add constraint invoices_state_check check (state in ('draft', 'open', 'paid', 'cancelled', 'uncollectible')),
    add column fees numeric(20, 4) not null default 0,
    add column paid numeric(20, 4) not null default 0,
    add column credited numeric(20, 4) not null default 0,
    add column written_off numeric(20, 4) not null default 0,
    add column disputed_at timestamptz,
    add column dispute_reason text,
    add column dunning_level int not null default 0,
    add constraint invoices_settled check (
        least(fees, paid, credited, written_off) >= 0 and paid + credited <= greatest(gross, 0) + fees),
    add constraint invoices_disputed check ((disputed_at is null) = (dispute_reason is null));

create or replace function billing.keep_finalized() returns trigger language plpgsql as $$
declare
    standing constant text[] := array[
        'state', 'version', 'fees', 'paid', 'credited', 'written_off', 'disputed_at', 'dispute_reason',
        'dunning_level'];
begin
    if old.state <> 'draft' and (
        tg_op = 'DELETE' or new.state = 'draft' or to_jsonb(old) - standing <> to_jsonb(new) - standing) then
        raise exception 'invoice % is final', old.number using errcode = 'restrict_violation';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;

create table billing.credit_notes (
    id uuid primary key,
    invoice uuid not null references billing.invoices,
    customer text collate "C" not null,
    customer_version int not null,      -- of the buyer's details on the document
    legal_entity text collate "C" not null,
    legal_entity_version int not null,
    currency text not null,
    year int not null,
    sequence bigint not null,
    number text collate "C" not null,
    issue_date date not null,
    reason text not null,
    net numeric(20, 4) not null,
    tax numeric(20, 4) not null,
    gross numeric(20, 4) not null,
    refunded numeric(20, 4) not null check (refunded >= 0),
    on_balance numeric(20, 4) not null check (on_balance >= 0),
    created_at timestamptz not null,
    created_by text not null,
    check (gross = net + tax),
    unique (legal_entity, year, sequence)
);
create index credit_notes_invoice on billing.credit_notes (invoice, id);
create index credit_notes_customer on billing.credit_notes (customer, id);

create table billing.credit_note_lines (
    credit_note uuid not null references billing.credit_notes,
    invoice uuid not null,
    line int not null,                  -- of the invoice
    customer text collate "C" not null,
    net numeric(20, 4) not null,
    primary key (credit_note, line),
    foreign key (invoice, line) references billing.invoice_lines (invoice, number)
);
create index credit_note_lines_invoice on billing.credit_note_lines (invoice, line);

create table billing.credit_note_taxes (
    credit_note uuid not null references billing.credit_notes,
    customer text collate "C" not null,
    category text not null,
    rate numeric(6, 3) not null,
    base numeric(20, 4) not null,
    tax numeric(20, 4) not null,
    reason_code text,
    reason text,
    primary key (credit_note, category, rate)
);

call isolation.append_only('billing.credit_notes');
call isolation.append_only('billing.credit_note_lines');
call isolation.append_only('billing.credit_note_taxes');
call isolation.by_customer('billing.credit_notes');
call isolation.by_customer('billing.credit_note_lines');
call isolation.by_customer('billing.credit_note_taxes');
grant select on billing.credit_notes, billing.credit_note_lines, billing.credit_note_taxes
    to external_services_tenant;

-- Money of customers: what came in, what it was used for, what went back.
create schema payments;
grant usage on schema payments to external_services_tenant;

create table payments.funds (
    id uuid primary key,                -- that of the payment or credit note
    kind text not null check (kind in ('payment', 'creditNote')),
    customer text collate "C" not null references parties.customers,
    legal_entity text collate "C" not null references parties.legal_entities,
    currency text not null,
    amount numeric(20, 4) not null check (amount > 0),
    available numeric(20, 4) not null check (available between 0 and amount),
    day date not null,
    reference text not null,
    recorded_at timestamptz not null,
    recorded_by text not null,
    reversed_at timestamptz,
    reversal_reason text,
    check ((reversed_at is null) = (reversal_reason is null))
);
create index funds_customer on payments.funds (customer, id);

create table payments.allocations (
    id uuid primary key,
    fund uuid not null references payments.funds,
    invoice uuid not null references billing.invoices,
    customer text collate "C" not null,
    currency text not null,
    amount numeric(20, 4) not null check (amount > 0),
    made_at timestamptz not null,
    released_at timestamptz             -- when its payment was reversed
);
create index allocations_fund on payments.allocations (fund, id);
create index allocations_invoice on payments.allocations (invoice);

create table payments.refunds (
    id uuid primary key,
    customer text collate "C" not null,
    legal_entity text collate "C" not null,
    currency text not null,
    amount numeric(20, 4) not null check (amount > 0),
    day date not null,
    reference text not null,
    recorded_at timestamptz not null,
    recorded_by text not null
);
create index refunds_customer on payments.refunds (customer, id);

create table payments.refund_parts (
    refund uuid not null references payments.refunds,
    fund uuid not null references payments.funds,
    customer text collate "C" not null,
    amount numeric(20, 4) not null check (amount > 0),
    primary key (refund, fund)
);

call isolation.append_only('payments.refunds');
call isolation.append_only('payments.refund_parts');
call isolation.by_customer('payments.funds');
call isolation.by_customer('payments.allocations');
call isolation.by_customer('payments.refunds');
call isolation.by_customer('payments.refund_parts');
grant select on payments.funds, payments.allocations, payments.refunds, payments.refund_parts
    to external_services_tenant;

-- What is booked at the same instant is shown in the order in which it was booked.
alter table ledger.transactions add column position bigint generated always as identity;
