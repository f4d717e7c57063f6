namespace ExternalServices.Api.Integrity;

/// <summary>Checks of the books and of what is paid, in the form of <see cref="DocumentChecks"/>.</summary>
internal static class BookChecks
{
    public const string LedgerSums = """
        with summed as (
            select transaction, legal_entity, day, bool_or(amount <> 0) as is_off,
                string_agg(format('%s %s', amount, currency), ', ' order by currency) as sums
            from (
                select transaction, legal_entity, day, currency, sum(amount) as amount
                from ledger.entries
                where @LegalEntity is null or legal_entity = @LegalEntity
                group by transaction, legal_entity, day, currency) as balance
            group by transaction, legal_entity, day
        ), booked as (
            select id, legal_entity, day
            from ledger.transactions
            where @LegalEntity is null or legal_entity = @LegalEntity
        ), found as (
            select coalesce(booked.id, summed.transaction)::text as subject,
                case
                    when booked.id is null then 'entries without a transaction of their legal entity and day'
                    when summed.transaction is null then 'a transaction without entries'
                    else format('the entries sum to %s', summed.sums)
                end as detail
            from booked
            full join summed
                on summed.transaction = booked.id and summed.legal_entity = booked.legal_entity
                and summed.day = booked.day
            where booked.id is null or summed.transaction is null or summed.is_off
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from booked) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    public const string DocumentsBooked = """
        with booked as (
            select document.number, document.document_type, document.net, document.tax,
                coalesce(-sum(entry.amount) filter (where entry.account = 'deferredRevenue'), 0)
                    * case document.document_type when 'invoice' then 1 else -1 end as booked_net,
                coalesce(-sum(entry.amount) filter (where entry.account = 'tax'), 0)
                    * case document.document_type when 'invoice' then 1 else -1 end as booked_tax
            from integrity.issued_documents document
            left join ledger.entries entry on entry.transaction = document.id
            where @LegalEntity is null or document.legal_entity = @LegalEntity
            group by document.id, document.number, document.document_type, document.net, document.tax
        ), found as (
            select number as subject,
                format('net %s and tax %s, booked are %s and %s', net, tax, booked_net, booked_tax) as detail
            from booked
            where net <> booked_net or tax <> booked_tax
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from booked) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    public const string Settlements = """
        with standing as (
            select i.number as subject, i.paid as stored, coalesce(used.amount, 0) as due, 'paid' as what
            from billing.invoices i
            left join lateral (
                select sum(a.amount) as amount
                from payments.allocations a
                where a.invoice = i.id and a.released_at is null) as used on true
            where i.state <> 'draft' and (@LegalEntity is null or i.legal_entity = @LegalEntity)
            union all
            select i.number, i.credited, coalesce(notes.gross, 0) - coalesce(notes.excess, 0), 'credited'
            from billing.invoices i
            left join lateral (
                select sum(n.gross) as gross, sum(excess.amount) as excess
                from billing.credit_notes n
                left join payments.funds excess on excess.id = n.id
                where n.invoice = i.id) as notes on true
            where i.state <> 'draft' and (@LegalEntity is null or i.legal_entity = @LegalEntity)
            union all
            select t.reference, t.paid, coalesce(used.amount, 0), 'paid'
            from payments.receivables_taken_over t
            left join lateral (
                select sum(a.amount) as amount
                from payments.allocations a
                where a.taken_over = t.id and a.released_at is null) as used on true
            where @LegalEntity is null or t.legal_entity = @LegalEntity
            union all
            select f.id::text, f.available,
                case when f.reversed_at is null
                    then f.amount - coalesce(used.amount, 0) - coalesce(refunded.amount, 0) else 0 end,
                'available'
            from payments.funds f
            left join lateral (
                select sum(a.amount) as amount
                from payments.allocations a
                where a.fund = f.id and a.released_at is null) as used on true
            left join lateral (
                select sum(part.amount) as amount
                from payments.refund_parts part
                where part.fund = f.id) as refunded on true
            where @LegalEntity is null or f.legal_entity = @LegalEntity
        ), found as (
            select subject, format('%s is %s, and should be %s', what, stored, due) as detail
            from standing
            where stored <> due
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from standing) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    public const string RevenueBooked = """
        with recognised as (
            select transaction, currency, sum(amount) as amount
            from revenue.recognitions
            where @LegalEntity is null or legal_entity = @LegalEntity
            group by transaction, currency
        ), booked as (
            select entry.transaction, entry.currency, -sum(entry.amount) as amount
            from ledger.entries entry
            join ledger.transactions t on t.id = entry.transaction and t.kind = 'recognition'
            where entry.account = 'revenue' and (@LegalEntity is null or entry.legal_entity = @LegalEntity)
            group by entry.transaction, entry.currency
        ), compared as (
            select transaction, currency, coalesce(recognised.amount, 0) as recognised,
                coalesce(booked.amount, 0) as booked
            from recognised
            full join booked using (transaction, currency)
        ), found as (
            select transaction::text as subject,
                format('lines recognise %s %s, booked is %s', recognised, currency, booked) as detail
            from compared
            where recognised <> booked
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from compared) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;
}
