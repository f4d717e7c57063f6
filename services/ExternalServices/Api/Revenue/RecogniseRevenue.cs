using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

/// <summary>
/// Recognises a month's revenue: what the days to its end have earned of every issued invoice line moves from deferred
/// revenue to revenue, on the month's last day.
/// </summary>
public static class RecogniseRevenue
{
    /// <summary>Invoice lines read and stored at a time.</summary>
    private const int ChunkSize = 10_000;

    public sealed record Request
    {
        public required string LegalEntity { get; init; }

        /// <summary>A month that is over in the legal entity's zone.</summary>
        public required Period Month { get; init; }
    }

    public static Task<IResult> Handle(
        Request body, Caller caller, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Recognise(transaction, body, caller),
            run => Answer.Created($"/external/v1/revenue/recognition-runs/{run.Id}", run),
            cancellationToken);

    private static async Task<Outcome<RecognitionRun>> Recognise(Transaction transaction, Request body, Caller caller)
    {
        if (await Check(transaction, body) is { } refusal) return refusal;
        var id = Guid.CreateVersion7(transaction.Now);
        var books = new Dictionary<Currency, EarnedInCurrency>();
        var lines = 0;
        for (var last = default(EarningLine); ;)
        {
            var chunk = await EarningLine.Unsettled(transaction, body.LegalEntity, body.Month, last, ChunkSize);
            var earned = chunk.Select(line => (Line: line, Amount: line.EarnedIn(body.Month))).ToList();
            earned.RemoveAll(each => each.Amount == 0);
            await Store(transaction, id, body, earned, books);
            lines += earned.Count;
            if (chunk.Count < ChunkSize) break;
            last = chunk[^1];
        }

        await LedgerWriter.Post(transaction, [.. books.Values.Select(earned => earned.Booked(body))]);
        await transaction.Execute(
            InsertRun, new { Id = id, body.LegalEntity, body.Month, Lines = lines, transaction.Now, caller.Subject });
        return (await GetRecognitionRun.Read(transaction, id))!;
    }

    /// <summary>From here to the commit nobody else recognises revenue of the legal entity.</summary>
    private static async Task<Refusal?> Check(Transaction transaction, Request body)
    {
        if (await transaction.SingleOrDefault<string>(LockZone, new { body.LegalEntity }) is not { } zone)
        {
            return Refusal.Rejected(
                "legal-entity-not-found", $"There is no legal entity '{body.LegalEntity}'.", "/legalEntity");
        }

        if (Period.Of(transaction.Now, TimeZoneInfo.FindSystemTimeZoneById(zone)) <= body.Month)
        {
            return Refusal.Rejected("month-not-over", $"{body.Month} is not over.", "/month");
        }

        var latest = await transaction.SingleOrDefault<Period?>(SelectLatest, new { body.LegalEntity });
        return latest > body.Month
            ? Refusal.Conflict(
                "later-month-recognised",
                $"{latest} is recognised already: what {body.Month} missed is in it, or in the month after it.")
            : null;
    }

    private static async Task Store(
        Transaction transaction,
        Guid run,
        Request body,
        List<(EarningLine Line, decimal Amount)> earned,
        Dictionary<Currency, EarnedInCurrency> books)
    {
        if (earned.Count == 0) return;
        foreach (var (line, amount) in earned)
        {
            if (!books.TryGetValue(line.Currency, out var book))
            {
                books[line.Currency] = book = new EarnedInCurrency(
                    Guid.CreateVersion7(transaction.Now), line.Currency);
            }

            book.Add(line.Service, amount);
        }

        T[] Each<T>(Func<EarningLine, T> value) => [.. earned.Select(each => value(each.Line))];
        await transaction.Execute(
            InsertRecognitions,
            new
            {
                Run = run,
                body.LegalEntity,
                body.Month,
                Invoices = Each(line => line.Invoice),
                Lines = Each(line => line.Line),
                Customers = Each(line => line.Customer),
                Services = Each(line => line.Service),
                Currencies = Each(line => line.Currency),
                Transactions = Each(line => books[line.Currency].Id),
                Amounts = earned.Select(each => each.Amount).ToArray(),
            });
    }

    /// <summary>One transaction of the books.</summary>
    private sealed class EarnedInCurrency(Guid id, Currency currency)
    {
        private readonly SortedDictionary<string, decimal> _services = new(StringComparer.Ordinal);

        public Guid Id => id;

        public void Add(string service, decimal amount) =>
            _services[service] = _services.GetValueOrDefault(service) + amount;

        public LedgerTransaction Booked(Request body)
        {
            var fact = new LedgerFact
            {
                Id = id,
                LegalEntity = body.LegalEntity,
                Kind = LedgerKind.Recognition,
                Day = body.Month.NextFirstDay.AddDays(-1),
                Description = $"Revenue of {body.Month}",
            };
            return Bookings.Recognition(fact, currency, [.. _services.Select(each => (each.Key, each.Value))]);
        }
    }

    private const string LockZone =
        "select zone from parties.legal_entities where code = @LegalEntity for no key update";

    private const string SelectLatest = "select max(month) from revenue.runs where legal_entity = @LegalEntity";

    private const string InsertRecognitions = """
        insert into revenue.recognitions (
            invoice, line, month, run, transaction, legal_entity, customer, service, currency, amount)
        select invoice, line, @Month, @Run, transaction, @LegalEntity, customer, service, currency, amount
        from unnest(@Invoices, @Lines, @Transactions, @Customers, @Services, @Currencies, @Amounts)
            as earned (invoice, line, transaction, customer, service, currency, amount)
        """;

    private const string InsertRun = """
        insert into revenue.runs (id, legal_entity, month, lines, created_at, created_by)
        values (@Id, @LegalEntity, @Month, @Lines, @Now, @Subject)
        """;
}
