using ExternalServices.Api.Billing;
using ExternalServices.Api.Billing.Running;
using ExternalServices.Api.Catalogue;
using ExternalServices.Api.Contracts;
using ExternalServices.Api.Documents;
using ExternalServices.Api.Integrity;
using ExternalServices.Api.Ledger;
using ExternalServices.Api.Parties;
using ExternalServices.Api.Payments;
using ExternalServices.Api.Profitability;
using ExternalServices.Api.Revenue;
using ExternalServices.Api.Usage;
using ExternalServices.Domain.Tax;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Operations;
using ServiceMesh.Messaging;

namespace ExternalServices.Api;

/// <summary>The service for the customers that pay: billing and profitability.</summary>
public static class ExternalServicesApp
{
    private const string Name = "external-services";

    private static readonly ApiDocument Document = new(
        "external",
        "ServiceMesh: external services",
        """
        What external customers use, are invoiced and bring in: parties and tax rates, price plans and contracts, usage,
        billing runs and invoices, and the margin of every customer in a cost month.

        Money is `{"amount":"123.45","currency":"EUR"}`; quantities, prices and rates are decimal strings; instants are
        UTC; billing days are days of the customer's zone, cost months are months of the provider's.
        """,
        typeof(ExternalServicesApp).Assembly,
        [
            (PartiesEndpoints.Tag, "Who invoices, who is invoiced, and at which tax rates."),
            (CatalogueEndpoints.Tag, "Services that usage and charges name, from the internal side."),
            (ContractsEndpoints.Tag, "Price plans in immutable versions, and contracts on them."),
            (UsageEndpoints.Tag, "What customers used: recorded once for ever, in bulk."),
            (BillingEndpoints.Tag, "Billing runs, and invoices with gapless numbers and tax."),
            (PaymentsEndpoints.Tag, "Payments, what they are used for, refunds, and how customers stand."),
            (LedgerEndpoints.Tag, "The books in double entry: every money event, balances, export."),
            (RevenueEndpoints.Tag, "When what was invoiced becomes revenue, by invoice line and month."),
            (IntegrityEndpoints.Tag, "Whether what is stored agrees with itself, and the hash chain of documents."),
            (ProfitabilityEndpoints.Tag, "The close of a cost month on this side, and every customer's margin in it."),
            (MessagingEndpoints.Tag, MessagingEndpoints.TagDescription),
        ]);

    public static WebApplication Build(string[] args) => Build(args, clock: null);

    /// <param name="args">Configuration overrides as <c>--Section:Key=value</c>.</param>
    /// <param name="clock">Another than the system's.</param>
    public static WebApplication Build(string[] args, TimeProvider? clock)
    {
        var builder = ServiceMeshHost.CreateBuilder(args, Name, Document, typeof(TaxCategory).Assembly);
        if (clock is not null) builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(ProviderOptions.Read(builder.Configuration));
        builder.AddServiceMeshMessaging(Name, consumers => consumers
            .Consumer<ServiceCatalogChangedConsumer>()
            .Consumer<CostPeriodClosingConsumer>()
            .Consumer<UnitCostsPublishedConsumer>()
            .Consumer<CostPeriodClosedConsumer>()
            .Consumer<CostPeriodReopenedConsumer>());
        builder.Services.AddSingleton<MonthReckoning>();
        builder.Services.AddSingleton(
            builder.Configuration.GetSection(BillingOptions.Section).Get<BillingOptions>() ?? new BillingOptions());
        builder.Services.AddSingleton<BillingSignal>();
        builder.Services.AddSingleton<PlanTerms>();
        builder.Services.AddSingleton<Amendments>();
        builder.Services.AddSingleton<DocumentForms>();
        builder.Services.AddSingleton<BillingStep>();
        builder.Services.AddHostedService<BillingWorker>();
        builder.Services.AddHostedService<GraceWorker>();
        builder.Services.AddHostedService<SealWorker>();

        var app = builder.Build();
        app.UseServiceMesh();
        app.MapParties();
        app.MapCatalogue();
        app.MapTaxExemptions();
        app.MapContracts();
        app.MapUsage();
        app.MapBilling();
        app.MapForecasts();
        app.MapPayments();
        app.MapLedger();
        app.MapRevenue();
        app.MapIntegrity();
        app.MapProfitability();
        app.MapMessagingOperations("external");
        return app;
    }

    public static Task Migrate(WebApplication app, CancellationToken cancellationToken) =>
        ServiceMeshHost.Migrate(app, typeof(ExternalServicesApp).Assembly, cancellationToken);
}
