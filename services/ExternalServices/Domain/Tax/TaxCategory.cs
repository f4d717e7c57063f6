using System.Text.Json.Serialization;

namespace ExternalServices.Domain.Tax;

/// <summary>VAT categories by their codes of UNCL 5305, as EN 16931 uses them (BT-118, BT-151).</summary>
public enum TaxCategory
{
    /// <summary>Standard rate; reduced rates too.</summary>
    [JsonStringEnumMemberName("S")]
    S,

    /// <summary>Zero rated.</summary>
    [JsonStringEnumMemberName("Z")]
    Z,

    /// <summary>Exempt; needs a reason.</summary>
    [JsonStringEnumMemberName("E")]
    E,

    /// <summary>Reverse charge: the buyer accounts for the tax; needs a reason.</summary>
    [JsonStringEnumMemberName("AE")]
    AE,

    /// <summary>Intra-community supply of goods; needs a reason.</summary>
    [JsonStringEnumMemberName("K")]
    K,

    /// <summary>Export of goods, free of tax; needs a reason.</summary>
    [JsonStringEnumMemberName("G")]
    G,

    /// <summary>Outside the scope of VAT; needs a reason and carries no rate.</summary>
    [JsonStringEnumMemberName("O")]
    O,
}
