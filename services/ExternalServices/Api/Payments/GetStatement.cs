using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>What moved a customer's account, from the books.</summary>
public sealed record CustomerStatement
{
    public required string Customer { get; init; }

    /// <summary>The first day that is shown.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day that is shown.</summary>
    public required DateOnly To { get; init; }

    /// <summary>What was owed before; negative when the customer had more than it owed.</summary>
    public required Money Opening { get; init; }

    public required IReadOnlyList<StatementLine> Lines { get; init; }

    /// <summary>Opening and all lines.</summary>
    public required Money Closing { get; init; }
}

/// <summary>One movement of a customer's account.</summary>
public sealed record StatementLine
{
    public required DateOnly Day { get; init; }

    public required LedgerKind Kind { get; init; }

    public required string Description { get; init; }

    /// <summary>What is owed more; negative what is owed less.</summary>
    public required Money Amount { get; init; }

    /// <summary>What is owed after it.</summary>
    public required Money Balance { get; init; }
}

public static class GetStatement
{
    private const int MaxDays = 366;

    public static async Task<IResult> Handle(
        string code, DateOnly from, DateOnly to, Caller caller, Database database, CancellationToken cancellationToken)
    {
        if (to < from || to.DayNumber - from.DayNumber >= MaxDays)
        {
            return Problem.Of(Refusal.Rejected(
                "span-out-of-range", $"A statement is from one day to a later one, at most {MaxDays} days."));
        }

        return Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Read(transaction, code, from, to), cancellationToken),
            "customer",
            code);
    }

    private static async Task<CustomerStatement?> Read(
        Transaction transaction, string code, DateOnly from, DateOnly to)
    {
        if (await transaction.SingleOrDefault<string>(SelectCurrency, new { Code = code }) is not { } name) return null;
        var currency = Currency.Of(name);
        var key = new { Code = code, Currency = currency, From = from, To = to };
        var opening = new Money(await transaction.Scalar<decimal>(SelectOpening, key), currency);
        var lines = new List<StatementLine>();
        var balance = opening;
        foreach (var row in await transaction.Query<Row>(SelectLines, key))
        {
            var amount = new Money(row.Amount, currency);
            balance += amount;
            lines.Add(new StatementLine
            {
                Day = row.Day,
                Kind = row.Kind,
                Description = row.Description,
                Amount = amount,
                Balance = balance,
            });
        }

        return new CustomerStatement
        {
            Customer = code,
            From = from,
            To = to,
            Opening = opening,
            Lines = lines,
            Closing = balance,
        };
    }

    private sealed record Row
    {
        public required DateOnly Day { get; init; }

        public required LedgerKind Kind { get; init; }

        public required string Description { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string SelectCurrency = "select currency from parties.customers where code = @Code";

    private const string SelectOpening = """
        select coalesce(sum(amount), 0)
        from ledger.entries
        where customer = @Code and currency = @Currency and account in ('receivables', 'customerBalance')
            and day < @From
        """;

    /// <summary>Money that only moves from the balance to an invoice changes nothing for the customer.</summary>
    private const string SelectLines = """
        select t.day, t.kind, t.description, sum(entry.amount) as amount
        from ledger.entries entry
        join ledger.transactions t on t.id = entry.transaction
        where entry.customer = @Code and entry.currency = @Currency
            and entry.account in ('receivables', 'customerBalance') and entry.day between @From and @To
        group by t.id
        having sum(entry.amount) <> 0
        order by t.day, t.position
        """;
}
