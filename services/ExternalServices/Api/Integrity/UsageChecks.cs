namespace ExternalServices.Api.Integrity;

/// <summary>Checks of usage against the lines that bill it, in the form of <see cref="DocumentChecks"/>.</summary>
internal static class UsageChecks
{
    public const string BilledTwice = """
        with metered as (
            select invoice.number, line.number as line, line.customer, line.service, line.usage_from,
                max(line.usage_to) over (
                    partition by line.customer, line.service order by line.usage_from, line.usage_to, line.invoice
                    rows between unbounded preceding and 1 preceding) as billed_to
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice
            where line.usage_from is not null and line.kind = 'charge' and line.released_at is null
                and (@LegalEntity is null or invoice.legal_entity = @LegalEntity)
        ), found as (
            select format('%s line %s', coalesce(number, 'draft'), line) as subject,
                format('another line bills %s of %s to %s, too', service, customer, billed_to) as detail
            from metered
            where usage_from < billed_to
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from metered) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    /// <summary>
    /// Events that came after the span was billed, and that no later line of it has taken up. Contracts that only
    /// record them want it so.
    /// </summary>
    public const string NeverBilled = """
        with missed as (
            select invoice.number, line.number as line, count(event.id) as events
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice
            join contracts.contracts contract on contract.code = line.contract
            left join usage.events event
                on event.customer = line.customer and event.service = line.service and event.at >= line.usage_from
                and event.at < line.usage_to and event.batch > invoice.watermark
                and contract.late_usage <> 'recordOnly'
                and not exists (
                    select from usage.voids void
                    where void.customer = event.customer and void.source = event.source and void.id = event.id)
                and not exists (
                    select from billing.invoice_lines later
                    join billing.invoices with_it on with_it.id = later.invoice
                    where later.customer = event.customer and later.service = event.service
                        and later.usage_from <= event.at and later.usage_to > event.at
                        and later.released_at is null and with_it.watermark >= event.batch)
            where line.usage_from is not null and line.kind = 'charge' and line.released_at is null
                and (@LegalEntity is null or invoice.legal_entity = @LegalEntity)
            group by invoice.number, line.invoice, line.number
        ), found as (
            select format('%s line %s', coalesce(number, 'draft'), line) as subject,
                format('%s events came after it and are billed nowhere', events) as detail
            from missed
            where events > 0
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from missed) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    public const string OfLines = """
        with metered as (
            select invoice.number, line.number as line, line.events,
                count(event.id) filter (
                    where not exists (
                        select from usage.voids void
                        where void.customer = event.customer and void.source = event.source and void.id = event.id
                            and void.batch <= invoice.watermark)) as recorded
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice
            left join usage.events event
                on event.customer = line.customer and event.service = line.service and event.at >= line.usage_from
                and event.at < line.usage_to and event.batch <= invoice.watermark
            where line.usage_from is not null and line.kind = 'charge'
                and (@LegalEntity is null or invoice.legal_entity = @LegalEntity)
            group by invoice.number, line.invoice, line.number
        ), found as (
            select format('%s line %s', coalesce(number, 'draft'), line) as subject,
                format('bills %s events, recorded were %s', events, recorded) as detail
            from metered
            where events <> recorded
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from metered) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;
}
