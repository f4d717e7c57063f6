using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Contracts;
using ServiceMesh.Hosting.Identity;
using Testing;
using Testing.Documents;

namespace InternalServices.Api.Tests;

/// <summary>
/// The first month of Northwind IT Services, told by the examples of the API document: every operation occurs, every
/// example is carried out, and then strangers try the same.
/// </summary>
public sealed class ApiDocumentTests : IAsyncLifetime
{
    private const string MonthName = "2026-10";
    private const string ErrorQueue = "internal-services.usage-finalized_error";

    private static readonly string Project = Repository.PathOf("services", "InternalServices", "Api");

    private static readonly Dictionary<string, string> Common = new()
    {
        ["listServices"] = "the catalogue is for every department",
        ["getService"] = "the catalogue is for every department",
        ["listRateCards"] = "prices are for every department",
        ["getRateCard"] = "prices are for every department",
    };

    private static readonly Dictionary<string, string> ReadOnly = new()
    {
        ["previewRun"] = "stores nothing",
        ["tryCostImport"] = "stores nothing",
    };

    private readonly InternalServicesFixture _mesh = new();
    private HttpClient _http = null!;
    private ApiDocumentFile _document = null!;
    private ApiStory _story = null!;
    private string _provider = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _http = _mesh.RawClient();
        _document = await ApiDocumentFile.Read(_http, "/openapi/internal.json");
        _story = new ApiStory(_http, _document, Path.Combine(Project, "Examples"));
        _provider = _mesh.Issuer.Provider("operator");
    }

    [Fact]
    public async Task The_examples_tell_a_true_story_and_strangers_see_none_of_it()
    {
        await SetUp();
        await Costs();
        await Usage();
        await Books();
        var run = await CloseByHand();
        await Results(run);
        await Operations();

        _story.End();
        await Everything_that_was_changed_is_in_the_audit_trail();
        await _story.Spoil(_mesh.Database.Digest);
        await _story.Intrude(CallersOf, _mesh.Issuer, Common);
    }

    [Fact]
    public void The_committed_document_is_the_running_one() =>
        _document.CompareWith(Path.Combine(Project, "openapi.json"));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _mesh.DisposeAsync();
    }

    private async Task SetUp()
    {
        foreach (var (code, name) in new[] { ("OPS", "IT operations"), ("RND", "Research and development") })
        {
            (await _mesh.Provider.Post("departments", new { code, name })).Is(201);
        }

        await Tell("registerDepartment", 201);
        await Tell("editDepartment", 200, ("code", "SALES"), ("If-Match", "\"1\""));
        await _story.Tell("getDepartment", 200, _mesh.Issuer.Department("SALES"), ("code", "SALES"));
        await Tell("listDepartments", 200, ("limit", "2"));
        await Tell("replaceStatistics", 200, ("code", "SALES"), ("month", MonthName), ("If-Match", "\"0\""));
        await _story.Tell(
            "getStatistics", 200, _mesh.Issuer.Department("SALES"), ("code", "SALES"), ("month", MonthName));
        await Tell("planBudget", 201, ("code", "SALES"), ("Idempotency-Key", "plan-2026"));
        await _story.Tell("listBudgets", 200, _mesh.Issuer.Department("SALES"), ("code", "SALES"));
        await Tell("getBudget", 200, ("code", "SALES"), ("from", MonthName));
        await Tell("listBudgetVersions", 200, ("code", "SALES"), ("from", MonthName));
        await Tell("registerService", 201);
        await Tell("editService", 200, ("code", "STORAGE"), ("If-Match", "\"1\""));
        await Tell("getService", 200, ("code", "STORAGE"));
        await Tell("listServices", 200);
        await Tell("addRateCard", 201, ("code", "STORAGE"));
        await _story.Tell("listRateCards", 200, _mesh.Issuer.Department("SALES"), ("code", "STORAGE"));
        await Tell("getRateCard", 200, ("code", "STORAGE"), ("version", "1"));
    }

    private async Task Costs()
    {
        var office = new { code = "OFFICE", name = "Office and heads", kind = "support" };
        (await _mesh.Provider.Post("cost-pools", office)).Is(201);
        await Tell("registerCostPool", 201);
        await Tell("renameCostPool", 200, ("code", "STORAGE"), ("If-Match", "\"1\""));
        await Tell("getCostPool", 200, ("code", "STORAGE"));
        await Tell("listCostPools", 200);
        await Tell("recordCostEntries", 200, ("code", "STORAGE"));
        EntryItem[] heads = [EntryItem.Of(MonthName, "300.00")];
        (await _mesh.Provider.Post("cost-pools/OFFICE/entries/batch", heads)).Is(200);
        await Tell("getMappingRules", 200);
        await Tell("replaceMappingRules", 200, ("If-Match", "\"1\""));
        await Tell("recordCostExchangeRate", 201);
        await Tell("listCostExchangeRates", 200);
        await Tell("tryCostImport", 200);
        var import = await Tell("importCosts", 201);
        await Tell("importCosts", 200);
        var mistake = new FocusCsv { Account = "northwind-test" }.Row("99.90", "Storage").ToString();
        var taken = Id((await _mesh.Provider.PostCsv("cost-imports", mistake)).Is(201).Body);
        await Tell("reverseCostImport", 200, ("id", taken), ("Idempotency-Key", "reverse-2026-10"));
        await Tell("getCostImport", 200, ("id", Id(import)));
        await Tell("listCostImports", 200);
        await Tell("listCostImportRejections", 200, ("id", Id(import)));
        await Tell("listCostEntries", 200, ("code", "STORAGE"), ("month", MonthName), ("limit", "3"));
    }

    private async Task Usage()
    {
        await Tell("recordUsage", 200);
        await _story.Tell("summarizeUsage", 200, _mesh.Issuer.Department("SALES"), ("month", MonthName));
    }

    private async Task Books()
    {
        var controller = _mesh.Issuer.Provider("controller");
        var booked = await _story.Tell("takeOverBalances", 201, controller, ("Idempotency-Key", "books-2026-08"));
        await Tell("getJournalTransaction", 200, ("id", Id(booked)));
        var mistake = new
        {
            month = "2026-09",
            description = "Taken over twice",
            balances = new[] { new { kind = "department", code = "SALES", amount = new AmountItem("1.00") } },
        };
        var wrong = await _mesh.Client(controller).Post("journal/opening-balances", mistake, ApiClient.NewKey());
        var id = wrong.Is(201).Text("id");
        await _story.Tell("reverseJournalTransaction", 201, controller, ("id", id), ("Idempotency-Key", "undo"));
        await Tell("mapJournalAccount", 200, ("kind", "department"), ("code", "SALES"), ("If-Match", "\"0\""));
        await Tell("getJournalAccount", 200, ("kind", "department"), ("code", "SALES"));
        await Tell("listJournalAccounts", 200, ("limit", "3"));
    }

    /// <summary>The close is blocked by a pool without a rule, so that the run has to be posted by hand.</summary>
    private async Task<string> CloseByHand()
    {
        (await _mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = new[] { new { pool = "STORAGE", driver = new { kind = "usage", service = "STORAGE" } } },
        })).Is(201);
        var idle = (await _mesh.Provider.Post("runs", new { month = "2026-09" }, ApiClient.NewKey())).Is(201);
        await Tell("discardRun", 200, ("id", idle.Text("id")));
        await Tell("closePeriod", 202, ("month", MonthName));
        await _mesh.Publish(Finalized());
        await Eventually.Gives(
            () => _mesh.Provider.Get($"periods/{MonthName}"), period => period.Body["blockedBy"] is not null);
        await Tell("getPeriod", 200, ("month", MonthName));

        var rules = await Tell("addRuleSet", 201);
        await Tell("getRuleSet", 200, ("version", rules["version"]!.ToString()));
        await Tell("listRuleSets", 200);
        var run = Id(await Tell("calculateRun", 201, ("Idempotency-Key", "close-2026-10")));
        await Tell("calculateRun", 200, ("Idempotency-Key", "close-2026-10-again"));
        await Tell("previewRun", 200);
        await Tell("postRun", 200, ("id", run), ("Idempotency-Key", "post-2026-10"));
        await Tell("reverseRun", 200, ("id", run), ("Idempotency-Key", "reverse-2026-10"));
        run = await PostAgain();
        var share = await _mesh.Scalar<decimal>($"select external_share from chargeback.runs where id = '{run}'");
        await _mesh.Publish(Reckoned(run, share));
        await Eventually.Gives(
            () => _mesh.Provider.Get($"periods/{MonthName}"), period => period.Text("state") == "closed");
        return run;
    }

    private async Task<string> PostAgain()
    {
        var run = (await _mesh.Provider.Post("runs", new { month = MonthName }, ApiClient.NewKey())).Is(201).Text("id");
        (await _mesh.Provider.Post($"runs/{run}/post", key: ApiClient.NewKey())).Is(200);
        return run;
    }

    private async Task Results(string run)
    {
        await Tell("listPeriods", 200);
        await Tell("getRun", 200, ("id", run));
        await Tell("listRuns", 200, ("month", MonthName));
        await Tell("listRunLines", 200, ("id", run), ("limit", "3"));
        await Tell("listRunFlows", 200, ("id", run));
        await Tell("getRunCertificate", 200, ("id", run));
        var statements = await Tell("listStatements", 200, ("month", MonthName));
        var sales = statements["items"]!.AsArray().Single(item =>
            (string)item!["department"]! == "SALES" && (string)item["state"]! == "issued")!;
        var department = _mesh.Issuer.Department("SALES");
        foreach (var form in new[] { "text/csv", "text/html", "application/pdf" })
        {
            await _story.Tell("getStatement", 200, department, ("id", Id(sales)), ("Accept", form));
        }

        var statement = await _story.Tell("getStatement", 200, department, ("id", Id(sales)));
        await _story.Tell("acknowledgeStatement", 200, department, ("id", Id(sales)));
        await _story.Tell("explainStatementLine", 200, department, ("id", Id(statement["lines"]![0]!)));
        await Tell("getBudgetVariance", 200, ("code", "SALES"), ("from", MonthName));
        await _story.Tell("listBudgetAlerts", 200, department, ("code", "SALES"), ("from", MonthName));
        await _story.Tell("getControlLimits", 200, department, ("code", "SALES"));
        await Disputes(statements["items"]!.AsArray().Single(item =>
            (string)item!["department"]! == "RND" && (string)item["state"]! == "issued")!);
        await Tell("listJournal", 200, ("month", MonthName), ("limit", "4"));
        await Tell("getTrialBalance", 200, ("month", MonthName));
        await Tell("exportJournalCsv", 200, ("from", MonthName), ("to", MonthName));
        await Tell("exportJournalLedger", 200, ("from", MonthName), ("to", MonthName));
        await Tell("exportJournalFocus", 200, ("month", MonthName));
        await Tell("listAudit", 200, ("operation", "editDepartment"), ("limit", "1"));
        await Eventually.Gives(() => _mesh.Provider.Get("audit/verification"), audit => (long)audit["waiting"] == 0);
        await Tell("verifyAudit", 200);
        await Tell("reconcileMonth", 200, ("month", MonthName));
        await _story.Tell("reopenPeriod", 200, _mesh.Issuer.Provider("controller"), ("month", MonthName));
    }

    /// <summary>One line's dispute is accepted in part; the other's withdrawn, opened again and rejected.</summary>
    private async Task Disputes(JsonNode statement)
    {
        var (caller, department) = (_mesh.Department("RND"), _mesh.Issuer.Department("RND"));
        var lines = (await caller.Get($"statements/{Id(statement)}")).Is(200)["lines"];
        var (office, storage) = (Id(lines[0]!), Id(lines[1]!));
        var heads = Id(await _story.Tell("openDispute", 201, department, ("id", office), ("Idempotency-Key", "heads")));
        var meter = new { reason = "The meter was read twice.", evidence = Array.Empty<object>() };
        var path = $"statement-lines/{storage}/disputes";
        var first = (await caller.Post(path, meter, ApiClient.NewKey())).Is(201).Text("id");
        await _story.Tell("withdrawDispute", 200, department, ("id", first));
        var second = (await caller.Post(path, meter, ApiClient.NewKey())).Is(201).Text("id");
        (await _mesh.Provider.Post($"disputes/{second}/review")).Is(200);
        await Tell("rejectDispute", 200, ("id", second));

        await Tell("reviewDispute", 200, ("id", heads));
        await Tell("acceptDispute", 200, ("id", heads), ("Idempotency-Key", "heads"));
        await _story.Tell("getDispute", 200, department, ("id", heads));
        await Tell("listDisputes", 200, ("statement", Id(statement)));
    }

    private async Task Operations()
    {
        await Eventually.Gives(() => _mesh.Provider.Get("ops/messaging"), status => (int)status["outboxDepth"] == 0);
        await Tell("getMessagingStatus", 200);
        await Tell("listParkedEvents", 200);
        await Tell("replayParkedEvents", 200);
        await Tell("discardParkedEvents", 200);
        await Tell("listSetAsideMessages", 200, ("queue", ErrorQueue));
        await Tell("replaySetAsideMessages", 200, ("queue", ErrorQueue));
    }

    /// <summary>The story carries out every operation, so each that is no mere reading has left its trace.</summary>
    private async Task Everything_that_was_changed_is_in_the_audit_trail()
    {
        var written = _document.OperationIds
            .Where(id => _document.Operation(id).Method != HttpMethod.Get)
            .Except(ReadOnly.Keys);
        var audited = await _mesh.Scalar<string[]>("select array_agg(distinct operation) from audit.entries");
        Assert.Empty(written.Except(audited).Order(StringComparer.Ordinal));
    }

    private Task<JsonNode> Tell(string operationId, int status, params (string Name, string Value)[] values) =>
        _story.Tell(operationId, status, _provider, values);

    private static UsageFinalized Finalized()
    {
        ServiceUsage[] services = [new() { Service = "STORAGE", Quantity = 500m, Rows = 31 }];
        return new UsageFinalized
        {
            EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
            OccurredAt = Clock.System.GetUtcNow(),
            AggregateId = MonthName,
            AggregateVersion = 1,
            Period = MonthName,
            Month = MonthName,
            Services = services,
            Rows = 31,
            Checksum = UsageFinalized.ChecksumOf(services),
        };
    }

    private static ProfitabilityCalculated Reckoned(string run, decimal cost) => new()
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = MonthName,
        AggregateVersion = 1,
        Period = MonthName,
        RunId = Guid.Parse(run),
        Month = MonthName,
        Currency = "USD",
        Revenue = 1800m,
        Cost = cost,
    };

    private Callers CallersOf(string operationId) => _mesh.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == operationId)
        .Select(endpoint => Admission.Of(endpoint.Metadata)!.Callers)
        .Single();

    private static string Id(JsonNode resource) => (string)resource["id"]!;
}
