using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>What holds for a contract on a day.</summary>
internal sealed record TermsInForce(string Plan, int PlanVersion, string? Agreed, bool IsPaused, bool IsEnded);

/// <summary>A contract with everything that was ever signed on it.</summary>
internal sealed record SignedContract : RunningContract
{
    public required string LegalEntity { get; init; }

    /// <summary>The end that holds now.</summary>
    public required DateOnly? End { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset SignedAt { get; init; }

    public IReadOnlyList<ChangeRow> Changes { get; init; } = [];

    public static async Task<SignedContract?> Read(Transaction transaction, string code) =>
        (await With(transaction, await transaction.Query<SignedContract>(SelectOne, new { Code = code })))
            .SingleOrDefault();

    /// <summary>Nobody bills or changes it until the transaction ends.</summary>
    public static async Task<SignedContract?> Lock(Transaction transaction, string code) =>
        await transaction.SingleOrDefault<string>(SelectForUpdate, new { Code = code }) is null
            ? null
            : await Read(transaction, code);

    public static async Task<IReadOnlyList<SignedContract>> List(
        Transaction transaction, string? customer, string after, int fetch) =>
        await With(
            transaction,
            await transaction.Query<SignedContract>(
                SelectMany, new { Customer = customer, After = after, Fetch = fetch }));

    public DateOnly Today(DateTimeOffset now) => LocalDay.Of(now, Zone);

    public TermsInForce On(DateOnly day) =>
        Changes.LastOrDefault(change => change.On <= day) is { } change
            ? new TermsInForce(change.Plan, change.PlanVersion, change.Agreed, change.IsPaused, change.IsEnded)
            : new TermsInForce(Plan, PlanVersion, Agreed, false, SignedEnd <= day);

    public ContractState StateOn(DateOnly day) => On(day) switch
    {
        { IsEnded: true } => ContractState.Ended,
        _ when day < Start => ContractState.Scheduled,
        { IsPaused: true } => ContractState.Paused,
        _ => ContractState.Active,
    };

    /// <summary>The end that the signatures give; null while it runs.</summary>
    public DateOnly? AgreedEnd =>
        Changes.Count == 0
            ? SignedEnd
            : Changes.Select(change => (DateOnly?)change.On).Append(SignedEnd).Order()
                .FirstOrDefault(day => day is { } end && IsLastEnd(end));

    /// <summary>What was signed for days after this one and still holds then, in the order of the days.</summary>
    public IEnumerable<NewTerms> Later(DateOnly than) =>
        from day in Changes.Select(change => change.On).Concat(SignedEnd is { } end ? [end] : []).Distinct().Order()
        where day > than
        let terms = On(day)
        where terms != On(day.AddDays(-1))
        select new NewTerms(terms.IsEnded ? ContractChangeKind.End : ContractChangeKind.Phase, day, terms);

    /// <summary>The contract with one more signature.</summary>
    /// <param name="row">What is signed.</param>
    /// <param name="plans">Have been loaded.</param>
    /// <param name="billed">First days of fees that are billed.</param>
    /// <param name="now">When it is signed.</param>
    public SignedContract With(NewTerms row, PlanTerms plans, HashSet<DateOnly> billed, DateTimeOffset now)
    {
        var terms = Terms(plans, Changes, isChanging: true);
        var segment = new TermsTimeline(terms).BilledWith(row.On);
        var isAgreedBefore = row.Kind is ContractChangeKind.End or ContractChangeKind.Phase;
        var change = new ChangeRow
        {
            Contract = Code,
            Number = Changes.Count + 1,
            Kind = row.Kind,
            On = row.On,
            Plan = row.Terms.Plan,
            PlanVersion = row.Terms.PlanVersion,
            Agreed = row.Terms.Agreed,
            IsPaused = row.Terms.IsPaused,
            IsEnded = row.Terms.IsEnded,
            Adjusts = isAgreedBefore
                ? billed.Contains(segment.Start)
                : row.On > segment.Start || billed.Contains(row.On),
            Reason = null,
            SignedAt = now,
            SignedBy = "",
        };
        return this with { Changes = [.. Changes, change] };
    }

    public Contract ToContract(DateTimeOffset now)
    {
        var today = Today(now);

        // After its end it shows what it ended with.
        var inForce = On(End is { } end && end <= today ? end.AddDays(-1) : today < Start ? Start : today);
        var agreed = AgreedTerms.Parse(inForce.Agreed);
        return new Contract
        {
            Code = Code,
            Customer = Customer,
            LegalEntity = LegalEntity,
            State = StateOn(today),
            Plan = inForce.Plan,
            PlanVersion = inForce.PlanVersion,
            Currency = Currency,
            Start = Start,
            End = End,
            Anchor = Anchor,
            Overrides = agreed.Overrides,
            Commitments = agreed.Commitments,
            LateUsage = LateUsage,
            Version = Version,
            SignedAt = SignedAt,
        };
    }

    private bool IsLastEnd(DateOnly day) =>
        On(day).IsEnded && Changes.All(change => change.On <= day || On(change.On).IsEnded);

    private static async Task<IReadOnlyList<SignedContract>> With(
        Transaction transaction, IReadOnlyList<SignedContract> contracts)
    {
        var changes = await ChangeRow.Read(transaction, contracts.Select(contract => contract.Code));
        return [.. contracts.Select(contract => contract with { Changes = [.. changes[contract.Code]] })];
    }

    private const string SelectForUpdate = """
        select code from contracts.contracts where code = @Code for no key update
        """;

    private const string SelectOne = """
        select c.code, c.customer, customer.zone as customer_zone, c.legal_entity, c.plan, c.plan_version, c.currency,
            c.start_date as start, c.signed_end, c.end_date as end, c.anchor_date as anchor, c.agreed::text as agreed,
            c.late_usage, c.version, c.signed_at
        from contracts.contracts c
        join parties.customers customer on customer.code = c.customer
        where c.code = @Code
        """;

    private const string SelectMany = """
        select c.code, c.customer, customer.zone as customer_zone, c.legal_entity, c.plan, c.plan_version, c.currency,
            c.start_date as start, c.signed_end, c.end_date as end, c.anchor_date as anchor, c.agreed::text as agreed,
            c.late_usage, c.version, c.signed_at
        from contracts.contracts c
        join parties.customers customer on customer.code = c.customer
        where (@Customer is null or c.customer = @Customer) and c.code > @After
        order by c.code
        limit @Fetch
        """;
}
