using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Refusals that concern pools: the run is refused as a whole, and every offending pool is named.</summary>
internal static class PoolRefusal
{
    public static Refusal Of(string code, string detail, IEnumerable<string> pools)
    {
        var named = pools.Order(StringComparer.Ordinal).ToList();
        return Refusal.Rejected(code, $"{string.Join(", ", named)}: {detail}", PointerTo(named[0])) with
        {
            Fields = [.. named.Select(pool => new FieldRefusal(PointerTo(pool), code, detail))],
        };
    }

    private static string PointerTo(string pool) =>
        $"/pools/{pool.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
