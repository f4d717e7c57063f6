using System.Collections.Frozen;

namespace ExternalServices.Domain.Tax;

/// <summary>The member states of the European Union and the VAT identification numbers that they give.</summary>
public static class VatArea
{
    private const int ShortestVatId = 4;
    private const int LongestVatId = 14;

    private static readonly FrozenSet<string> MemberStates =
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ];

    /// <param name="country">ISO 3166-1 alpha-2.</param>
    public static bool IsMemberState(string country) => MemberStates.Contains(country);

    /// <summary>
    /// Whether the number has the form of one that the member state gives: its prefix (<c>EL</c> for Greece) and 2 to
    /// 12 letters, digits, <c>+</c> or <c>*</c>. Whether it was really given, only the state itself knows.
    /// </summary>
    public static bool IsVatIdOf(string country, string vatId)
    {
        ArgumentNullException.ThrowIfNull(vatId);
        var prefix = country == "GR" ? "EL" : country;
        return IsMemberState(country)
            && vatId.Length is >= ShortestVatId and <= LongestVatId
            && vatId.StartsWith(prefix, StringComparison.Ordinal)
            && vatId.Skip(prefix.Length).All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or '+' or '*');
    }
}
