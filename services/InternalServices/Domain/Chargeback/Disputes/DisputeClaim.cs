using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Disputes;

/// <summary>What a department says that it should not bear of a line.</summary>
public static class DisputeClaim
{
    /// <summary>The whole line where the claim says no amount.</summary>
    /// <returns>
    /// The amount claimed, or <c>nothing-to-dispute</c> for a line that charges nothing, or <c>claim-out-of-range</c>.
    /// </returns>
    public static Outcome<decimal> Of(decimal charged, decimal? claimed)
    {
        if (charged <= 0) return Refusal.Rejected("nothing-to-dispute", "The line charges nothing.");
        var amount = claimed ?? charged;
        return amount <= 0 || amount > charged
            ? Refusal.Rejected(
                "claim-out-of-range", $"From above 0 to the {charged} of the line can be claimed.", "/claimed")
            : amount;
    }
}
