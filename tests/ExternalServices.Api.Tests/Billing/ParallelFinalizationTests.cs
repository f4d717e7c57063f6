using System.Net;

namespace ExternalServices.Api.Tests.Billing;

public sealed class ParallelFinalizationTests(ExternalService service)
{
    private const int Invoices = 64;

    [Fact]
    public async Task Finalizations_at_the_same_time_get_every_number_once()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(world.Plan, [World.Flat("BASE", "10.00", "inAdvance")]);
        for (var i = 0; i < Invoices; i++) await world.SignOn(world.Plan, $"{world.Contract}-{i}", "2026-10-01");
        await world.Bill("2026-10", finalize: false);
        var list = await service.Provider.Get($"/external/v1/invoices?customer={world.Customer}&limit=500");
        var drafts = list["items"]!.AsArray().Select(invoice => invoice!.Text("id")).ToArray();

        var finalized = await Task.WhenAll(drafts.Select(id => service.Provider.Post(
            $"/external/v1/invoices/{id}/finalize", null, HttpStatusCode.OK, $"finalize-{id}")));
        Assert.Equal(
            Enumerable.Range(1, Invoices).Select(number => $"{number:D6}"),
            finalized.Select(invoice => invoice.Text("number")[^6..]).Order(StringComparer.Ordinal));
    }
}
