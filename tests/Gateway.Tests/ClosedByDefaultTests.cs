using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServiceMesh.Hosting.Identity;
using Testing;

namespace Gateway.Tests;

/// <summary>An endpoint is closed unless it says who may call.</summary>
public sealed class ClosedByDefaultTests : IAsyncLifetime
{
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.Start();

    [Theory]
    [InlineData("/internal/v1/forgotten")]
    [InlineData("/external/v1/forgotten")]
    [InlineData("/gateway/v1/forgotten")]
    public async Task A_service_that_forgot_to_say_who_may_call_does_not_start(string path)
    {
        await using var service = Build(app => app.MapGet(path, () => "open"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => service.StartAsync());

        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_cannot_ask_for_more_callers_than_its_group()
    {
        await using var service = Build(app => app
            .MapGroup("/internal/v1").Allow(Callers.Provider)
            .MapGet("/x", () => "x").Allow(Callers.Provider | Callers.Department));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => service.StartAsync());

        Assert.Contains("/internal/v1/x", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_endpoint_is_closed_to_everybody()
    {
        await using var service = Build(app => app.MapGet("/forgotten", () => "open"));
        await service.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await Get(service, "/forgotten"));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(service, "/forgotten", _issuer.Provider("administrator")));
        Assert.Equal(HttpStatusCode.NotFound, await Get(service, "/nowhere"));
    }

    [Fact]
    public async Task Callers_and_roles_are_asked_for()
    {
        await using var service = Build(app =>
        {
            var group = app.MapGroup("/internal/v1").Allow(Callers.Provider | Callers.Department);
            group.MapGet("/both", (Caller caller) => caller.Subject);
            group.MapGet("/provider", (Caller caller) => caller.Subject).Allow(Callers.Provider);
            group.MapGet("/controller", (Caller caller) => caller.Subject).Allow(Callers.Provider, role: "controller");
        });
        await service.StartAsync();

        var department = _issuer.Department("IT");
        Assert.Equal(HttpStatusCode.OK, await Get(service, "/internal/v1/both", department));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(service, "/internal/v1/both", _issuer.Customer("ACME")));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(service, "/internal/v1/provider", department));
        Assert.Equal(HttpStatusCode.OK, await Get(service, "/internal/v1/provider", _issuer.Provider()));

        const string controller = "/internal/v1/controller";
        Assert.Equal(HttpStatusCode.Forbidden, await Get(service, controller, _issuer.Provider("clerk")));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(service, controller, _issuer.Department("IT", "controller")));
        Assert.Equal(HttpStatusCode.OK, await Get(service, controller, _issuer.Provider("clerk", "controller")));
    }

    [Fact]
    public async Task What_an_endpoint_says_can_be_read_from_its_metadata()
    {
        await using var service = Build(app => app
            .MapGroup("/internal/v1").Allow(Callers.Provider | Callers.Department)
            .MapGet("/x", () => "x").Allow(Callers.Department, role: "owner"));
        await service.StartAsync();

        var endpoint = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single();
        var admission = Admission.Of(endpoint.Metadata)!;

        Assert.Equal(Callers.Department, admission.Callers);
        Assert.Equal(["owner"], admission.Roles);
        Assert.Equal("department with the role owner", admission.ToString());
    }

    private WebApplication Build(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder([.. _issuer.Settings, "--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Clock.System);
        builder.Services.AddServiceMeshIdentity(builder.Configuration, "internal-services");
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        map(app);
        return app;
    }

    private static async Task<HttpStatusCode> Get(WebApplication service, string path, string? token = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.First()) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();
}
