namespace Demo;

/// <summary>
/// The main job in its order: set up, cost in, usage in, invoices out, month closed, what came of it.
/// </summary>
internal static class Story
{
    private const string Administrator = "administrator";
    private const string Scopes = "internal external gateway";

    public static async Task Tell(Options options)
    {
        var secret = (await File.ReadAllTextAsync(options.AdministratorSecretFile)).Trim();
        using var mesh = await Mesh.Connect(options.Gateway, Administrator, secret, Scopes);
        if (await Month.IsClosed(mesh, options.MonthText))
        {
            Screen.Title($"{options.MonthText} is closed: nothing is left to do, and nothing was changed");
        }
        else
        {
            await CarryOut(mesh, options);
        }

        await Report.Print(mesh, options.MonthText);
    }

    private static async Task CarryOut(Mesh mesh, Options options)
    {
        Screen.Title("The provider, its departments and its customers");
        await SetUp.Organisation(mesh);
        await SetUp.Customers(mesh, options.Month);

        Screen.Title($"The cloud cost and the usage of {options.MonthText}");
        await Costs.Import(mesh, options);
        await Usage.Post(mesh, options.Month);

        Screen.Title("The customers' invoices");
        await Billing.Run(mesh, options.MonthText);

        Screen.Title($"{options.MonthText} closes, once for both sides");
        await Month.Close(mesh, options.MonthText);
        await Visitors.Look(mesh, options.MonthText);
    }
}
