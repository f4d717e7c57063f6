using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

/// <summary>The recognition of a month's revenue in the books of a legal entity.</summary>
public sealed record RecognitionRun
{
    public required Guid Id { get; init; }

    public required string LegalEntity { get; init; }

    public required Period Month { get; init; }

    /// <summary>Invoice lines of which it recognised, or took back, something.</summary>
    public required int Lines { get; init; }

    /// <summary>One for each currency; negative where more was taken back than earned.</summary>
    public required IReadOnlyList<RecognisedAmount> Recognised { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who started it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>What was moved from deferred revenue to revenue.</summary>
public sealed record RecognisedAmount
{
    public required Money Amount { get; init; }

    /// <summary>Of the ledger, where the services stand.</summary>
    public required Guid Transaction { get; init; }
}

/// <summary>As it is stored, without its amounts.</summary>
internal sealed record RunRow
{
    public required Guid Id { get; init; }

    public required string LegalEntity { get; init; }

    public required Period Month { get; init; }

    public required int Lines { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public static async Task<IReadOnlyList<RecognitionRun>> WithAmounts(
        Transaction transaction, IReadOnlyList<RunRow> rows)
    {
        var amounts = (await transaction.Query<AmountRow>(
            SelectAmounts, new { Ids = rows.Select(row => row.Id).ToArray() })).ToLookup(amount => amount.Run);
        return [.. rows.Select(row => row.With(amounts[row.Id]))];
    }

    private RecognitionRun With(IEnumerable<AmountRow> amounts) => new()
    {
        Id = Id,
        LegalEntity = LegalEntity,
        Month = Month,
        Lines = Lines,
        Recognised =
        [
            .. amounts.Select(amount => new RecognisedAmount
            {
                Amount = new Money(amount.Amount, amount.Currency),
                Transaction = amount.Transaction,
            }),
        ],
        CreatedAt = CreatedAt,
        CreatedBy = CreatedBy,
    };

    private sealed record AmountRow
    {
        public required Guid Run { get; init; }

        public required Guid Transaction { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string SelectAmounts = """
        select run, transaction, currency, sum(amount) as amount
        from revenue.recognitions
        where run = any(@Ids)
        group by run, transaction, currency
        order by run, currency
        """;
}
