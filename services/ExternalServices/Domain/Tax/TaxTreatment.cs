namespace ExternalServices.Domain.Tax;

/// <summary>How a supply is taxed.</summary>
/// <param name="Category">Category of EN 16931.</param>
/// <param name="Rate">In percent; 0 in every category but the standard one.</param>
/// <param name="ReasonCode">Code of the VATEX list, where the category needs a reason and the list has one.</param>
/// <param name="Reason">Why no tax is charged, in English; null where tax is charged or the rate is zero.</param>
public sealed record TaxTreatment(
    TaxCategory Category, decimal Rate, string? ReasonCode = null, string? Reason = null);

/// <summary>A rate of a country with the days for which it is in force.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Category">The category that it is the rate of.</param>
/// <param name="Rate">In percent.</param>
/// <param name="From">First day in force.</param>
/// <param name="To">First day no longer in force; null while it is.</param>
/// <param name="Class">What is taxed at it.</param>
/// <param name="Reason">Why it is exempt, as it is printed on invoices; null for what is not.</param>
/// <param name="ReasonCode">Code of the VATEX list, where it has one.</param>
public sealed record TaxRate(
    string Country,
    TaxCategory Category,
    decimal Rate,
    DateOnly From,
    DateOnly? To = null,
    TaxClass Class = TaxClass.Standard,
    string? Reason = null,
    string? ReasonCode = null)
{
    /// <summary>Whether it is in force on the day.</summary>
    public bool IsInForce(DateOnly day) => From <= day && (To is null || day < To);
}

/// <summary>A customer's exemption from domestic tax, as a certificate or a law grants it.</summary>
/// <param name="Category"><see cref="TaxCategory.E"/> or <see cref="TaxCategory.Z"/>.</param>
/// <param name="Reason">As it is printed on invoices.</param>
/// <param name="From">First day on which it holds.</param>
/// <param name="To">First day on which it no longer holds; null while it does.</param>
/// <param name="ReasonCode">Code of the VATEX list, where it has one.</param>
public sealed record TaxExemption(
    TaxCategory Category, string Reason, DateOnly From, DateOnly? To = null, string? ReasonCode = null)
{
    /// <summary>Whether it holds on the day.</summary>
    public bool Holds(DateOnly day) => From <= day && (To is null || day < To);
}
