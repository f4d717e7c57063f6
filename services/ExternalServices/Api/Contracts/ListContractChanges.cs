using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Everything that was signed on a contract since it began.</summary>
public static class ListContractChanges
{
    public static async Task<IResult> Handle(
        string code, Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(caller.Tenant, transaction => Read(transaction, code, paging), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<Page<ContractChange>>> Read(Transaction transaction, string code, Paging paging)
    {
        if (await SignedContract.Read(transaction, code) is not { } contract) return Refusal.NotFound("contract", code);
        var changes = contract.Changes
            .Select(ContractChange.Of)
            .Where(change => string.CompareOrdinal($"{change.Number:D9}", paging.After) > 0)
            .Take(paging.Fetch);
        return paging.Page<ContractChange>([.. changes], change => $"{change.Number:D9}");
    }
}

/// <summary>A signature: what holds from its day on, unless a later one replaces it.</summary>
public sealed record ContractChange
{
    /// <summary>The order of signing, from 1.</summary>
    public required int Number { get; init; }

    public required ContractChangeKind Kind { get; init; }

    /// <summary>First day of the terms, in the customer's zone.</summary>
    public required DateOnly On { get; init; }

    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    public required IReadOnlyList<AgreedCharge> Overrides { get; init; }

    /// <summary>Null for what the plan says.</summary>
    public required IReadOnlyList<Commitment>? Commitments { get; init; }

    /// <summary>Whether fees were billed beyond the day, so that they are credited and charged by days.</summary>
    public required bool Adjusts { get; init; }

    public required string? Reason { get; init; }

    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>Subject of the token.</summary>
    public required string SignedBy { get; init; }

    internal static ContractChange Of(ChangeRow row)
    {
        var agreed = AgreedTerms.Parse(row.Agreed);
        return new ContractChange
        {
            Number = row.Number,
            Kind = row.Kind,
            On = row.On,
            Plan = row.Plan,
            PlanVersion = row.PlanVersion,
            Overrides = agreed.Overrides,
            Commitments = agreed.Commitments,
            Adjusts = row.Adjusts,
            Reason = row.Reason,
            SignedAt = row.SignedAt,
            SignedBy = row.SignedBy,
        };
    }
}
