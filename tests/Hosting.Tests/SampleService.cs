using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace Hosting.Tests;

/// <summary>A service as small as one can be that uses everything that makes the services alike.</summary>
public static class SampleService
{
    private static readonly ApiDocument Document = new(
        "internal",
        "Orders",
        "Orders, for the tests of what services share.",
        typeof(SampleService).Assembly,
        [("Orders", "Orders.")]);

    public static WebApplication Build(string[] args)
    {
        var app = ServiceMeshHost.CreateBuilder(args, "internal-services", Document).Build();
        app.UseServiceMesh();
        var orders = app.MapGroup("/internal/v1/orders")
            .WithTags("Orders")
            .Allow(Callers.Provider | Callers.Department);
        orders.MapPost("", PlaceOrder.Handle)
            .Describe("placeOrder", "Place an order", "Places an order.")
            .RequireIdempotencyKey()
            .Answers<Order>(201);
        orders.MapPut("/{code}", EditOrder.Handle)
            .Describe("editOrder", "Edit an order", "Changes the quantity.")
            .RequireIfMatch()
            .Answers<Order>();
        orders.MapGet("", ListOrders.Handle).Describe("listOrders", "List orders", "By code.").Answers<Page<Order>>();
        orders.MapGet("/report", Report)
            .Describe("getReport", "Read a report", "In three forms.")
            .Answers<Order>()
            .AlsoAs(Forms.Csv, "application/pdf");
        orders.MapGet("/fault", Fault).Describe("fail", "Fail", "Fails as only a bug can.").Answers<Order>();
        return app;
    }

    private static IResult Report(HttpRequest request) =>
        Forms.Choose(request, Forms.Json, Forms.Csv, "application/pdf") switch
        {
            Forms.Json => Answer.Ok(new Order { Code = "R", Quantity = 1, Version = 1 }),
            { } mediaType => FileAnswer.Of(mediaType, "report", "R,1"u8.ToArray()) with { Version = 1 },
            null => Forms.NotAcceptable(Forms.Json, Forms.Csv, "application/pdf"),
        };

    private static IResult Fault() => throw new InvalidOperationException("A secret of the implementation.");
}

public sealed record Order
{
    public required string Code { get; init; }

    public required decimal Quantity { get; init; }

    public required long Version { get; init; }
}

public static class PlaceOrder
{
    public sealed record Request
    {
        public required string Code { get; init; }

        public required decimal Quantity { get; init; }

        public IReadOnlyList<Line> Lines { get; init; } = [];
    }

    public sealed record Line
    {
        public required decimal Quantity { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Place(transaction, body),
            order => Answer.Created($"/internal/v1/orders/{order.Code}", order) with { Version = order.Version },
            cancellationToken);

    private static async Task<Outcome<Order>> Place(Transaction transaction, Request body)
    {
        var fields = new Fields().Code("/code", body.Code).Range("/quantity", body.Quantity, 0m, 1_000m);
        if (fields.Refusal is { } refusal) return refusal;

        return await transaction.SingleOrDefault<Order>(Insert, new { body.Code, body.Quantity }) is { } order
            ? order
            : Refusal.Conflict("order-exists", $"There is an order '{body.Code}' already.");
    }

    private const string Insert = """
        insert into sample.orders (code, quantity, version)
        values (@Code, @Quantity, 1)
        on conflict (code) do nothing
        returning code, quantity, version
        """;
}

public static class EditOrder
{
    public sealed record Request
    {
        public required decimal Quantity { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        Request body,
        IfMatch match,
        Caller caller,
        Database database,
        CancellationToken cancellationToken)
    {
        var edited = await database.InTransaction(
            caller.Tenant, transaction => Edit(transaction, code, body, match), cancellationToken);
        return Answer.Of(edited, order => Answer.Ok(order) with { Version = order.Version });
    }

    private static async Task<Outcome<Order>> Edit(Transaction transaction, string code, Request body, IfMatch match)
    {
        var current = await transaction.SingleOrDefault<Order>(Select, new { code });
        if (current is null) return Refusal.NotFound("order", code);
        if (match.Check(current.Version) is { } refusal) return refusal;

        return await transaction.Single<Order>(Update, new { code, body.Quantity });
    }

    private const string Select = "select code, quantity, version from sample.orders where code = @code for update";

    private const string Update = """
        update sample.orders set quantity = @Quantity, version = version + 1 where code = @code
        returning code, quantity, version
        """;
}

public static class ListOrders
{
    public static async Task<IResult> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var orders = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<Order>(Select, new { paging.After, paging.Fetch }),
            cancellationToken);
        return Answer.Ok(paging.Page(orders, order => order.Code));
    }

    private const string Select = """
        select code, quantity, version from sample.orders where code > @After order by code limit @Fetch
        """;
}
