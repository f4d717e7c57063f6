using ServiceMesh.Hosting.Json;

namespace InternalServices.Api.Chargeback;

/// <summary>Exact amounts and quantities: below 10^13, at most fifteen decimals, never rounded.</summary>
internal static class Exact
{
    public const decimal Limit = 10_000_000_000_000m;

    public const int MaxDecimals = 15;

    /// <summary>Dividing by it drops the zeros at the end.</summary>
    private const decimal One = 1.000000000000000000000000000000m;

    /// <summary>Reads a plain decimal in range; refuses what storing would round.</summary>
    public static bool TryParse(string text, out decimal value) =>
        DecimalText.TryParse(text, out value) && IsInRange(value);

    public static bool IsInRange(decimal value) => decimal.Abs(value) < Limit && value.Scale <= MaxDecimals;

    /// <summary>Without the zeros that the column pads it with.</summary>
    public static decimal Trimmed(decimal value) => value / One;
}
