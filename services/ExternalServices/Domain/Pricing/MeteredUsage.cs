namespace ExternalServices.Domain.Pricing;

/// <summary>What a meter says for one charge and one billing period.</summary>
/// <param name="Quantity">Aggregated as the meter says, in the charge's unit, not negative.</param>
public sealed record MeteredUsage(decimal Quantity)
{
    /// <summary>How many usage events that was.</summary>
    public long Events { get; init; }

    /// <summary>Transactions that carry a fixed fee; free ones are not among them.</summary>
    public int PaidTransactions { get; init; }

    /// <summary>
    /// Every transaction by itself, summing to the quantity: needed where a percentage is bounded per transaction.
    /// </summary>
    public IReadOnlyList<decimal> Transactions { get; init; } = [];

    /// <summary>Nothing was used.</summary>
    public static MeteredUsage None { get; } = new(0m);
}
