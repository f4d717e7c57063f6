using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

/// <summary>What was billed, against what was recognised and is still deferred, and both against the books.</summary>
public sealed record RevenueStanding
{
    public required string LegalEntity { get; init; }

    /// <summary>One for each currency.</summary>
    public required IReadOnlyList<RevenueInCurrency> Currencies { get; init; }
}

public sealed record RevenueInCurrency
{
    /// <summary>Σ nets of issued invoices.</summary>
    public required Money Billed { get; init; }

    /// <summary>Σ nets of credit notes.</summary>
    public required Money Credited { get; init; }

    /// <summary>Σ recognised of their lines.</summary>
    public required Money Recognised { get; init; }

    /// <summary>Billed less credited less recognised.</summary>
    public required Money Deferred { get; init; }

    /// <summary>What invoices, credit notes and recognition left in the account of deferred revenue.</summary>
    public required Money DeferredInBooks { get; init; }

    /// <summary>What recognition left in the account of revenue.</summary>
    public required Money RecognisedInBooks { get; init; }

    /// <summary>Deferred less the books', and recognised less the books', without their signs: always zero.</summary>
    public required Money Difference { get; init; }
}

public static class ReconcileRevenue
{
    public static async Task<IResult> Handle(
        string legalEntity, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(Tenant.Provider, transaction => Read(transaction, legalEntity), cancellationToken),
            "legal-entity",
            legalEntity);

    private static async Task<RevenueStanding?> Read(Transaction transaction, string legalEntity)
    {
        var key = new { LegalEntity = legalEntity };
        if (!await transaction.Scalar<bool>(Exists, key)) return null;
        var rows = await transaction.Query<Row>(Select, key);
        return new RevenueStanding { LegalEntity = legalEntity, Currencies = [.. rows.Select(row => row.Of())] };
    }

    private sealed record Row
    {
        public required Currency Currency { get; init; }

        public required decimal Billed { get; init; }

        public required decimal Credited { get; init; }

        public required decimal Recognised { get; init; }

        public required decimal DeferredInBooks { get; init; }

        public required decimal RecognisedInBooks { get; init; }

        public RevenueInCurrency Of()
        {
            var deferred = Billed - Credited - Recognised;
            var difference = decimal.Abs(deferred - DeferredInBooks) + decimal.Abs(Recognised - RecognisedInBooks);
            return new RevenueInCurrency
            {
                Billed = new Money(Billed, Currency),
                Credited = new Money(Credited, Currency),
                Recognised = new Money(Recognised, Currency),
                Deferred = new Money(deferred, Currency),
                DeferredInBooks = new Money(DeferredInBooks, Currency),
                RecognisedInBooks = new Money(RecognisedInBooks, Currency),
                Difference = new Money(difference, Currency),
            };
        }
    }

    private const string Exists = "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string Select = """
        select currency, sum(billed) as billed, sum(credited) as credited, sum(recognised) as recognised,
            sum(deferred_in_books) as deferred_in_books, sum(recognised_in_books) as recognised_in_books
        from (
            select currency, sum(net) as billed, 0 as credited, 0 as recognised, 0 as deferred_in_books,
                0 as recognised_in_books
            from billing.invoices
            where legal_entity = @LegalEntity and state <> 'draft'
            group by currency
            union all
            select currency, 0, sum(net), 0, 0, 0
            from billing.credit_notes
            where legal_entity = @LegalEntity
            group by currency
            union all
            select currency, 0, 0, sum(amount), 0, 0
            from revenue.recognitions
            where legal_entity = @LegalEntity
            group by currency
            union all
            select entry.currency, 0, 0, 0, coalesce(-sum(entry.amount) filter (where account = 'deferredRevenue'), 0),
                coalesce(-sum(entry.amount) filter (where account = 'revenue'), 0)
            from ledger.entries entry
            join ledger.transactions t on t.id = entry.transaction
            where entry.legal_entity = @LegalEntity and entry.account in ('deferredRevenue', 'revenue')
                and t.kind in ('issue', 'credit', 'recognition')
            group by entry.currency) as part
        group by currency
        order by currency
        """;
}
