using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>
/// Takes an event out, and records what stands instead. Both pass the gate together, so that every bill knows of both
/// or of neither.
/// </summary>
/// <param name="Key">Of the event.</param>
/// <param name="Reason">Why.</param>
/// <param name="Subject">Who says so.</param>
/// <param name="Zone">The provider's, of the months of cost.</param>
internal sealed record UsageCorrection(EventKey Key, string Reason, string Subject, TimeZoneInfo Zone)
{
    private const int MaxReasonLength = 500;

    public async Task<Outcome<RecordedEvent>> Apply(Transaction transaction, UsageEvent? replacement)
    {
        if (new Fields().Text("/reason", Reason, MaxReasonLength).Refusal is { } unclear) return unclear;
        if (await transaction.SingleOrDefault<Wrong>(SelectWrong, Key) is not { } wrong)
        {
            return Refusal.NotFound("usage-event", $"{Key}");
        }

        var batch = new UsageBatch(replacement is null ? [] : [replacement], transaction.Now, Zone);
        var earliest = batch.Earliest < wrong.CostMonth ? batch.Earliest.Value : wrong.CostMonth;
        var passage = await UsageGate.Enter(transaction, earliest, [Key.Customer], batch.Services);
        var billed = await BilledSpans.Read(transaction, passage, earliest, [Key.Customer]);
        if (billed.Contain(Key.Customer, wrong.Service, wrong.At)) return BilledSpans.Refusal;
        if (replacement is not null
            && await Record(transaction, batch.Admit(passage, billed), replacement) is { } refusal)
        {
            return refusal;
        }

        return await Void(transaction, passage, passage.OpenFrom(wrong.CostMonth), replacement) == 0
            ? Refusal.Conflict("usage-event-void", "The event is void already, and what was said of it stays.", "void")
            : (await GetUsageEvent.Read(transaction, Key))!;
    }

    private static async Task<Refusal?> Record(Transaction transaction, UsageRows rows, UsageEvent replacement)
    {
        if (rows.Count == 0)
        {
            var answer = rows.AllAccepted()[0];
            return answer.Code == BilledSpans.Rejection.Code
                ? BilledSpans.Refusal
                : Refusal.Rejected(answer.Code!, answer.Detail!, "/replacement");
        }

        return await RecordUsage.Write(transaction, rows) == 1
            ? null
            : Refusal.Conflict(
                "usage-event-exists",
                $"{replacement.Source}/{replacement.Id} is recorded already; a replacement has a key of its own.");
    }

    private Task<int> Void(Transaction transaction, Passage passage, Period costMonth, UsageEvent? replacement) =>
        transaction.Execute(
            InsertVoid,
            new
            {
                Key.Customer,
                Key.Source,
                Key.Id,
                ReplacementSource = replacement?.Source,
                ReplacementId = replacement?.Id,
                Reason,
                CostMonth = costMonth,
                passage.Batch,
                transaction.Now,
                Subject,
            });

    private sealed record Wrong
    {
        public required string Service { get; init; }

        public required DateTimeOffset At { get; init; }

        public required Period CostMonth { get; init; }
    }

    private const string SelectWrong = """
        select service, at, cost_month
        from usage.events
        where customer = @Customer and source = @Source and id = @Id
        """;

    private const string InsertVoid = """
        insert into usage.voids (
            customer, source, id, service, at, quantity, replacement_source, replacement_id, reason, cost_month, batch,
            voided_at, voided_by)
        select customer, source, id, service, at, quantity, @ReplacementSource, @ReplacementId, @Reason, @CostMonth,
            @Batch, @Now, @Subject
        from usage.events
        where customer = @Customer and source = @Source and id = @Id
        on conflict (customer, source, id) do nothing
        """;
}
