using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>
/// Whether a department's months vary more than they do by themselves: the department is read as the caller, its months
/// as the provider.
/// </summary>
public static class GetControlLimits
{
    private const int DefaultMonths = 24;
    private const int MaxMonths = 120;

    public sealed record Limits
    {
        public required string Department { get; init; }

        public required LimitStatus Status { get; init; }

        public required Money? Mean { get; init; }

        /// <summary>Of the differences between neighbouring months, without their sign.</summary>
        public required Money? MeanMovingRange { get; init; }

        /// <summary>Mean − 2.66 × mean moving range.</summary>
        public required Money? Lower { get; init; }

        /// <summary>Mean + 2.66 × mean moving range.</summary>
        public required Money? Upper { get; init; }

        /// <summary>In the order of the months.</summary>
        public required IReadOnlyList<Point> Months { get; init; }
    }

    public enum LimitStatus
    {
        Ok,

        /// <summary>Fewer than eight months are closed.</summary>
        InsufficientData,
    }

    /// <summary>A closed month.</summary>
    public sealed record Point
    {
        public required Period Month { get; init; }

        public required Money Charged { get; init; }

        /// <summary>None while there are no limits.</summary>
        public required Position? Position { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        int? months,
        Caller caller,
        ProviderOptions provider,
        Database database,
        CancellationToken cancellationToken)
    {
        if (months is < ControlLimits.MinMonths or > MaxMonths)
        {
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                "unreadable",
                $"months is from {ControlLimits.MinMonths} to {MaxMonths}.");
        }

        var key = new { Department = code, Months = months ?? DefaultMonths };
        if (!await database.Read(
            caller.Tenant, transaction => transaction.Scalar<bool>(SelectDepartment, key), cancellationToken))
        {
            return Problem.Of(Refusal.NotFound("department", code));
        }

        var rows = await database.Read(
            Tenant.Provider, transaction => transaction.Query<Row>(SelectMonths, key), cancellationToken);
        return Answer.Ok(Of(code, rows, provider.Currency));
    }

    private static Limits Of(string department, IReadOnlyList<Row> rows, Currency currency)
    {
        var limits = ControlLimits.Of([.. rows.Select(row => row.Charged)], currency);
        return new Limits
        {
            Department = department,
            Status = limits is null ? LimitStatus.InsufficientData : LimitStatus.Ok,
            Mean = Booked(limits?.Mean),
            MeanMovingRange = Booked(limits?.MeanMovingRange),
            Lower = Booked(limits?.Lower),
            Upper = Booked(limits?.Upper),
            Months =
            [
                .. rows.Select(row => new Point
                {
                    Month = row.Month,
                    Charged = new Money(row.Charged, currency),
                    Position = limits?.Place(row.Charged),
                }),
            ],
        };

        Money? Booked(decimal? amount) => amount is { } value ? new Money(value, currency) : null;
    }

    private sealed record Row
    {
        public required Period Month { get; init; }

        public required decimal Charged { get; init; }
    }

    private const string SelectDepartment =
        "select exists (select from organisation.departments where code = @Department)";

    // From the department's first statement on; who has none in a later month bore nothing in it.
    private const string SelectMonths = """
        select month, charged
        from (
            select run.month, coalesce(statement.total, 0) as charged
            from chargeback.runs run
            join chargeback.periods period on period.month = run.month and period.state = 'closed'
            left join chargeback.statements statement
                on statement.run_id = run.id and statement.department_code = @Department
            where run.state = 'posted'
                and run.month >= (
                    select min(earlier.month)
                    from chargeback.statements earlier
                    where earlier.department_code = @Department and earlier.state <> 'reversed')
            order by run.month desc
            limit @Months) as latest
        order by month
        """;
}
