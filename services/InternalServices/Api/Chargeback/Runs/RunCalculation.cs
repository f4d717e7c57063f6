using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>A run that was calculated from what stands in the books now.</summary>
/// <param name="Id">The stored run's; the same inputs give the same run.</param>
/// <param name="IsNew">Whether this transaction stored it.</param>
/// <param name="Allocation">What it says.</param>
internal sealed record RunCalculation(Guid Id, bool IsNew, AllocationRun Allocation)
{
    /// <summary>
    /// Calculates and stores the month, or finds the run of the same inputs; refuses what cannot be allocated.
    /// </summary>
    /// <param name="transaction">Stores it.</param>
    /// <param name="month">What is calculated.</param>
    /// <param name="ruleSet">Version of the rules; the latest when there is none.</param>
    /// <param name="currency">Of the books.</param>
    /// <param name="subject">Who asks for it.</param>
    public static async Task<Outcome<RunCalculation>> Run(
        Transaction transaction, Period month, long? ruleSet, Currency currency, string subject)
    {
        var loaded = await RunInput.Load(transaction, month, ruleSet, currency);
        if (loaded.Refusal is { } incomplete) return incomplete;

        var calculated = Domain.Chargeback.Runs.Allocation.Calculate(loaded.Value.Input);
        if (calculated.Refusal is { } refusal) return refusal;

        var allocation = calculated.Value;
        if (await RunInsertion.Insert(transaction, loaded.Value, allocation, subject) is { } id)
        {
            return new RunCalculation(id, IsNew: true, allocation);
        }

        var standing = await transaction.Scalar<Guid>(
            SelectSame, new { Month = month, allocation.Certificate.InputHash });
        return new RunCalculation(standing, IsNew: false, allocation);
    }

    private const string SelectSame = """
        select id from chargeback.runs
        where month = @Month and input_hash = @InputHash and state in ('calculated', 'posted')
        """;
}
