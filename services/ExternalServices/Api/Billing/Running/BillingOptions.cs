namespace ExternalServices.Api.Billing.Running;

/// <summary>What an operator may tune, from the section <c>Billing</c>.</summary>
public sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>
    /// Contracts billed in one transaction: more are faster, and hold their locks and the number series longer.
    /// </summary>
    public int ChunkSize { get; set; } = 1000;
}
