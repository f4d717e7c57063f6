namespace InternalServices.Api.Tests;

public sealed class DepartmentTests(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private readonly Organisation _organisation = new(mesh.Provider);

    [Fact]
    public async Task A_department_is_registered_once_and_can_be_read()
    {
        var code = Organisation.Code("SALES");
        var made = (await mesh.Provider.Post("departments", new { code, name = "Sales" })).Is(201);

        Assert.Equal($"/internal/v1/departments/{code}", made.Location);
        Assert.Equal("\"1\"", made.ETag);
        Assert.Equal("internal", made.Text("kind"));
        (await mesh.Provider.Post("departments", new { code, name = "Sales" })).Refuses(409, "department-exists");
        Assert.Equal("Sales", (await mesh.Provider.Get($"departments/{code}")).Is(200).Text("name"));
    }

    [Fact]
    public async Task The_two_special_departments_exist_from_the_start_and_stay()
    {
        var external = (await mesh.Provider.Get("departments/EXTERNAL-BUSINESS")).Is(200);
        var unallocated = (await mesh.Provider.Get("departments/UNALLOCATED")).Is(200);

        Assert.Equal("externalBusiness", external.Text("kind"));
        Assert.Equal("unallocated", unallocated.Text("kind"));
        var edit = new { name = "Ours", parent = (string?)null, active = false };
        (await mesh.Provider.Put("departments/UNALLOCATED", edit, unallocated.ETag)).Refuses(409, "department-fixed");
    }

    [Fact]
    public async Task An_edit_needs_the_version_it_is_based_on()
    {
        var code = await _organisation.Department();
        var edit = new { name = "Renamed", parent = (string?)null, active = false };

        (await mesh.Provider.Put($"departments/{code}", edit, etag: null)).Is(428);
        var edited = (await mesh.Provider.Put($"departments/{code}", edit, "\"1\"")).Is(200);
        Assert.Equal("\"2\"", edited.ETag);
        Assert.Equal("Renamed", edited.Text("name"));
        (await mesh.Provider.Put($"departments/{code}", edit, "\"1\"")).Refuses(412, "changed-meanwhile");
        (await mesh.Provider.Put("departments/NOBODY", edit, "\"1\"")).Refuses(404, "department-not-found");
    }

    [Fact]
    public async Task A_department_is_no_part_of_itself()
    {
        var top = await _organisation.Department();
        var middle = Organisation.Code("MIDDLE");
        (await mesh.Provider.Post("departments", new { code = middle, name = "Middle", parent = top })).Is(201);
        var edit = new { name = "Top", parent = middle, active = true };

        (await mesh.Provider.Put($"departments/{top}", edit, "\"1\"")).Refuses(422, "parent-circle");
        (await mesh.Provider.Post("departments", new { code = "LONELY", name = "Lonely", parent = "NOBODY" }))
            .Refuses(422, "department-not-found").RefusesField("/parent", "department-not-found");
        (await mesh.Provider.Post("departments", new { code = "ODD", name = "Odd", parent = "UNALLOCATED" }))
            .Refuses(422, "parent-not-internal");
    }

    [Theory]
    [InlineData("", "invalid-code")]
    [InlineData("with space", "invalid-code")]
    [InlineData("slash/slash", "invalid-code")]
    public async Task A_code_that_cannot_stand_in_a_path_is_refused(string code, string expected) =>
        (await mesh.Provider.Post("departments", new { code, name = "Odd" }))
            .Refuses(422, "invalid-fields").RefusesField("/code", expected);

    [Theory]
    [InlineData("""{"code":"X","name":"X","unknown":1}""", "/unknown")]
    [InlineData("""{"code":"X"}""", "/name")]
    [InlineData("""{"code":null,"name":"X"}""", "/code")]
    [InlineData("""{"code":5,"name":"X"}""", "/code")]
    public async Task A_body_that_is_not_of_the_documented_form_is_named_where_it_is_wrong(string body, string pointer)
    {
        var answer = (await mesh.Provider.PostJson("departments", body)).Refuses(400, "unreadable");
        Assert.Equal(pointer, (string)answer["errors"][0]!["pointer"]!);
    }

    [Fact]
    public async Task Text_that_the_database_cannot_hold_is_the_callers_mistake() =>
        (await mesh.Provider.PostJson("departments", """{"code":"NUL","name":"Nul","parent":"a\u0000b"}""")).Is(400);

    [Fact]
    public async Task Lists_go_page_by_page_in_the_order_of_codes()
    {
        for (var i = 0; i < 3; i++) await _organisation.Department("PAGED");
        var codes = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await mesh.Provider.Get($"departments?limit=2&cursor={cursor}")).Is(200);
            codes.AddRange(page.Items.Select(item => (string)item["code"]!));
            cursor = (string?)page.Body["next"];
        }

        Assert.Equal(codes.Order(StringComparer.Ordinal).Distinct(), codes);
        Assert.Contains("EXTERNAL-BUSINESS", codes);
        (await mesh.Provider.Get("departments?limit=0")).Is(400);
        (await mesh.Provider.Get("departments?cursor=nonsense")).Is(400);
    }

    [Fact]
    public async Task A_repetition_with_the_same_key_gives_the_first_answer()
    {
        var body = new { code = Organisation.Code("ONCE"), name = "Once" };
        var key = ApiClient.NewKey();

        var first = (await mesh.Provider.Post("departments", body, key)).Is(201);
        var second = (await mesh.Provider.Post("departments", body, key)).Is(201);

        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.Equal((first.ETag, first.Location), (second.ETag, second.Location));
        (await mesh.Provider.Post("departments", body with { name = "Other" }, key))
            .Refuses(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_department_sees_itself_and_no_other()
    {
        var (own, other) = (await _organisation.Department(), await _organisation.Department());
        var caller = mesh.Department(own);

        Assert.Equal(own, (string)Assert.Single((await caller.Get("departments")).Is(200).Items)["code"]!);
        (await caller.Get($"departments/{own}")).Is(200);
        (await caller.Get($"departments/{other}")).Refuses(404, "department-not-found");
        (await caller.Post("departments", new { code = "MINE", name = "Mine" })).Is(403);
        (await mesh.Customer("ACME").Get("departments")).Is(403);
        (await mesh.Client(token: null).Get("departments")).Is(401);
    }
}
