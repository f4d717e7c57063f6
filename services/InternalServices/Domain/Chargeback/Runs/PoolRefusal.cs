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

    /// <summary>One refusal for all that have the code of the first.</summary>
    public static Refusal Merge(IReadOnlyList<Refusal> refusals) =>
        refusals[0] with
        {
            Fields =
            [
                .. refusals.Where(refusal => refusal.Code == refusals[0].Code)
                    .SelectMany(refusal => refusal.Fields!),
            ],
        };

    private static string PointerTo(string pool) =>
        $"/pools/{pool.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
