using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Usage;

/// <summary>Records what departments used of services, once per source and id.</summary>
public static class RecordUsage
{
    public sealed record Item
    {
        /// <summary>The system that measured it; at most 200 characters.</summary>
        public required string Source { get; init; }

        /// <summary>The source's own key, unique for ever within the source; at most 200 characters.</summary>
        public required string Id { get; init; }

        /// <summary>Code of the internal department that used it.</summary>
        public required string Department { get; init; }

        /// <summary>Code of the service.</summary>
        public required string Service { get; init; }

        /// <summary>When, as an instant of RFC 3339; at most five minutes ahead.</summary>
        public required string At { get; init; }

        /// <summary>
        /// How much, in the service's unit: a plain decimal from 0, below 10^13 with at most 15 decimals.
        /// </summary>
        public required string Quantity { get; init; }
    }

    public static async Task<IResult> Handle(
        HttpRequest request, Database database, ProviderOptions provider, CancellationToken cancellationToken)
    {
        var items = await Batch.Read(request, UsageJson.Wire.Item, cancellationToken);
        if (items.Refusal is { } refusal) return Problem.Of(refusal);

        var answers = await database.InTransaction(
            Tenant.Provider, transaction => Record(transaction, items.Value, provider.TimeZone), cancellationToken);
        return Answer.Ok(BatchAnswer.Of(answers));
    }

    private static async Task<ItemAnswer[]> Record(Transaction transaction, List<Item> items, TimeZoneInfo zone)
    {
        var months = await OpenMonths.Hold(transaction);
        var reader = await UsageReader.For(transaction, items, zone);
        var answers = new ItemAnswer[items.Count];
        var rows = new List<UsageRow>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var read = reader.Read(i, items[i]);
            if (read.Refusal is { } refusal) answers[i] = ItemAnswer.Rejected(refusal.Code, refusal.Detail);
            else rows.Add(read.Value with { Month = months.LandingOf(read.Value.OriginMonth) });
        }

        await months.Begin(transaction, rows.Select(row => row.Month));
        if (await Insert(transaction, rows) == rows.Count)
        {
            foreach (var row in rows) answers[row.Index] = ItemAnswer.Accepted;
        }
        else
        {
            await Settle(transaction, rows, answers);
        }

        return answers;
    }

    private static Task<int> Insert(Transaction transaction, List<UsageRow> rows) =>
        transaction.Execute(
            InsertUsage,
            new
            {
                Sources = Column(rows, row => row.Source),
                Ids = Column(rows, row => row.Id),
                Departments = Column(rows, row => row.Department),
                Services = Column(rows, row => row.Service),
                Ats = Column(rows, row => row.At),
                Quantities = Column(rows, row => row.Quantity),
                Months = Column(rows, row => row.Month),
                OriginMonths = Column(rows, row => row.OriginMonth),
                transaction.Now,
            });

    /// <summary>Tells what was recorded now from what stood there before, the same or other.</summary>
    private static async Task Settle(Transaction transaction, List<UsageRow> rows, ItemAnswer[] answers)
    {
        var standing = await transaction.Query<StandingUsage>(
            SelectStanding,
            new { Sources = Column(rows, row => row.Source), Ids = Column(rows, row => row.Id) });
        var byKey = standing.ToDictionary(stands => (stands.Source, stands.Id));
        var accepted = new HashSet<(string, string)>(rows.Count);
        foreach (var row in rows)
        {
            var stands = byKey[(row.Source, row.Id)];
            answers[row.Index] = !stands.Says(row) ? ItemAnswer.Conflict
                : stands.Written && accepted.Add((row.Source, row.Id)) ? ItemAnswer.Accepted
                : ItemAnswer.Duplicate;
        }
    }

    private static T[] Column<T>(List<UsageRow> rows, Func<UsageRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return column;
    }

    private const string InsertUsage = """
        insert into chargeback.usage (
            source, id, department_code, service_code, at, quantity, month, origin_month, received_at)
        select source, id, department, service, at, quantity, month, origin_month, @Now
        from unnest(@Sources, @Ids, @Departments, @Services, @Ats, @Quantities, @Months, @OriginMonths)
            as used (source, id, department, service, at, quantity, month, origin_month)
        on conflict do nothing
        """;

    private const string SelectStanding = """
        select source, id, department_code as department, service_code as service, at, quantity,
            usage.xmin = pg_current_xact_id()::xid as written
        from chargeback.usage
        where (source, id) in (select source, id from unnest(@Sources, @Ids) as asked (source, id))
        """;
}
