using InternalServices.Api.Chargeback.Budgets;
using InternalServices.Api.Chargeback.CostImports;
using InternalServices.Api.Chargeback.Costs;
using InternalServices.Api.Chargeback.Disputes;
using InternalServices.Api.Chargeback.Journal;
using InternalServices.Api.Chargeback.Periods;
using InternalServices.Api.Chargeback.RateCards;
using InternalServices.Api.Chargeback.RuleSets;
using InternalServices.Api.Chargeback.Runs;
using InternalServices.Api.Chargeback.Statements;
using InternalServices.Api.Chargeback.Statistics;
using InternalServices.Api.Chargeback.Usage;
using InternalServices.Api.Organisation;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Audit;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Operations;
using ServiceMesh.Messaging;

namespace InternalServices.Api;

/// <summary>The service for the provider's own organisation: chargeback.</summary>
public static class InternalServicesApp
{
    private const string Name = "internal-services";

    private static readonly ApiDocument Document = new(
        "internal",
        "ServiceMesh: internal services",
        """
        What the departments of the provider's own organisation use and cost: the service catalogue, costs and usage,
        the allocation runs of a month, statements and journal, and the close of the month on both sides.

        Money is `{"amount":"123.45","currency":"EUR"}`; quantities, shares and exact costs are decimal strings; months
        are `2026-11`, cost months of the provider's zone.
        """,
        typeof(InternalServicesApp).Assembly,
        [
            (OrganisationEndpoints.Tag, "Departments and the service catalogue of both sides."),
            (CostEndpoints.Tag, "Pools of cost and what stands in them, by month."),
            (CostImportEndpoints.Tag, "Cloud cost from FOCUS files, and the rules by which it finds its pools."),
            (UsageEndpoints.Tag, "What departments use of services."),
            (RuleSetEndpoints.Tag, "The allocation method and the rule of each pool, in versions."),
            (RunEndpoints.Tag, "Who bears what of a month: calculated, posted, certified."),
            (StatementEndpoints.Tag, "What each department bears of a month, and why."),
            (DisputeEndpoints.Tag, "What departments do not agree with, and what is decided."),
            (BudgetEndpoints.Tag, "What departments plan to bear, how they keep to it, and what is told about it."),
            (JournalEndpoints.Tag, "The double entry behind the statements, and its trial balance."),
            (PeriodEndpoints.Tag, "Cost months, their close on both sides, and what must be equal."),
            (AuditEndpoints.Tag, AuditEndpoints.TagDescription),
            (MessagingEndpoints.Tag, MessagingEndpoints.TagDescription),
        ])
    {
        IsAudited = true,
    };

    public static WebApplication Build(string[] args) => Build(args, clock: null);

    /// <param name="args">Configuration overrides as <c>--Section:Key=value</c>.</param>
    /// <param name="clock">Another than the system's.</param>
    public static WebApplication Build(string[] args, TimeProvider? clock)
    {
        var builder = ServiceMeshHost.CreateBuilder(args, Name, Document, typeof(AllocationRun).Assembly);
        if (clock is not null) builder.Services.AddSingleton(clock);
        builder.AddServiceMeshMessaging(Name, messaging => messaging
            .Consumer<UsageFinalizedConsumer>()
            .Consumer<ProfitabilityCalculatedConsumer>());
        builder.Services.AddSingleton(ProviderOptions.Read(builder.Configuration));
        builder.Services.AddSingleton(StatementOptions.Read(builder.Configuration));
        builder.Services.AddSingleton<BudgetWatch>();
        builder.Services.AddSingleton<RunPosting>();
        builder.Services.AddSingleton<MonthClose>();
        builder.Services.AddHostedService<AcknowledgementWorker>();

        var app = builder.Build();
        app.UseServiceMesh();
        app.MapOrganisation();
        app.MapStatistics();
        app.MapRateCards();
        app.MapCosts();
        app.MapCostImports();
        app.MapUsage();
        app.MapRuleSets();
        app.MapRuns();
        app.MapStatements();
        app.MapDisputes();
        app.MapBudgets();
        app.MapJournal();
        app.MapPeriods();
        app.MapAudit("internal");
        app.MapMessagingOperations("internal");
        return app;
    }

    public static Task Migrate(WebApplication app, CancellationToken cancellationToken) =>
        ServiceMeshHost.Migrate(app, typeof(InternalServicesApp).Assembly, cancellationToken);
}
