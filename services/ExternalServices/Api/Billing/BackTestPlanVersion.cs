using ExternalServices.Api.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Rates months that are over as if a plan version, maybe a draft, had been signed already.</summary>
public static class BackTestPlanVersion
{
    private const int DefaultMonths = 3;
    private const int MaxMonths = 24;

    public static async Task<IResult> Handle(
        string code,
        int version,
        int? months,
        Paging paging,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        var span = months ?? DefaultMonths;
        if (span is < 1 or > MaxMonths)
        {
            throw new BadHttpRequestException($"months must be a whole number from 1 to {MaxMonths}.");
        }

        return Answer.Of(
            await database.Read(
                Tenant.Provider,
                transaction => Test(transaction, (code, version), span, paging, provider),
                cancellationToken),
            Answer.Ok);
    }

    private static async Task<Outcome<Page<BackTestedCustomer>>> Test(
        Transaction transaction, (string Plan, int Version) key, int span, Paging paging, ProviderOptions provider)
    {
        if (!(await PlanTerms.Read(transaction, key)).ContainsKey(key))
        {
            return Refusal.NotFound("plan-version", $"{key.Plan}/{key.Version}");
        }

        var current = Period.Of(transaction.Now, provider.TimeZone);
        var (first, last) = (Period.Of(current.FirstDay.AddMonths(-span)), current.Previous);
        var found = await transaction.Query<RunningContract>(
            SelectContracts,
            new
            {
                key.Plan,
                From = first.FirstDay,
                To = last.NextFirstDay,
                paging.After,
                paging.Fetch,
            });
        var trial = await PlanTrial.Read(transaction, key, found);
        var rated = await trial.Rate(transaction, first, last);
        var customers = rated.GroupBy(contract => contract.Customer, StringComparer.Ordinal)
            .Select(contracts => BackTestedCustomer.Of(contracts.Key, first, last, [.. contracts]))
            .ToList();
        return paging.Page(customers, customer => customer.Customer);
    }

    private const string SelectContracts = """
        with customers as (
            select distinct c.customer
            from contracts.contracts c
            where c.customer > @After and c.start_date < @To and (c.end_date is null or c.end_date >= @From)
                and (c.plan = @Plan or exists (
                    select from contracts.changes change where change.contract = c.code and change.plan = @Plan))
            order by c.customer
            limit @Fetch
        )
        select c.code, c.customer, customer.zone as customer_zone, c.plan, c.plan_version, c.currency,
            c.start_date as start, c.signed_end, c.anchor_date as anchor, c.agreed::text as agreed, c.late_usage
        from customers
        join contracts.contracts c on c.customer = customers.customer
        join parties.customers customer on customer.code = c.customer
        where c.start_date < @To and (c.end_date is null or c.end_date >= @From)
            and (c.plan = @Plan or exists (
                select from contracts.changes change where change.contract = c.code and change.plan = @Plan))
        order by c.customer, c.code
        """;
}

/// <summary>What a customer paid for some months, and would have paid.</summary>
public sealed record BackTestedCustomer
{
    public required string Customer { get; init; }

    /// <summary>The first month.</summary>
    public required Period From { get; init; }

    /// <summary>The last month, which is over.</summary>
    public required Period Through { get; init; }

    /// <summary>By the terms that were agreed, with everything that came late: before tax.</summary>
    public required Money Agreed { get; init; }

    /// <summary>By the plan version that is tried.</summary>
    public required Money Tried { get; init; }

    /// <summary>Tried less agreed.</summary>
    public required Money Difference { get; init; }

    public required IReadOnlyList<BackTestedContract> Contracts { get; init; }

    internal static BackTestedCustomer Of(
        string customer, Period from, Period through, IReadOnlyList<BackTestedContract> contracts)
    {
        var currency = contracts[0].Agreed.Currency;
        var agreed = contracts.Sum(contract => contract.Agreed.Amount);
        var tried = contracts.Sum(contract => contract.Tried.Amount);
        return new BackTestedCustomer
        {
            Customer = customer,
            From = from,
            Through = through,
            Agreed = new Money(agreed, currency),
            Tried = new Money(tried, currency),
            Difference = new Money(tried - agreed, currency),
            Contracts = contracts,
        };
    }
}

/// <summary>One contract of it.</summary>
public sealed record BackTestedContract
{
    public required string Contract { get; init; }

    internal string Customer { get; init; } = "";

    public required Money Agreed { get; init; }

    public required Money Tried { get; init; }

    /// <summary>Charges whose agreed differences do not fit the plan version: it is tried without them.</summary>
    public required IReadOnlyList<string> OverridesLeftOut { get; init; }

    /// <summary>Why it cannot be tried, and stands with zeros: null when it was.</summary>
    public required string? Refusal { get; init; }
}
