namespace ExternalServices.Domain.Tax;

/// <summary>VAT categories by their codes of UNCL 5305, as EN 16931 uses them (BT-118, BT-151).</summary>
public enum TaxCategory
{
    /// <summary>Standard rate; reduced rates too.</summary>
    S,

    /// <summary>Zero rated.</summary>
    Z,

    /// <summary>Exempt; needs a reason.</summary>
    E,

    /// <summary>Reverse charge: the buyer accounts for the tax; needs a reason.</summary>
    AE,

    /// <summary>Intra-community supply of goods; needs a reason.</summary>
    K,

    /// <summary>Export of goods, free of tax; needs a reason.</summary>
    G,

    /// <summary>Outside the scope of VAT; needs a reason and carries no rate.</summary>
    O,
}
