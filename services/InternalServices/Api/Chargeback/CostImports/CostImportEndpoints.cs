using Microsoft.AspNetCore.Mvc;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Cloud cost from FOCUS files, and the rules by which it finds its pools.</summary>
public static class CostImportEndpoints
{
    public const string Tag = "Cost imports";

    public static void MapCostImports(this IEndpointRouteBuilder routes)
    {
        MapRules(routes.MapGroup("/internal/v1/mapping-rules").WithTags(Tag).Allow(Callers.Provider));
        MapImports(routes.MapGroup("/internal/v1/cost-imports").WithTags(Tag).Allow(Callers.Provider));
    }

    private static void MapRules(RouteGroupBuilder rules)
    {
        rules.MapGet("", GetMappingRules.Handle)
            .Describe("getMappingRules", "Read the mapping rules", "The list that the next import is mapped by.")
            .Answers<MappingRules>();
        rules.MapPut("", ReplaceMappingRules.Handle)
            .Describe(
                "replaceMappingRules",
                "Replace the mapping rules",
                """
                Rules are asked in the order of the list; pool and assignee are each decided by the first rule that
                applies and sets it. A row that no rule gives a pool goes to the pool `UNMAPPED`; cost without an
                assignee stands at `UNALLOCATED`, so a list usually ends with a rule that shares what is left. What was
                imported stays as it is.
                """)
            .RequireIfMatch()
            .Answers<MappingRules>()
            .Refuses(
                422,
                "invalid-fields",
                "A rule breaks a rule of the form, or names a pool or department that is not there.");
    }

    private static void MapImports(RouteGroupBuilder imports)
    {
        imports.MapPost("", ImportCosts.Handle)
            .WithMetadata(new RequestSizeLimitAttribute(ImportCosts.MaxFileBytes))
            .Describe(
                "importCosts",
                "Import a FOCUS file",
                """
                A CSV file of the FinOps Open Cost and Usage Specification 1.0 to 1.2, in UTF-8, plain or packed with
                gzip (`Content-Encoding: gzip`, or a `.gz` file as it is), at most 2 GiB as it is sent, read as a
                stream. The month is that of `ChargePeriodStart` in UTC; the cost is `BilledCost`, exact; the text
                `NULL` means null. Cost in another currency is converted at the exchange rate that holds on the last day
                of its month. Broken rows are reported with their line and the rest is imported. Cost of a month that is
                closing or closed lands in the earliest open one and keeps its month of origin.

                The same file again (by the SHA-256 of its text) changes nothing and answers 200 with the first import.
                Another file of the same provider, billing account and billing period replaces what stands of them:
                earlier entries are cancelled, in open months only. Where a provider sends a period in several files,
                the later ones say `?supplement=true` and add to it.
                """)
            .TakesFocusFile()
            .Answers<CostImport>(StatusCodes.Status201Created)
            .Answers<CostImport>();
        imports.MapPost("/dry-run", TryImport.Handle)
            .WithMetadata(new RequestSizeLimitAttribute(ImportCosts.MaxFileBytes))
            .Describe(
                "tryCostImport",
                "Try an import",
                """
                Reads a FOCUS file as an import would, by the current mapping rules, and stores nothing. Shows what each
                rule would decide, what none does, what would be rejected, and which imports would be replaced.
                """)
            .TakesFocusFile()
            .Answers<TryImport.DryRun>();
        imports.MapGet("", ListCostImports.Handle)
            .Describe("listCostImports", "List imports", "The latest first.")
            .Answers<Page<ListCostImports.Summary>>();
        imports.MapGet("/{id:guid}", GetCostImport.Handle)
            .Describe(
                "getCostImport",
                "Read an import",
                "Row counts, exact totals by month and pool, and the first rejections.")
            .Answers<CostImport>();
        imports.MapPost("/{id:guid}/reverse", ReverseCostImport.Handle)
            .Describe(
                "reverseCostImport",
                "Reverse an import",
                """
                Cancels what still stands of the import: in its own months while they are open, else in the earliest
                open ones. What it had replaced does not come back by itself; its file can be imported again.
                """)
            .RequireIdempotencyKey()
            .Answers<CostImport>()
            .Refuses(409, "import-not-standing", "It was reversed, or corrected files have replaced all of it.");
        imports.MapGet("/{id:guid}/rejections", ListRejections.Handle)
            .Describe("listCostImportRejections", "List rejections", "Every cell that could not be taken, by line.")
            .Answers<Page<CostImport.Rejection>>();
    }

    private static RouteHandlerBuilder TakesFocusFile(this RouteHandlerBuilder builder) => builder
        .Accepts<string>("text/csv", "application/gzip")
        .Refuses(422, "not-utf-8", "The file is not UTF-8 text.")
        .Refuses(422, "not-gzip", "The file was packed and cannot be unpacked.")
        .Refuses(422, "column-missing", "There is no header, or needed columns are not in it; `errors` names each.")
        .Refuses(422, "column-repeated", "A needed column stands twice in the header.")
        .Refuses(422, "cell-too-long", "A cell is longer than any of a FOCUS file.")
        .Refuses(422, "line-too-long", "A line is longer than any of a FOCUS file.")
        .Refuses(422, "file-too-large", "Unpacked, the file is larger than 16 GiB.")
        .Refuses(422, "too-many-rejections", $"More than {CostTally.MaxRejections} cells could not be taken.")
        .Refuses(422, "too-many-destinations", $"The rows go to more than {CostTally.MaxDestinations} places.")
        .Refuses(422, "amount-out-of-range", "A sum reaches 10^13.");
}
