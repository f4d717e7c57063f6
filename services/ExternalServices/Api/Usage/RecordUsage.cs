using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Usage;

/// <summary>Records usage in bulk, each event once for ever.</summary>
public static class RecordUsage
{
    public static async Task<IResult> Handle(
        HttpRequest request,
        Caller caller,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        var events = await Batch.Read(request, UsageJson.Default.UsageEvent, cancellationToken);
        if (events.Refusal is { } refusal) return Problem.Of(refusal);

        var answers = await database.InTransaction(
            caller.Tenant, transaction => Record(transaction, events.Value, provider), cancellationToken);
        return Answer.Ok(BatchAnswer.Of(answers));
    }

    private static async Task<IReadOnlyList<ItemAnswer>> Record(
        Transaction transaction, List<UsageEvent> events, ProviderOptions provider)
    {
        var batch = new UsageBatch(events, transaction.Now, provider.TimeZone);
        var passage = batch.Earliest is { } earliest
            ? await UsageGate.Enter(transaction, earliest, batch.Customers, batch.Services)
            : Passage.Nothing;
        var billed = batch.Earliest is { } since
            ? await BilledSpans.Read(transaction, passage, since, batch.Customers)
            : BilledSpans.None;
        var rows = batch.Admit(passage, billed);
        if (rows.IsEmpty) return rows.AllAccepted();

        return await Write(transaction, rows) == rows.Count && !rows.HasRepeats
            ? rows.AllAccepted()
            : rows.Compared(await transaction.Query<Recorded>(Compare, rows.All(transaction.Now)));
    }

    /// <returns>How many were not there yet.</returns>
    internal static Task<int> Write(Transaction transaction, UsageRows rows) =>
        transaction.Execute(Insert, rows.Firsts(transaction.Now));

    private const string Insert = """
        insert into usage.events (
            customer, source, id, service, at, quantity, dimensions, cost_month, batch, accepted_at, is_late)
        select customer, source, id, service, at, quantity, dimensions::jsonb, month, @Batch, @Now, at < @BilledBefore
        from unnest(@Customers, @Sources, @Ids, @Services, @Ats, @Quantities, @Dimensions, @Months)
            as event (customer, source, id, service, at, quantity, dimensions, month)
        on conflict (customer, source, id) do nothing
        """;

    private const string Compare = """
        select number,
            recorded.batch = @Batch as is_ours,
            (recorded.service, recorded.at, recorded.quantity, recorded.dimensions)
                is not distinct from (event.service, event.at, event.quantity, event.dimensions::jsonb) as is_same
        from unnest(@Customers, @Sources, @Ids, @Services, @Ats, @Quantities, @Dimensions)
            with ordinality as event (customer, source, id, service, at, quantity, dimensions, number)
        join usage.events recorded
            on recorded.customer = event.customer and recorded.source = event.source and recorded.id = event.id
        """;
}
