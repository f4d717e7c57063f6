using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

public static class ListCostEntries
{
    public static async Task<IResult> Handle(
        string code,
        Period month,
        Paging paging,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        var (known, rows) = await database.Read(
            Tenant.Provider,
            async transaction => (
                await transaction.Scalar<bool>(PoolExists, new { Code = code }),
                await transaction.Query<Row>(Select, new { Code = code, Month = month, paging.After, paging.Fetch })),
            cancellationToken);
        return known
            ? Answer.Ok(paging.Page([.. rows.Select(row => row.ToEntry(provider.Currency))], entry => entry.Reference))
            : Problem.Of(Refusal.NotFound("cost-pool", code));
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required string Reference { get; init; }

        public required Period Month { get; init; }

        public required Period OriginMonth { get; init; }

        public required EntryKind Kind { get; init; }

        public string? DepartmentCode { get; init; }

        public string? CustomerCode { get; init; }

        public required decimal Amount { get; init; }

        public required long Rows { get; init; }

        public Guid? ImportId { get; init; }

        public Guid? Reverses { get; init; }

        public Currency? OriginalCurrency { get; init; }

        public decimal? OriginalAmount { get; init; }

        public decimal? Rate { get; init; }

        public DateOnly? RateDay { get; init; }

        public required DateTimeOffset RecordedAt { get; init; }

        public CostEntry ToEntry(Currency currency) => new()
        {
            Id = Id,
            Reference = Reference,
            Month = Month,
            OriginMonth = OriginMonth,
            Kind = Kind,
            Department = DepartmentCode,
            Customer = CustomerCode,
            Amount = ExactMoney.Of(Amount, currency),
            Rows = Rows,
            ImportId = ImportId,
            Reverses = Reverses,
            Original = OriginalCurrency is { } original
                ? new CostEntry.Origin
                {
                    Amount = ExactMoney.Of(OriginalAmount!.Value, original),
                    RateDay = RateDay!.Value,
                    Rate = Rate!.Value,
                }
                : null,
            RecordedAt = RecordedAt,
        };
    }

    private const string PoolExists = "select exists (select from chargeback.cost_pools where code = @Code)";

    private const string Select = """
        select id, reference, month, origin_month, kind, department_code, customer_code, amount, rows, import_id,
            reverses, original_currency, original_amount, trim_scale(rate) as rate, rate_day, recorded_at
        from chargeback.cost_entries
        where pool_code = @Code and month = @Month and reference > @After
        order by reference
        limit @Fetch
        """;
}
