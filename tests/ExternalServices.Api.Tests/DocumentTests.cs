using Testing;
using Testing.Documents;

namespace ExternalServices.Api.Tests;

/// <summary>The API document is the committed one, and each of its examples is carried out.</summary>
public sealed class DocumentTests(StoryService service) : IClassFixture<StoryService>
{
    private const string Month = "2026-10";
    private const string ErrorQueue = "external-services.cost-period-closing_error";

    private static readonly string Project = Repository.PathOf("services", "ExternalServices", "Api");

    /// <summary>Operations that show every admitted caller the same, or answer a stranger in another way.</summary>
    private static readonly Dictionary<string, string> Common = new()
    {
        ["listServices"] = "The catalogue is the same for every customer.",
        ["getService"] = "The catalogue is the same for every customer.",
        ["recordUsage"] = "Each item of somebody else's is rejected, see RecordUsageTests.",
    };

    [Fact]
    public async Task The_committed_document_is_the_services_own()
    {
        using var client = service.Running.Client();
        var document = await ApiDocumentFile.Read(client, "/openapi/external.json");
        document.CompareWith(Path.Combine(Project, "openapi.json"));
    }

    [Fact]
    public async Task The_story_is_true_and_nothing_in_it_is_for_strangers()
    {
        using var client = service.Running.Client();
        var document = await ApiDocumentFile.Read(client, "/openapi/external.json");
        var story = new ApiStory(client, document, Path.Combine(Project, "Examples"));
        await service.Sql(World.Catalogue);
        await using var inside = await InternalSide.Connect(service.Vhost);

        await TellParties(story);
        await TellContracts(story);
        await TellBilling(story, await TellUsage(story));
        await new MoneyStory(service, story).Tell();
        await TellProfitability(story, inside);
        await TellAmendments(story);
        await TellCorrections(story);
        await TellOperations(story);
        story.End();
        await story.Spoil(service.Database.Digest);
        await story.Intrude(service.Running.CallersOf, service.Issuer, Common);
    }

    private string Provider => service.Issuer.Provider("operator");

    private async Task TellParties(ApiStory story)
    {
        await story.Tell("registerLegalEntity", 201, Provider);
        await story.Tell("editLegalEntity", 200, Provider, ("code", "NORTHWIND-ES"), ("If-Match", "\"1\""));
        await story.Tell("getLegalEntity", 200, Provider, ("code", "NORTHWIND-ES"));
        await story.Tell("listLegalEntities", 200, Provider);
        await story.Tell("openNumberSeries", 201, Provider, ("code", "NORTHWIND-ES"));
        await story.Tell("listNumberSeries", 200, Provider, ("code", "NORTHWIND-ES"));
        await story.Tell("registerCustomer", 201, Provider);
        await story.Tell("editCustomer", 200, Provider, ("code", "ACME"), ("If-Match", "\"1\""));
        await story.Tell("getCustomer", 200, Provider, ("code", "ACME"));
        await story.Tell("listCustomers", 200, Provider);
        var exemption = await story.Tell("addTaxExemption", 201, Provider, ("code", "ACME"));
        await story.Tell("endTaxExemption", 200, Provider, ("code", "ACME"), ("id", exemption.Text("id")));
        await story.Tell("listTaxExemptions", 200, Provider, ("code", "ACME"));
        await story.Tell("addTaxRate", 201, Provider);
        await story.Tell("listTaxRates", 200, Provider);
        await story.Tell("recordExchangeRate", 201, Provider);
        await story.Tell("listExchangeRates", 200, Provider);
    }

    private async Task TellContracts(ApiStory story)
    {
        await story.Tell("listServices", 200, Provider);
        await story.Tell("getService", 200, Provider, ("code", "STORAGE"));
        await story.Tell("createPlan", 201, Provider);
        await story.Tell("draftPlanVersion", 201, Provider, ("code", "MANAGED"));
        await story.Tell(
            "editPlanVersion", 200, Provider, ("code", "MANAGED"), ("version", "1"), ("If-Match", "\"1\""));
        await story.Tell("publishPlanVersion", 200, Provider, ("code", "MANAGED"), ("version", "1"));
        await story.Tell("getPlanVersion", 200, Provider, ("code", "MANAGED"), ("version", "1"));
        await story.Tell("getPlan", 200, Provider, ("code", "MANAGED"));
        await story.Tell("listPlans", 200, Provider);
        await story.Tell("signContract", 201, Provider);
        await story.Tell("getContract", 200, Provider, ("code", "ACME-2026"));
        await story.Tell("listContracts", 200, Provider, ("customer", "ACME"));
    }

    /// <summary>Also signs a second customer, whose draft is deleted later.</summary>
    private async Task<string> TellUsage(ApiStory story)
    {
        await story.Tell("recordUsage", 200, Provider);
        await service.Provider.Post("/external/v1/customers", new
        {
            code = "GLOBEX",
            legalEntity = "NORTHWIND-ES",
            name = "Globex GmbH",
            address = new { street = "Domstraße 10", city = "Hamburg", postalCode = "20095" },
            country = "DE",
            vatId = "DE123456789",
            currency = "EUR",
            zone = "Europe/Berlin",
            language = "en",
            paymentTermsDays = 30,
        });
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code = "GLOBEX-2026", customer = "GLOBEX", plan = "MANAGED", planVersion = 1, start = "2026-10-15" });
        return "GLOBEX";
    }

    private async Task TellBilling(ApiStory story, string other)
    {
        var started = await story.Tell("startBillingRun", 202, Provider, ("Idempotency-Key", "billing-2026-10"));
        var run = started.Text("id");
        await Eventually.Gives(
            () => service.Provider.Get($"/external/v1/billing-runs/{run}"), read => read.Text("state") == "completed");
        await story.Tell("getBillingRun", 200, Provider, ("id", run));
        await story.Tell("listBillingRuns", 200, Provider);
        await story.Tell("listBillingRunFailures", 200, Provider, ("id", run));

        var draft = (await service.Provider.Get($"/external/v1/invoices?customer={other}")).Text("items.0.id");
        await story.Tell("deleteDraft", 204, Provider, ("id", draft), ("If-Match", "\"1\""));
        var invoice = (await service.Provider.Get("/external/v1/invoices?customer=ACME")).Text("items.0.id");
        await story.Tell("finalizeInvoice", 200, Provider, ("id", invoice), ("Idempotency-Key", "finalize-acme"));
        await story.Tell("getInvoice", 200, Provider, ("id", invoice));
        await story.Tell("listInvoices", 200, Provider, ("customer", "ACME"), ("month", Month));
        await story.Tell("explainLine", 200, Provider, ("id", invoice), ("number", "3"));
        await story.Tell(
            "getUsageEvent", 200, Provider, ("customer", "ACME"), ("source", "hypervisor"), ("id", "vm-4/2026-10-12"));
    }

    private async Task TellProfitability(ApiStory story, InternalSide inside)
    {
        await inside.Close(Month);
        var run = InternalSide.NewRun();
        await inside.Tell(
            Month,
            run,
            [
                InternalSide.Cost("COMPUTE", 61.44m, 1536),
                InternalSide.Cost("STORAGE", 41.20m, 1250.5m),
                InternalSide.Cost("SUPPORT", 180, 0),
            ],
            [InternalSide.Direct("GLOBEX", 12.5m)],
            residual: 75);
        await inside.Answer(run);
        await story.Tell("getCostMonth", 200, Provider, ("month", Month));
        await story.Tell("listCustomerProfitability", 200, Provider, ("month", Month));
        await story.Tell("reconcileProfitability", 200, Provider, ("month", Month));
    }

    private async Task TellAmendments(ApiStory story)
    {
        var contract = ("code", "ACME-2026");
        await story.Tell("previewChange", 200, Provider, contract);
        await story.Tell("changeContract", 200, Provider, contract, ("Idempotency-Key", "change-acme"));
        await story.Tell("previewPause", 200, Provider, contract);
        await story.Tell("pauseContract", 200, Provider, contract, ("Idempotency-Key", "pause-acme"));
        await story.Tell("previewResume", 200, Provider, contract);
        await story.Tell("resumeContract", 200, Provider, contract, ("Idempotency-Key", "resume-acme"));
        await story.Tell("previewCancellation", 200, Provider, contract);
        await story.Tell("cancelContract", 200, Provider, contract, ("Idempotency-Key", "cancel-acme"));
        await story.Tell("previewRenewal", 200, Provider, contract);
        await story.Tell("renewContract", 200, Provider, contract, ("Idempotency-Key", "renew-acme"));
        await story.Tell("listContractChanges", 200, Provider, contract);
    }

    private async Task TellCorrections(ApiStory story)
    {
        await story.Tell(
            "replaceUsageEvent",
            200,
            Provider,
            ("customer", "ACME"),
            ("source", "hypervisor"),
            ("id", "vm-4/2026-10-12"),
            ("Idempotency-Key", "replace-vm-4"));
        await story.Tell(
            "voidUsageEvent",
            200,
            Provider,
            ("customer", "ACME"),
            ("source", "storage-meter"),
            ("id", "2026-10-31/vol-17"),
            ("Idempotency-Key", "void-vol-17"));
        await story.Tell("previewNextInvoice", 200, Provider, ("code", "ACME-2026"));
        await story.Tell("getTaxReport", 200, Provider, ("legalEntity", "NORTHWIND-ES"), ("month", Month));
        await story.Tell("backTestPlanVersion", 200, Provider, ("code", "MANAGED"), ("version", "1"), ("months", "1"));
    }

    private async Task TellOperations(ApiStory story)
    {
        await Eventually.Gives(
            () => service.Provider.Get("/external/v1/ops/messaging"), status => status.Text("outboxDepth") == "0");
        await story.Tell("getMessagingStatus", 200, Provider);
        await story.Tell("listParkedEvents", 200, Provider);
        await story.Tell("replayParkedEvents", 200, Provider);
        await story.Tell("discardParkedEvents", 200, Provider);
        await story.Tell("listSetAsideMessages", 200, Provider, ("queue", ErrorQueue));
        await story.Tell("replaySetAsideMessages", 200, Provider, ("queue", ErrorQueue));
    }
}

/// <summary>A service of its own on a day of its own, so that its documents bear the same dates for ever.</summary>
public sealed class StoryService : ExternalService
{
    private static readonly DateTimeOffset Day = new(2026, 11, 2, 9, 30, 0, TimeSpan.Zero);

    protected override TimeProvider Time { get; } = new Since(Day);

    private sealed class Since(DateTimeOffset start) : TimeProvider
    {
        private readonly long _started = Clock.System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + Clock.System.GetElapsedTime(_started);
    }
}
