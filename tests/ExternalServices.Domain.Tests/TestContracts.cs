using System.Globalization;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;

namespace ExternalServices.Domain.Tests;

/// <summary>Contracts as the first month has them: a flat fee and metered storage.</summary>
internal static class TestContracts
{
    public static readonly Currency Euro = Currency.Of("EUR");

    public static readonly ContractCharge Support = new()
    {
        Code = "support-fee",
        Service = "support",
        Description = "Support desk",
        Unit = "month",
        Model = new FlatCharge(310m),
    };

    public static readonly ContractCharge Storage = new()
    {
        Code = "storage-use",
        Service = "storage",
        Description = "Storage",
        Unit = "GB-month",
        Model = new PerUnitCharge(0.023m),
    };

    /// <summary>A decimal, which an attribute cannot hold.</summary>
    public static decimal Number(string number) => decimal.Parse(number, CultureInfo.InvariantCulture);

    public static ContractTerms Contract(
        string start, string? end = null, string zone = "Europe/Madrid", params ContractCharge[] charges) =>
        new()
        {
            Contract = "C-1",
            Currency = Euro,
            Zone = Zone(zone),
            Cycle = BillingCycle.From(Day(start), end is null ? null : Day(end)),
            Charges = charges.Length == 0 ? [Support, Storage] : charges,
        };
}
