using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

/// <summary>A legal entity's revenue in a month: what the books have, and what its invoices will still bring.</summary>
public sealed record RevenueMonth
{
    public required Period Month { get; init; }

    /// <summary>One for each currency.</summary>
    public required IReadOnlyList<RevenueMonthAmount> Amounts { get; init; }
}

public sealed record RevenueMonthAmount
{
    /// <summary>In the books.</summary>
    public required Money Recognised { get; init; }

    /// <summary>Invoiced, and to be recognised in the month.</summary>
    public required Money Scheduled { get; init; }
}

public static class ListRevenueMonths
{
    private const int ChunkSize = 10_000;

    public static async Task<IResult> Handle(
        string legalEntity, Paging paging, Database database, CancellationToken cancellationToken) =>
        await database.Read(
            Tenant.Provider, transaction => Read(transaction, legalEntity, paging), cancellationToken) is { } page
                ? Answer.Ok(page)
                : Problem.Of(Refusal.NotFound("legal-entity", legalEntity));

    private static async Task<Page<RevenueMonth>?> Read(Transaction transaction, string legalEntity, Paging paging)
    {
        var key = new { LegalEntity = legalEntity };
        if (!await transaction.Scalar<bool>(Exists, key)) return null;
        var recognised = (await transaction.Query<Recognised>(SelectRecognised, key))
            .ToDictionary(month => (month.Month, month.Currency), month => month.Amount);
        var scheduled = await Scheduled(
            transaction, legalEntity, await transaction.SingleOrDefault<Period?>(SelectLatest, key));
        var months = recognised.Keys.Union(scheduled.Keys)
            .GroupBy(each => each.Month)
            .OrderBy(month => month.Key)
            .Where(month => string.CompareOrdinal($"{month.Key}", paging.After) > 0)
            .Take(paging.Fetch)
            .Select(month => new RevenueMonth
            {
                Month = month.Key,
                Amounts =
                [
                    .. month.OrderBy(each => each.Currency.Code, StringComparer.Ordinal)
                        .Select(each => new RevenueMonthAmount
                        {
                            Recognised = new Money(recognised.GetValueOrDefault(each), each.Currency),
                            Scheduled = new Money(scheduled.GetValueOrDefault(each), each.Currency),
                        }),
                ],
            });
        return paging.Page([.. months], month => $"{month.Month}");
    }

    /// <summary>What is still to be recognised, from the month after the latest on.</summary>
    private static async Task<Dictionary<(Period Month, Currency Currency), decimal>> Scheduled(
        Transaction transaction, string legalEntity, Period? latest)
    {
        var sums = new Dictionary<(Period, Currency), decimal>();
        for (var last = default(EarningLine); ;)
        {
            var chunk = await EarningLine.Unsettled(transaction, legalEntity, last, ChunkSize);
            foreach (var line in chunk)
            {
                foreach (var part in line.Schedule.Ahead(line.Recognised, latest?.Next ?? Period.Of(line.From)))
                {
                    var key = (part.Month, line.Currency);
                    sums[key] = sums.GetValueOrDefault(key) + part.Amount;
                }
            }

            if (chunk.Count < ChunkSize) return sums;
            last = chunk[^1];
        }
    }

    private sealed record Recognised
    {
        public required Period Month { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string Exists = "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string SelectRecognised = """
        select month, currency, sum(amount) as amount
        from revenue.recognitions
        where legal_entity = @LegalEntity
        group by month, currency
        """;

    private const string SelectLatest = "select max(month) from revenue.runs where legal_entity = @LegalEntity";
}
