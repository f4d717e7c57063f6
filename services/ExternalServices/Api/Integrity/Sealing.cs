using ServiceMesh.Data;

namespace ExternalServices.Api.Integrity;

/// <summary>Chains the documents that were issued since: each series in the order of its numbers.</summary>
internal static class Sealing
{
    /// <summary>Of each series, in one transaction.</summary>
    private const int MaxDocuments = 5000;

    /// <summary>Any number of its own: of several replicas one seals.</summary>
    private const long Lock = 7_164_019;

    /// <returns>False when there is nothing to seal, or somebody else does it.</returns>
    public static async Task<bool> Next(Transaction transaction) =>
        await transaction.Scalar<bool>(TryLock, new { Lock })
        && await transaction.Execute(Seal, new { MaxDocuments, transaction.Now }) > 0;

    private const string TryLock = "select pg_try_advisory_xact_lock(@Lock)";

    private const string Seal = """
        with head as (
            select series.legal_entity, series.document_type, series.year, last.hash,
                coalesce(last.sequence, 0) as sequence
            from parties.number_series series
            left join lateral (
                select seal.sequence, seal.hash
                from integrity.document_seals seal
                where seal.legal_entity = series.legal_entity and seal.document_type = series.document_type
                    and seal.year = series.year
                order by seal.sequence desc
                limit 1) as last on true
            where series.next_number - 1 > coalesce(last.sequence, 0)
        ), fresh as (
            select head.legal_entity, head.document_type, head.year, head.hash, due.sequence, due.id
            from head
            cross join lateral (
                select i.sequence, i.id
                from billing.invoices i
                where head.document_type = 'invoice' and i.legal_entity = head.legal_entity and i.year = head.year
                    and i.sequence > head.sequence
                union all
                select n.sequence, n.id
                from billing.credit_notes n
                where head.document_type = 'creditNote' and n.legal_entity = head.legal_entity and n.year = head.year
                    and n.sequence > head.sequence
                order by sequence
                limit @MaxDocuments) as due
        ), digested as (
            select fresh.legal_entity, fresh.document_type, fresh.year, fresh.hash, fresh.sequence, fresh.id,
                digests.digest
            from fresh
            join integrity.invoice_digests digests on digests.id = fresh.id
            where fresh.document_type = 'invoice'
            union all
            select fresh.legal_entity, fresh.document_type, fresh.year, fresh.hash, fresh.sequence, fresh.id,
                digests.digest
            from fresh
            join integrity.credit_note_digests digests on digests.id = fresh.id
            where fresh.document_type = 'creditNote'
        )
        insert into integrity.document_seals (
            legal_entity, document_type, year, sequence, document, digest, hash, sealed_at)
        select legal_entity, document_type, year, sequence, id, digest,
            integrity.chain(coalesce(hash, integrity.seed(legal_entity, document_type, year)), digest) over (
                partition by legal_entity, document_type, year order by sequence),
            @Now
        from digested
        """;
}
