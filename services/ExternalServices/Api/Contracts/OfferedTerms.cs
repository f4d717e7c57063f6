using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Whether a contract can go on with other terms.</summary>
internal static class OfferedTerms
{
    /// <returns>Null, or what stands against them, as <see cref="ContractsEndpoints"/> documents it.</returns>
    public static async Task<Refusal?> Check(
        Transaction transaction, SignedContract contract, (string Plan, int Version) key, AgreedTerms agreed)
    {
        var offered = await transaction.SingleOrDefault<Offered>(
            Select, new { key.Plan, key.Version, OwnPlan = contract.Plan, OwnVersion = contract.PlanVersion });
        return offered switch
        {
            null => Refusal.Rejected(
                "plan-version-not-published", $"{key.Plan} has no published version {key.Version}.", "/planVersion"),
            _ when offered.Currency != contract.Currency => Refusal.Rejected(
                "currency-mismatch",
                $"{key.Plan} is in {offered.Currency} and the contract in {contract.Currency}.",
                "/plan"),
            { IsAsLong: false } => Refusal.Rejected(
                "billing-period-differs", "The billing periods of both plans must be as long.", "/plan"),
            _ => agreed.Check((await PlanTerms.Read(transaction, key))[key])
                ?? await agreed.CheckServices(transaction),
        };
    }

    private sealed record Offered
    {
        public required Currency Currency { get; init; }

        public required bool IsAsLong { get; init; }
    }

    private const string Select = """
        select p.currency, v.months_per_period = own.months_per_period as is_as_long
        from contracts.plan_versions v
        join contracts.plans p on p.code = v.plan
        join contracts.plan_versions own on own.plan = @OwnPlan and own.version = @OwnVersion
        where v.plan = @Plan and v.version = @Version and v.state = 'published'
        """;
}
