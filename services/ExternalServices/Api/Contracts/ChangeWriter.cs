using ServiceMesh.Data;

namespace ExternalServices.Api.Contracts;

/// <summary>Stores signatures and what they make of the contract.</summary>
internal static class ChangeWriter
{
    /// <param name="transaction">Of the signature.</param>
    /// <param name="contract">As it stands with them.</param>
    /// <param name="rows">The new signatures.</param>
    /// <param name="reason">Why; null where nothing was said.</param>
    /// <param name="subject">Who signed.</param>
    public static async Task Insert(
        Transaction transaction, SignedContract contract, IEnumerable<ChangeRow> rows, string? reason, string subject)
    {
        var signed = rows.ToList();
        if (signed.Count == 0) return;
        await transaction.Execute(
            InsertChanges,
            new
            {
                contract.Code,
                contract.Customer,
                Reason = reason,
                Subject = subject,
                transaction.Now,
                Numbers = signed.Select(row => row.Number).ToArray(),
                Kinds = signed.Select(row => row.Kind).ToArray(),
                Days = signed.Select(row => row.On).ToArray(),
                Plans = signed.Select(row => row.Plan).ToArray(),
                Versions = signed.Select(row => row.PlanVersion).ToArray(),
                Agreed = signed.Select(row => row.Agreed).ToArray(),
                Paused = signed.Select(row => row.IsPaused).ToArray(),
                Ended = signed.Select(row => row.IsEnded).ToArray(),
                Adjusts = signed.Select(row => row.Adjusts).ToArray(),
            });
        await transaction.Execute(UpdateContract, new { contract.Code, contract.End, contract.Version });
    }

    private const string InsertChanges = """
        insert into contracts.changes (
            contract, number, customer, kind, on_date, plan, plan_version, agreed, is_paused, is_ended, adjusts, reason,
            signed_at, signed_by)
        select @Code, number, @Customer, kind, on_date, plan, version, agreed::jsonb, paused, ended, adjusts, @Reason,
            @Now, @Subject
        from unnest(@Numbers, @Kinds, @Days, @Plans, @Versions, @Agreed, @Paused, @Ended, @Adjusts)
            as change (number, kind, on_date, plan, version, agreed, paused, ended, adjusts)
        """;

    private const string UpdateContract = """
        update contracts.contracts set end_date = @End, version = @Version where code = @Code
        """;
}
