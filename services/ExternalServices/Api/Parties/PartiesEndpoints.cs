using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

/// <summary>Who invoices, who is invoiced, and at which tax rates.</summary>
public static class PartiesEndpoints
{
    public const string Tag = "Parties";

    public static void MapParties(this IEndpointRouteBuilder routes)
    {
        MapLegalEntities(routes.MapGroup("/external/v1/legal-entities").WithTags(Tag).Allow(Callers.Provider));
        MapCustomers(
            routes.MapGroup("/external/v1/customers").WithTags(Tag).Allow(Callers.Provider | Callers.Customer));
        MapTaxRates(routes.MapGroup("/external/v1/tax-rates").WithTags(Tag).Allow(Callers.Provider));
        MapExchangeRates(routes.MapGroup("/external/v1/exchange-rates").WithTags(Tag).Allow(Callers.Provider));
    }

    private static void MapLegalEntities(RouteGroupBuilder entities)
    {
        entities.MapPost("", RegisterLegalEntity.Handle)
            .Describe(
                "registerLegalEntity",
                "Register a legal entity",
                "Adds a company of the provider that invoices. Code, currency and zone never change.")
            .Answers<LegalEntity>(StatusCodes.Status201Created)
            .Refuses(409, "legal-entity-exists", "The code is taken.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        entities.MapGet("", ListLegalEntities.Handle)
            .Describe("listLegalEntities", "List legal entities", "By code.")
            .Answers<Page<LegalEntity>>();
        entities.MapGet("/{code}", GetLegalEntity.Handle)
            .Describe("getLegalEntity", "Read a legal entity", "With the details in force.")
            .Answers<LegalEntity>();
        entities.MapPut("/{code}", EditLegalEntity.Handle)
            .Describe(
                "editLegalEntity",
                "Edit a legal entity",
                "Replaces name, address, country and VAT id. Documents that exist keep the details they were made "
                    + "with.")
            .RequireIfMatch()
            .Answers<LegalEntity>()
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        entities.MapPost("/{code}/number-series", OpenNumberSeries.Handle)
            .Describe(
                "openNumberSeries",
                "Open a number series",
                "Says how the documents of one type and year are numbered: prefix and first number. Numbers are "
                    + "gapless. A series that nobody opened begins at 1 with a prefix made of the legal entity's code "
                    + "and the year.")
            .Answers<NumberSeries>(StatusCodes.Status201Created)
            .Refuses(409, "number-series-exists", "The series is open already, or another one has the prefix.")
            .Refuses(422, "prefix-reserved", "Another series of the legal entity gets this prefix by itself.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        entities.MapGet("/{code}/number-series", ListNumberSeries.Handle)
            .Describe("listNumberSeries", "List number series", "Of a legal entity, by prefix.")
            .Answers<Page<NumberSeries>>();
    }

    private static void MapCustomers(RouteGroupBuilder customers)
    {
        customers.MapPost("", RegisterCustomer.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "registerCustomer",
                "Register a customer",
                "Adds an external customer. Code, legal entity, currency and zone never change, because contracts and "
                    + "billing periods rest on them.")
            .Answers<Customer>(StatusCodes.Status201Created)
            .Refuses(409, "customer-exists", "The code is taken.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.")
            .Refuses(422, "legal-entity-not-found", "There is no legal entity with this code.");
        customers.MapGet("", ListCustomers.Handle)
            .Describe("listCustomers", "List customers", "By code. A customer sees itself.")
            .Answers<Page<Customer>>();
        customers.MapGet("/{code}", GetCustomer.Handle)
            .Describe(
                "getCustomer",
                "Read a customer",
                "With the details in force. A customer sees itself; any other answers 404.")
            .Answers<Customer>();
        customers.MapPut("/{code}", EditCustomer.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "editCustomer",
                "Edit a customer",
                "Replaces name, address, country, VAT id, e-mail, language and payment terms. Documents that exist "
                    + "keep the details they were made with.")
            .RequireIfMatch()
            .Answers<Customer>()
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
    }

    private static void MapTaxRates(RouteGroupBuilder rates)
    {
        rates.MapPost("", AddTaxRate.Handle)
            .Describe(
                "addTaxRate",
                "Add a tax rate",
                """
                Records a country's rate in percent for a span of days. A rate never changes; a new one begins when it
                ends. A charge of a plan says by its tax class which of its country's rates the seller takes at home:
                `standard`, `reduced` or `superReduced` (category `S`), `zero` (`Z`) or `exempt` (`E`, with the reason
                that invoices state).
                """)
            .Answers<TaxRateEntry>(StatusCodes.Status201Created)
            .Refuses(409, "tax-rate-overlaps", "Another rate of country and class is in force on some of the days.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        rates.MapGet("", ListTaxRates.Handle)
            .Describe("listTaxRates", "List tax rates", "In the order in which they were recorded.")
            .Answers<Page<TaxRateEntry>>();
    }

    private static void MapExchangeRates(RouteGroupBuilder rates)
    {
        rates.MapPost("", RecordExchangeRate.Handle)
            .Describe(
                "recordExchangeRate",
                "Record an exchange rate",
                "What one unit of a currency is worth in the provider's, from this day to the next that is recorded. "
                    + "Revenue in another currency is converted at the rate of its month's last day.")
            .Answers<ExchangeRate>(StatusCodes.Status201Created)
            .Refuses(409, "exchange-rate-exists", "A rate of the currency is recorded for the day already.")
            .Refuses(422, "invalid-fields", "The rate is out of range, or the currency is the provider's own.");
        rates.MapGet("", ListExchangeRates.Handle)
            .Describe("listExchangeRates", "List exchange rates", "By currency and day.")
            .Answers<Page<ExchangeRate>>();
    }
}
