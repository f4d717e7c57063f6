namespace ExternalServices.Domain.Pricing;

/// <summary>What a meter says for one charge and one billing period.</summary>
/// <param name="Quantity">Aggregated as the meter says, in the charge's unit, not negative.</param>
public sealed record MeteredUsage(decimal Quantity)
{
    /// <summary>Nothing was used.</summary>
    public static MeteredUsage None { get; } = new(0m);
}
