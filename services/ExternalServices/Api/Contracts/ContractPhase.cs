using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Other terms from a day on, agreed when the contract is signed; what is left out stays as before.</summary>
public sealed record ContractPhase
{
    /// <summary>First day of the phase, in the customer's zone.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Code of a plan whose billing periods are as long.</summary>
    public string? Plan { get; init; }

    /// <summary>A published version of the plan.</summary>
    public int? PlanVersion { get; init; }

    /// <summary>What is agreed differently from the plan, in place of all that was.</summary>
    public IReadOnlyList<AgreedCharge>? Overrides { get; init; }

    /// <summary>What is billed at least, in place of all that was.</summary>
    public IReadOnlyList<Commitment>? Commitments { get; init; }
}

/// <summary>The phases of a new contract as signatures of their own.</summary>
internal static class ContractPhases
{
    private const int MaxPhases = 50;

    public static void Check(Fields fields, SignContract.Request body)
    {
        fields.Count("/phases", body.Phases.Count, MaxPhases, min: 0);
        var before = body.Start;
        foreach (var (i, phase) in body.Phases.Index())
        {
            fields.Check(
                $"/phases/{i}/from",
                phase.From > before && !(phase.From >= body.End),
                "phases-not-ascending",
                "A phase begins after the one before it, and before the contract ends.");
            before = phase.From;
        }
    }

    /// <returns>The phases, then the end that was agreed; nothing where there is only one phase.</returns>
    public static async Task<Outcome<IReadOnlyList<NewTerms>>> Of(
        Transaction transaction, SignedContract contract, SignContract.Request body)
    {
        var rows = new List<NewTerms>();
        var terms = contract.On(contract.Start);
        foreach (var (i, phase) in body.Phases.Index())
        {
            var agreed = AgreedTerms.Parse(terms.Agreed);
            agreed = new AgreedTerms
            {
                Overrides = phase.Overrides ?? agreed.Overrides,
                Commitments = phase.Commitments ?? agreed.Commitments,
            };
            var (plan, version) = (phase.Plan ?? terms.Plan, phase.PlanVersion ?? terms.PlanVersion);
            if (await OfferedTerms.Check(transaction, contract, (plan, version), agreed) is { } refusal)
            {
                return refusal.Below($"/phases/{i}");
            }

            terms = new TermsInForce(plan, version, agreed.Stored(), IsPaused: false, IsEnded: false);
            rows.Add(new NewTerms(ContractChangeKind.Phase, phase.From, terms));
        }

        if (rows.Count > 0 && body.End is { } end)
        {
            rows.Add(new NewTerms(ContractChangeKind.End, end, terms with { IsEnded = true }));
        }

        return rows;
    }

    /// <summary>The refusal of a part, told of the whole.</summary>
    private static Refusal Below(this Refusal refusal, string pointer) => refusal with
    {
        Pointer = refusal.Pointer is null ? null : pointer + refusal.Pointer,
        Fields = refusal.Fields is null
            ? null
            : [.. refusal.Fields.Select(field => field with { Pointer = pointer + field.Pointer })],
    };
}
