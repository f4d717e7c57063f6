using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;

namespace ExternalServices.Api.Contracts;

/// <summary>What happened to a contract.</summary>
public enum ContractChangeKind
{
    /// <summary>Other terms from a day on, agreed when the contract was signed.</summary>
    Phase,

    /// <summary>The agreed end.</summary>
    End,

    /// <summary>Another plan, price, quantity or commitment.</summary>
    Change,

    /// <summary>No fees and commitments until it is resumed; usage that happens nevertheless is billed.</summary>
    Pause,

    Resume,

    Cancel,

    /// <summary>Goes on after its end.</summary>
    Renewal,
}

/// <summary>A signature on a contract, with everything that holds from its day on.</summary>
internal sealed record ChangeRow
{
    public required string Contract { get; init; }

    public required int Number { get; init; }

    public required ContractChangeKind Kind { get; init; }

    public required DateOnly On { get; init; }

    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    public required string? Agreed { get; init; }

    public required bool IsPaused { get; init; }

    public required bool IsEnded { get; init; }

    public required bool Adjusts { get; init; }

    public required string? Reason { get; init; }

    public required DateTimeOffset SignedAt { get; init; }

    public required string SignedBy { get; init; }

    /// <summary>The signatures on some contracts, in the order in which they were made.</summary>
    public static async Task<ILookup<string, ChangeRow>> Read(Transaction transaction, IEnumerable<string> contracts)
    {
        var rows = await transaction.Query<ChangeRow>(Select, new { Contracts = contracts.ToArray() });
        return rows.ToLookup(row => row.Contract, StringComparer.Ordinal);
    }

    public TermsChange ToDomain(PlanTerms plans)
    {
        var change = new TermsChange { Number = Number, On = On, Adjusts = Adjusts };
        if (IsEnded) return change;
        var (plan, agreed) = (plans[Plan, PlanVersion], AgreedTerms.Parse(Agreed));
        var charges = agreed.ChargesOf(plan);
        return IsPaused
            ? change with { Charges = [.. charges.Where(charge => charge.Model.IsMetered)] }
            : change with { Charges = charges, Commitments = agreed.CommitmentsOf(plan) };
    }

    private const string Select = """
        select contract, number, kind, on_date as on, plan, plan_version, agreed::text as agreed, is_paused, is_ended,
            adjusts, reason, signed_at, signed_by
        from contracts.changes
        where contract = any(@Contracts)
        order by contract, number
        """;
}
