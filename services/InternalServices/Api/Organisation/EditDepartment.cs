using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Organisation;

/// <summary>Renames, moves, retires or revives an internal department.</summary>
public static class EditDepartment
{
    public sealed record Request
    {
        public required string Name { get; init; }

        /// <summary>Code of the department that it is part of.</summary>
        public required string? Parent { get; init; }

        /// <summary>A department that is not active keeps its history; new usage and costs may not name it.</summary>
        public required bool Active { get; init; }
    }

    public static async Task<IResult> Handle(
        string code, Request body, IfMatch ifMatch, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Edit(transaction, code, body, ifMatch), cancellationToken),
            department => Answer.Ok(department) with { Version = department.Version });

    private static async Task<Outcome<Department>> Edit(
        Transaction transaction, string code, Request body, IfMatch ifMatch)
    {
        if (new Fields().Text("/name", body.Name).Refusal is { } refusal) return refusal;
        if (await ParentRule.Check(transaction, code, body.Parent) is { } unsound) return unsound;
        if (await transaction.SingleOrDefault<Current>(SelectForUpdate, new { Code = code }) is not { } current)
        {
            return Refusal.NotFound("department", code);
        }

        if (current.Kind != DepartmentKind.Internal)
        {
            return Refusal.Conflict("department-fixed", $"'{code}' exists from the start and stays as it is.");
        }

        if (ifMatch.Check(current.Version) is { } stale) return stale;
        return await transaction.Single<Department>(
            Update, new { Code = code, body.Name, body.Parent, body.Active, transaction.Now });
    }

    private sealed record Current
    {
        public required DepartmentKind Kind { get; init; }

        public required long Version { get; init; }
    }

    private const string SelectForUpdate =
        "select kind, version from organisation.departments where code = @Code for update";

    private const string Update = """
        update organisation.departments
        set name = @Name, parent_code = @Parent, active = @Active, version = version + 1, changed_at = @Now
        where code = @Code
        returning code, name, kind, parent_code as parent, active, version, created_at, changed_at
        """;
}
