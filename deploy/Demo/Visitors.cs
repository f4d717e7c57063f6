namespace Demo;

/// <summary>A department and a customer look at their own documents, with their own tokens.</summary>
internal static class Visitors
{
    public static async Task Look(Mesh mesh, string month)
    {
        using var department = await Visit(mesh, "department", World.Departments[0].Code, "internal");
        var statements = await department.List($"/internal/v1/statements?month={month}");
        Screen.Say(
            $"{World.Departments[0].Code}, with its own token, sees {statements.Count} statement: "
            + string.Join(", ", statements.Select(statement => Screen.Text(statement["department"]))));

        using var customer = await Visit(mesh, "customer", World.Customers[0].Code, "external");
        var invoices = await customer.List($"/external/v1/invoices?month={month}");
        Screen.Say(
            $"{World.Customers[0].Code}, with its own token, sees {invoices.Count} invoice: "
            + string.Join(", ", invoices.Select(invoice => Screen.Text(invoice["customer"]))));
    }

    /// <summary>Registers a client for the visitor, or gives the one that is there a new secret.</summary>
    private static async Task<Mesh> Visit(Mesh mesh, string kind, string code, string scope)
    {
        const string path = "/gateway/v1/clients";
        var id = $"demo-{code}";
        var made = await mesh.Find($"{path}/{id}") is null
            ? await mesh.Post(path, new { id, name = $"Demo of {code}", kind, code, scopes = new[] { scope } })
            : await mesh.Post($"{path}/{id}/secrets", new { });
        return await mesh.As(id, Screen.Text(made["secret"]), scope);
    }
}
