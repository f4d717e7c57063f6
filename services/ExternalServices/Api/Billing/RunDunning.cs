using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Reminds a legal entity's customers of what is overdue: each invoice's next level, with its fee.</summary>
public static class RunDunning
{
    /// <summary>Invoices looked at in one transaction; a repetition goes on with the others.</summary>
    private const int MaxInvoices = 10_000;

    public sealed record Request
    {
        public required string LegalEntity { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(transaction => Run(transaction, body), Answer.Ok, cancellationToken);

    private static async Task<Outcome<DunningResult>> Run(Transaction transaction, Request body)
    {
        if (await GetDunningLevels.Read(transaction, body.LegalEntity) is not { } settings)
        {
            return Refusal.Rejected(
                "legal-entity-not-found", $"There is no legal entity '{body.LegalEntity}'.", "/legalEntity");
        }

        if (settings.Levels.Count == 0)
        {
            return Refusal.Rejected("no-dunning-levels", $"{body.LegalEntity} reminds nobody.", "/legalEntity");
        }

        var policy = new DunningPolicy(settings.Levels);
        var overdue = await transaction.Query<Overdue>(
            SelectOverdue,
            new
            {
                body.LegalEntity,
                transaction.Now,
                Levels = settings.Levels.Select(level => level.DaysOverdue).ToArray(),
                MaxInvoices,
            });
        var notices = overdue
            .Select(invoice => (Invoice: invoice, Level: policy.Next(invoice.DunningLevel, invoice.DaysOverdue)))
            .Where(notice => notice.Level is not null)
            .Select(notice => new Notice(
                Guid.CreateVersion7(transaction.Now), notice.Invoice, notice.Level!.FeeIn(notice.Invoice.Currency)))
            .ToList();
        await Send(transaction, body.LegalEntity, notices);
        return new DunningResult
        {
            Reminders = notices.Count,
            Fees =
            [
                .. notices.Where(notice => notice.Fee > 0)
                    .GroupBy(notice => notice.Of.Currency)
                    .OrderBy(same => same.Key.Code, StringComparer.Ordinal)
                    .Select(same => new Money(same.Sum(notice => notice.Fee), same.Key)),
            ],
        };
    }

    private static async Task Send(Transaction transaction, string legalEntity, List<Notice> notices)
    {
        if (notices.Count == 0) return;
        await transaction.Execute(
            Insert,
            new
            {
                LegalEntity = legalEntity,
                transaction.Now,
                Ids = notices.Select(notice => notice.Id).ToArray(),
                Invoices = notices.Select(notice => notice.Of.Id).ToArray(),
                Customers = notices.Select(notice => notice.Of.Customer).ToArray(),
                Levels = notices.Select(notice => notice.Of.DunningLevel + 1).ToArray(),
                Days = notices.Select(notice => notice.Of.Today).ToArray(),
                Currencies = notices.Select(notice => notice.Of.Currency).ToArray(),
                Due = notices.Select(notice => notice.Of.Due + notice.Fee).ToArray(),
                Fees = notices.Select(notice => notice.Fee).ToArray(),
            });
        await LedgerWriter.Post(transaction, [.. notices.Select(notice => notice.Booked(legalEntity))]);
    }

    private sealed record Notice(Guid Id, Overdue Of, decimal Fee)
    {
        public LedgerTransaction Booked(string legalEntity)
        {
            var fact = new LedgerFact
            {
                Id = Id,
                LegalEntity = legalEntity,
                Customer = Of.Customer,
                Kind = LedgerKind.DunningFee,
                Day = Of.Today,
                Description = $"Reminder {Of.DunningLevel + 1} of invoice {Of.Number}",
            };
            return Bookings.DunningFee(fact, new Money(Fee, Of.Currency));
        }
    }

    private sealed record Overdue
    {
        public required Guid Id { get; init; }

        public required string Number { get; init; }

        public required string Customer { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Due { get; init; }

        public required int DunningLevel { get; init; }

        public required DateOnly Today { get; init; }

        public required int DaysOverdue { get; init; }
    }

    private const string SelectOverdue = """
        select i.id, i.number, i.customer, i.currency, i.gross + i.fees - i.paid - i.credited as due, i.dunning_level,
            today.day as today, today.day - i.due_date as days_overdue
        from billing.invoices i
        join parties.customers c on c.code = i.customer
        cross join lateral (select (@Now at time zone c.zone)::date as day) as today
        where i.legal_entity = @LegalEntity and i.state = 'open' and i.disputed_at is null
            and i.gross + i.fees > i.paid + i.credited and i.due_date < today.day
            and today.day - i.due_date >= (@Levels::int[])[i.dunning_level + 1]
        order by i.id
        limit @MaxInvoices
        for update of i
        """;

    private const string Insert = """
        with reminded as (
            update billing.invoices i
            set fees = i.fees + notice.fee, dunning_level = notice.level, version = i.version + 1
            from unnest(@Invoices, @Levels, @Fees) as notice (invoice, level, fee)
            where i.id = notice.invoice
        )
        insert into billing.dunning_notices (
            id, invoice, customer, legal_entity, level, day, currency, due, fee, created_at)
        select id, invoice, customer, @LegalEntity, level, day, currency, due, fee, @Now
        from unnest(@Ids, @Invoices, @Customers, @Levels, @Days, @Currencies, @Due, @Fees)
            as notice (id, invoice, customer, level, day, currency, due, fee)
        """;
}

/// <summary>What a run of reminders did.</summary>
public sealed record DunningResult
{
    public required int Reminders { get; init; }

    /// <summary>Charged, one for each currency.</summary>
    public required IReadOnlyList<Money> Fees { get; init; }
}
