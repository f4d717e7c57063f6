using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ServiceMesh.Hosting.Audit;

/// <summary>Reckons every hash again and names what does not fit.</summary>
public static partial class VerifyAudit
{
    public const int MaxFaults = 100;

    public sealed record Verification
    {
        /// <summary>Whether everything that was sealed stands as it was.</summary>
        public required bool Intact { get; init; }

        /// <summary>How many entries the seals hold.</summary>
        public required long SealedEntries { get; init; }

        /// <summary>How many entries the next seal will take.</summary>
        public required long Waiting { get; init; }

        public required long Seals { get; init; }

        /// <summary>
        /// The hash of the latest seal. Noted elsewhere and given as <c>knownSeal</c> later, it shows whether the end
        /// of the chain was cut off or all of it was written anew.
        /// </summary>
        public required string? LatestSeal { get; init; }

        /// <summary>At most 100.</summary>
        public required IReadOnlyList<Fault> Faults { get; init; }
    }

    public sealed record Fault
    {
        public required FaultKind Kind { get; init; }

        /// <summary>The entry; none for a seal.</summary>
        public required long? Entry { get; init; }

        /// <summary>The number of the seal; none for an entry that no seal holds.</summary>
        public required long? Seal { get; init; }
    }

    public enum FaultKind
    {
        /// <summary>The entry is not what was sealed.</summary>
        Altered,

        /// <summary>The entry was sealed, or waited for it, and is gone.</summary>
        Missing,

        /// <summary>The entry was not written by a change: it is neither sealed nor waits for it.</summary>
        Inserted,

        /// <summary>The seal does not fit its content or the seal before it.</summary>
        Broken,

        /// <summary>No seal has the hash that is known.</summary>
        CutOff,
    }

    internal static async Task<IResult> Handle(
        string? knownSeal, Database database, CancellationToken cancellationToken)
    {
        if (knownSeal is not null && !Sha256().IsMatch(knownSeal))
        {
            throw new BadHttpRequestException("knownSeal is a SHA-256 in hexadecimal.");
        }

        return Answer.Ok(await database.Read(
            Tenant.Provider, transaction => Verify(transaction, knownSeal), cancellationToken));
    }

    private static async Task<Verification> Verify(Transaction transaction, string? knownSeal)
    {
        var totals = await transaction.Single<Totals>(SelectTotals);
        List<Fault> faults =
        [
            .. await transaction.Query<Fault>(SelectBrokenSeals, new { MaxFaults }),
            .. await transaction.Query<Fault>(SelectWrongEntries, new { MaxFaults }),
        ];
        if (knownSeal is not null && !await transaction.Scalar<bool>(SealExists, new { Hash = knownSeal }))
        {
            faults.Insert(0, new Fault { Kind = FaultKind.CutOff, Entry = null, Seal = null });
        }

        return new Verification
        {
            Intact = faults.Count == 0,
            SealedEntries = totals.Entries,
            Waiting = totals.Waiting,
            Seals = totals.Seals,
            LatestSeal = totals.LatestSeal,
            Faults = [.. faults.Take(MaxFaults)],
        };
    }

    private sealed record Totals
    {
        public required long Entries { get; init; }

        public required long Waiting { get; init; }

        public required long Seals { get; init; }

        public string? LatestSeal { get; init; }
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    private const string SelectTotals = """
        select coalesce(sum(cardinality(entry_ids)), 0)::bigint as entries, count(*) as seals,
            (select count(*) from audit.unsealed) as waiting,
            (select encode(hash, 'hex') from audit.seals order by block desc limit 1) as latest_seal
        from audit.seals
        """;

    private const string SealExists =
        "select exists (select from audit.seals where hash = decode(@Hash, 'hex'))";

    private const string SelectBrokenSeals = """
        select 'broken' as kind, null::bigint as entry, block as seal
        from (
            select seal.block, seal.hash = audit.hash_of(seal) as holds,
                seal.previous = coalesce(lag(seal.hash) over chain, ''::bytea) as follows,
                seal.block = coalesce(lag(seal.block) over chain, 0) + 1 as is_next
            from audit.seals seal
            window chain as (order by seal.block)) as checked
        where not (holds and follows and is_next)
        order by block
        limit @MaxFaults
        """;

    private const string SelectWrongEntries = """
        with sealed as materialized (
            select seal.block, entry.id, entry.hash
            from audit.seals seal, unnest(seal.entry_ids, seal.entry_hashes) as entry (id, hash)
            union all
            select null, entry_id, null from audit.unsealed)
        select case when entry.id is null then 'missing' when sealed.id is null then 'inserted' else 'altered' end
                as kind,
            coalesce(entry.id, sealed.id) as entry, sealed.block as seal
        from sealed
        full join audit.entries entry on entry.id = sealed.id
        where entry.id is null or sealed.id is null or audit.hash_of(entry) <> sealed.hash
        order by 2
        limit @MaxFaults
        """;
}
