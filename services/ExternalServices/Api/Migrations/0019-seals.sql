-- Issued documents are sealed in the order of their numbers: the hash of each goes over its content and the hash before
-- it, so that none can be altered, exchanged or left out afterwards without breaking what follows.
alter table parties.number_series add column first_number bigint not null default 1 check (first_number > 0);

alter table billing.invoices no force row level security;
alter table billing.credit_notes no force row level security;
update parties.number_series series
set first_number = coalesce(
    case document_type
        when 'invoice' then (
            select min(sequence) from billing.invoices i
            where i.legal_entity = series.legal_entity and i.year = series.year)
        else (
            select min(sequence) from billing.credit_notes n
            where n.legal_entity = series.legal_entity and n.year = series.year)
    end,
    next_number);
alter table billing.invoices force row level security;
alter table billing.credit_notes force row level security;

create schema integrity;

-- What has a number.
create view integrity.issued_documents with (security_invoker = true) as
select legal_entity, 'invoice' as document_type, year, sequence, id, number, issue_date, net, tax, gross
from billing.invoices
where state <> 'draft'
union all
select legal_entity, 'creditNote', year, sequence, id, number, issue_date, net, tax, gross
from billing.credit_notes;

-- What a document says, as one hash. How it stands (paid, disputed) is not in it; nor are names, which may be erased.
-- Days and instants are counted, so that no setting of a session changes how they are written.
create function integrity.day_number(day date) returns int language sql immutable parallel safe as $$
    select day - date '2000-01-01'
$$;

create view integrity.invoice_digests with (security_invoker = true) as
select i.legal_entity, 'invoice' as document_type, i.year, i.sequence, i.id, i.number,
    sha256(convert_to(row(
        i.id, i.number, i.legal_entity, i.legal_entity_version, i.customer, i.customer_version, i.contract, i.currency,
        integrity.day_number(i.tax_point), integrity.day_number(i.issue_date), integrity.day_number(i.due_date),
        i.net, i.tax, i.gross, lines.content, taxes.content)::text, 'UTF8')) as digest
from billing.invoices i
left join lateral (
    select string_agg(
        row(
            l.number, l.contract, l.charge, l.service, l.description, integrity.day_number(l.period_from),
            integrity.day_number(l.period_to), integrity.day_number(l.full_from), integrity.day_number(l.full_to),
            l.unit, l.quantity, l.price, l.base_quantity, l.kind, l.cause, l.allowances, l.net, l.tax_category,
            l.tax_rate, l.metered_quantity, l.events, extract(epoch from l.usage_from),
            extract(epoch from l.usage_to))::text,
        ' ' order by l.number) as content
    from billing.invoice_lines l
    where l.invoice = i.id) as lines on true
left join lateral (
    select string_agg(
        row(t.category, t.rate, t.base, t.tax, t.reason_code, t.reason)::text, ' ' order by t.category, t.rate)
        as content
    from billing.invoice_taxes t
    where t.invoice = i.id) as taxes on true
where i.state <> 'draft';

create view integrity.credit_note_digests with (security_invoker = true) as
select n.legal_entity, 'creditNote' as document_type, n.year, n.sequence, n.id, n.number,
    sha256(convert_to(row(
        n.id, n.number, n.invoice, n.legal_entity, n.legal_entity_version, n.customer, n.customer_version, n.currency,
        integrity.day_number(n.issue_date), n.reason, n.net, n.tax, n.gross, n.refunded, n.on_balance, lines.content,
        taxes.content)::text, 'UTF8')) as digest
from billing.credit_notes n
left join lateral (
    select string_agg(row(l.line, l.net)::text, ' ' order by l.line) as content
    from billing.credit_note_lines l
    where l.credit_note = n.id) as lines on true
left join lateral (
    select string_agg(
        row(t.category, t.rate, t.base, t.tax, t.reason_code, t.reason)::text, ' ' order by t.category, t.rate)
        as content
    from billing.credit_note_taxes t
    where t.credit_note = n.id) as taxes on true;

create table integrity.document_seals (
    legal_entity text collate "C" not null,
    document_type text not null,
    year int not null,
    sequence bigint not null,
    document uuid not null unique,
    digest bytea not null check (length(digest) = 32),
    hash bytea not null check (length(hash) = 32),
    sealed_at timestamptz not null,
    primary key (legal_entity, document_type, year, sequence)
);
call isolation.append_only('integrity.document_seals');

-- The first hash of a series has the series itself before it.
create function integrity.seed(legal_entity text, document_type text, year int) returns bytea
language sql immutable as $$
    select sha256(convert_to(legal_entity || '/' || document_type || '/' || year, 'UTF8'))
$$;

create function integrity.link(hash bytea, seed bytea, digest bytea) returns bytea
language sql immutable as $$
    select sha256(coalesce(hash, seed) || digest)
$$;

-- Σ over documents in order: the hash after each.
create aggregate integrity.chain(bytea, bytea) (sfunc = integrity.link, stype = bytea);
