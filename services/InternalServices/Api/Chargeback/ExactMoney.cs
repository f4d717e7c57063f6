using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback;

/// <summary>Money before it is rounded, with as many decimals as it has.</summary>
public sealed record ExactMoney
{
    public required decimal Amount { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>Without the zeros that the column pads it with.</summary>
    internal static ExactMoney Of(decimal stored, Currency currency) =>
        new() { Amount = Exact.Trimmed(stored), Currency = currency };
}
