using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Contracts;

/// <summary>What cannot be signed on a contract, on 2026-11-20 in its first period from 10-31 on.</summary>
public sealed class AmendmentRefusalTests(MovableService service) : IClassFixture<MovableService>
{
    [Theory]
    [InlineData("resume", """{"on":"2026-11-16"}""", 409, "contract-active", "change pause cancel renew")]
    [InlineData("renew", "{}", 409, "contract-open-ended", "change cancel")]
    [InlineData("changes", """{"on":"2026-10-30","planVersion":2}""", 409, "contract-scheduled", "")]
    [InlineData("changes", """{"on":"2200-01-01","planVersion":2}""", 422, "day-out-of-range", null)]
    [InlineData("changes", """{"on":"2026-11-16","planVersion":9}""", 422, "plan-version-not-published", null)]
    [InlineData(
        "changes", """{"on":"2026-11-16","plan":"YEARLY","planVersion":1}""", 422, "billing-period-differs", null)]
    [InlineData(
        "changes", """{"on":"2026-11-16","plan":"DOLLARS","planVersion":1}""", 422, "currency-mismatch", null)]
    [InlineData("changes", """{"on":"2026-11-16","overrides":[{"charge":"NONE"}]}""", 422, "invalid-fields", null)]
    [InlineData("pause", """{"on":"2026-11-16","until":"2026-11-16"}""", 422, "until-out-of-range", null)]
    [InlineData("cancel", """{"on":"2026-11-16","reason":" "}""", 422, "invalid-fields", null)]
    [InlineData("cancel", """{"on":"2026-11-31"}""", 400, "unreadable", null)]
    [InlineData("cancel", """{"when":"2026-11-16"}""", 400, "unreadable", null)]
    public async Task What_cannot_be_signed_is_refused_by_preview_and_signature_alike(
        string operation, string body, int status, string code, string? allowed)
    {
        var contract = await Signed();
        var sent = body.Replace("YEARLY", $"{contract.World.Plan}-Y", StringComparison.Ordinal)
            .Replace("DOLLARS", $"{contract.World.Plan}-USD", StringComparison.Ordinal);
        foreach (var way in new[] { operation, $"{operation}/preview" })
        {
            var problem = await service.Provider.Post(
                $"/external/v1/contracts/{contract.World.Contract}/{way}",
                JsonNode.Parse(sent),
                (HttpStatusCode)status,
                $"{way}-{contract.World.Contract}");
            Assert.Equal(code, problem.Code());
            if (allowed is null) continue;
            Assert.Equal(allowed, string.Join(' ', problem["allowed"]!.AsArray()));
        }
    }

    [Fact]
    public async Task An_ended_or_paused_contract_and_one_changed_since_are_told_so()
    {
        var contract = await Signed();
        await contract.Do("changes", """{"on":"2026-11-18","planVersion":2}""");
        Assert.Equal(
            "changed-since", await contract.Refused("changes", """{"on":"2026-11-16","planVersion":3}""", 409));
        await contract.Do("pause", """{"on":"2026-11-20"}""");
        Assert.Equal("contract-paused", await contract.Refused("changes", """{"on":"2026-11-20"}""", 409));
        Assert.Equal("contract-paused", await contract.Refused("pause", """{"on":"2026-11-20"}""", 409));
        var ended = await contract.Do("cancel", """{"on":"2026-11-20"}""");
        Assert.Equal("ended", ended.Text("state"));
        foreach (var operation in new[] { "changes", "pause", "resume", "cancel" })
        {
            Assert.Equal("contract-ended", await contract.Refused(operation, """{"on":"2026-11-20"}""", 409));
        }

        Assert.Equal("contract-ended", await contract.Refused("renew", "{}", 409));
        var unknown = await service.Provider.Post(
            "/external/v1/contracts/NONE/cancel", new { on = "2026-11-20" }, HttpStatusCode.NotFound, "none");
        Assert.Equal("contract-not-found", unknown.Code());
        await service.As(contract.World.Customer).Post(
            $"/external/v1/contracts/{contract.World.Contract}/cancel",
            new { on = "2026-11-20" },
            HttpStatusCode.Forbidden,
            "c");
    }

    private async Task<AmendedContract> Signed()
    {
        service.Clock.Set(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        var contract = await AmendedContract.Sign(service, "2026-10-31");
        var plan = contract.World.Plan;
        await contract.World.Publish($"{plan}-Y", AmendedContract.Charges("310.00", "0.25"), monthsPerPeriod: 12);
        await contract.World.Publish($"{plan}-USD", AmendedContract.Charges("310.00", "0.25"), "USD");
        return contract;
    }
}
