namespace ExternalServices.Api.Integrity;

/// <summary>Checks of issued documents. Every row has the counts; each of the first that were found is one.</summary>
internal static class DocumentChecks
{
    public const string NumberGaps = """
        with numbered as (
            select document.legal_entity, document.document_type, document.year, document.sequence, document.number,
                document.issue_date,
                coalesce(lag(document.sequence) over series, own.first_number - 1) as before,
                lag(document.issue_date) over series as day_before
            from integrity.issued_documents document
            left join parties.number_series own
                on own.legal_entity = document.legal_entity and own.document_type = document.document_type
                and own.year = document.year
            where @LegalEntity is null or document.legal_entity = @LegalEntity
            window series as (
                partition by document.legal_entity, document.document_type, document.year order by document.sequence)
        ), found as (
            select number as subject, format('%s numbers before it are missing', sequence - before - 1) as detail
            from numbered
            where sequence <> before + 1
            union all
            select number, format('dated %s, its predecessor %s', issue_date, day_before)
            from numbered
            where issue_date < day_before
            union all
            select format('%s%s', series.prefix, series.next_number - 1), 'the last numbers are missing'
            from parties.number_series series
            where (@LegalEntity is null or series.legal_entity = @LegalEntity)
                and series.next_number - 1 <> coalesce((
                    select max(numbered.sequence)
                    from numbered
                    where numbered.legal_entity = series.legal_entity
                        and numbered.document_type = series.document_type and numbered.year = series.year),
                    series.first_number - 1)
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from numbered) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    public const string HashChain = """
        with sealed as (
            select seal.legal_entity, seal.document_type, seal.year, seal.sequence, seal.document, seal.digest,
                seal.hash,
                integrity.link(lag(seal.hash) over series,
                    integrity.seed(seal.legal_entity, seal.document_type, seal.year), seal.digest) as due_hash,
                lag(seal.sequence) over series as before
            from integrity.document_seals seal
            where @LegalEntity is null or seal.legal_entity = @LegalEntity
            window series as (
                partition by seal.legal_entity, seal.document_type, seal.year order by seal.sequence)
        ), last as (
            select legal_entity, document_type, year, max(sequence) as sequence
            from sealed
            group by legal_entity, document_type, year
        ), digests as (
            select legal_entity, document_type, year, sequence, id, number, digest
            from integrity.invoice_digests
            where @LegalEntity is null or legal_entity = @LegalEntity
            union all
            select legal_entity, document_type, year, sequence, id, number, digest
            from integrity.credit_note_digests
            where @LegalEntity is null or legal_entity = @LegalEntity
        ), found as (
            select coalesce(digests.number, format(
                    '%s %s %s %s', sealed.legal_entity, sealed.document_type, sealed.year, sealed.sequence)) as subject,
                case
                    when digests.id is null then 'the document is missing'
                    when (digests.legal_entity, digests.document_type, digests.year, digests.sequence)
                        <> (sealed.legal_entity, sealed.document_type, sealed.year, sealed.sequence)
                        then 'the document is in another place'
                    when digests.digest <> sealed.digest then 'the document was altered'
                    when sealed.hash <> sealed.due_hash then 'the seal was altered'
                    else 'a seal before it is missing'
                end as detail
            from sealed
            left join digests on digests.id = sealed.document and digests.document_type = sealed.document_type
            where digests.id is null
                or (digests.legal_entity, digests.document_type, digests.year, digests.sequence)
                    <> (sealed.legal_entity, sealed.document_type, sealed.year, sealed.sequence)
                or digests.digest <> sealed.digest
                or sealed.hash <> sealed.due_hash
                or sealed.sequence <> sealed.before + 1
            union all
            select digests.number, 'the document has no seal'
            from digests
            join last using (legal_entity, document_type, year)
            where digests.sequence <= last.sequence
                and not exists (select from sealed where sealed.document = digests.id)
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from sealed) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;

    public const string Totals = """
        with summed as (
            select document.number, document.net, document.tax, document.gross, lines.net as lines,
                taxes.tax as taxes, taxes.base
            from integrity.issued_documents document
            left join lateral (
                select coalesce(sum(part.net), 0) as net
                from (
                    select l.net from billing.invoice_lines l where l.invoice = document.id
                    union all
                    select l.net from billing.credit_note_lines l where l.credit_note = document.id) as part
            ) as lines on true
            left join lateral (
                select coalesce(sum(part.tax), 0) as tax, coalesce(sum(part.base), 0) as base
                from (
                    select t.tax, t.base from billing.invoice_taxes t where t.invoice = document.id
                    union all
                    select t.tax, t.base from billing.credit_note_taxes t where t.credit_note = document.id) as part
            ) as taxes on true
            where @LegalEntity is null or document.legal_entity = @LegalEntity
        ), found as (
            select number as subject,
                format(
                    'net %s, lines %s, taxed %s; tax %s, groups %s; gross %s', net, lines, base, tax, taxes, gross)
                    as detail
            from summed
            where net <> lines or net <> base or tax <> taxes or gross <> net + tax
        )
        select counts.examined, counts.offenders, listed.subject, listed.detail
        from (select (select count(*) from summed) as examined, (select count(*) from found) as offenders) as counts
        left join (select subject, detail from found order by subject limit @MaxFound) as listed on true
        """;
}
