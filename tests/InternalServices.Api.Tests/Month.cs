using ServiceMesh.Contracts;
using Testing;

namespace InternalServices.Api.Tests;

/// <summary>A month with one service that two departments and the external customers use, and a support pool.</summary>
public sealed class Month
{
    public const string Name = "2026-10";

    private readonly InternalServicesFixture _mesh;

    private Month(InternalServicesFixture mesh) => _mesh = mesh;

    public required string Sales { get; init; }

    public required string Research { get; init; }

    public required string Service { get; init; }

    public required string Pool { get; init; }

    public required string Support { get; init; }

    /// <summary>Which month it is; <see cref="Name"/> unless another was asked for.</summary>
    public string At { get; private init; } = Name;

    public string Path => $"periods/{At}";

    /// <summary>Another month of the same organisation, without costs.</summary>
    public Month In(string at) => new(_mesh)
    {
        Sales = Sales,
        Research = Research,
        Service = Service,
        Pool = Pool,
        Support = Support,
        At = at,
    };

    /// <summary>
    /// Service pool 100.00 to share and 5.00 directly for customer ACME; support pool 30.00 by halves for sales and the
    /// external business. Usage: sales 1, research 2.
    /// </summary>
    public static async Task<Month> SetUp(InternalServicesFixture mesh)
    {
        var organisation = new Organisation(mesh.Provider);
        var (sales, research) = (await organisation.Department("SALES"), await organisation.Department("RESEARCH"));
        var service = await organisation.Service(sales);
        var month = new Month(mesh)
        {
            Sales = sales,
            Research = research,
            Service = service,
            Pool = await organisation.Pool(service),
            Support = await organisation.Pool(),
        };
        await month.Cost(month.Pool, EntryItem.Of(Name, "100.00"), EntryItem.Of(Name, "5.00", customer: "ACME"));
        await month.Cost(month.Support, EntryItem.Of(Name, "30.00"));
        await month.Used(sales, "1");
        await month.Used(research, "2");
        await month.Rules("refuse");
        return month;
    }

    public async Task<ApiAnswer> Cost(string pool, params EntryItem[] entries) =>
        (await _mesh.Provider.Post($"cost-pools/{pool}/entries/batch", entries)).Is(200);

    public async Task<ApiAnswer> Used(string department, string quantity, string at = "2026-10-05T09:30:00Z") =>
        (await _mesh.Provider.Post(
            "usage/batch",
            new[] { new UsageItem("meter", Organisation.Code("U"), department, Service, at, quantity) })).Is(200);

    public async Task<int> Rules(string whenZero, string method = "direct")
    {
        var half = new[]
        {
            new { department = Sales, quantity = "50" },
            new { department = "EXTERNAL-BUSINESS", quantity = "50" },
        };
        var answer = await _mesh.Provider.Post("rule-sets", new
        {
            method,
            rules = new object[]
            {
                new { pool = Pool, driver = new { kind = "usage", service = Service }, whenZero },
                new { pool = Support, driver = new { kind = "fixedPercent", consumers = half } },
            },
        });
        return (int)answer.Is(201)["version"];
    }

    public async Task<ApiAnswer> Calculate(int? ruleSet = null) =>
        await _mesh.Provider.Post("runs", new { month = At, ruleSet }, ApiClient.NewKey());

    public Task<ApiAnswer> Close() => _mesh.Provider.Post($"{Path}/close");

    public async Task<ApiAnswer> Period() => (await _mesh.Provider.Get(Path)).Is(200);

    /// <summary>The external side has counted.</summary>
    public Task FinalizeUsage(decimal quantity, long version = 1, string? checksum = null)
    {
        var services = new[]
        {
            new ServiceUsage { Service = Service, Quantity = quantity, Rows = 7 },
            new ServiceUsage { Service = "UNUSED", Quantity = 0, Rows = 0 },
        };
        return _mesh.Publish(new UsageFinalized
        {
            EventId = NewId(),
            OccurredAt = Clock.System.GetUtcNow(),
            AggregateId = At,
            AggregateVersion = version,
            Period = At,
            Month = At,
            Services = services,
            Rows = 7,
            Checksum = checksum ?? UsageFinalized.ChecksumOf(services),
        });
    }

    /// <summary>The external side has reckoned with a run.</summary>
    public Task Reckon(string run, decimal cost, string currency = "USD") =>
        _mesh.Publish(new ProfitabilityCalculated
        {
            EventId = NewId(),
            OccurredAt = Clock.System.GetUtcNow(),
            AggregateId = At,
            AggregateVersion = 1,
            Period = At,
            RunId = Guid.Parse(run),
            Month = At,
            Currency = currency,
            Revenue = 200m,
            Cost = cost,
        });

    /// <summary>The month once the external side's usage has been allocated and posted.</summary>
    public Task<ApiAnswer> Posted() => Eventually.Gives(Period, period => period.Body["runId"] is not null);

    public Task<ApiAnswer> Until(string state) => Eventually.Gives(Period, period => period.Text("state") == state);

    /// <summary>From open to closed.</summary>
    public async Task<string> CloseCompletely(decimal usage, decimal share)
    {
        (await Close()).Is(202);
        await FinalizeUsage(usage);
        var run = (await Posted()).Text("runId");
        await Reckon(run, share);
        await Until("closed");
        return run;
    }

    /// <summary>The statement that stands, with its lines.</summary>
    public async Task<ApiAnswer> Statement(string department) =>
        (await _mesh.Provider.Get($"statements/{await StatementId(department)}")).Is(200);

    public async Task<string> StatementId(string department) =>
        (string)(await _mesh.Provider.Get($"statements?month={At}&department={department}")).Is(200).Items
            .Single(statement => (string)statement["state"]! != "reversed")["id"]!;

    private static Guid NewId() => Guid.CreateVersion7(Clock.System.GetUtcNow());
}
