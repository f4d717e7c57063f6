using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Organisation;

/// <summary>Adds an internal department.</summary>
public static class RegisterDepartment
{
    public sealed record Request
    {
        /// <summary>Names the department for ever, for example <c>SALES</c>.</summary>
        public required string Code { get; init; }

        public required string Name { get; init; }

        /// <summary>Code of the department that it is part of.</summary>
        public string? Parent { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Register(transaction, body),
            department => Answer.Created($"/internal/v1/departments/{department.Code}", department) with
            {
                Version = department.Version,
            },
            cancellationToken);

    private static async Task<Outcome<Department>> Register(Transaction transaction, Request body)
    {
        var fields = new Fields().Code("/code", body.Code).Text("/name", body.Name);
        if (fields.Refusal is { } refusal) return refusal;
        if (await ParentRule.Check(transaction, body.Code, body.Parent) is { } unsound) return unsound;

        return await transaction.SingleOrDefault<Department>(
            Insert, new { body.Code, body.Name, body.Parent, transaction.Now }) is { } department
                ? department
                : Refusal.Conflict("department-exists", $"There is a department '{body.Code}' already.");
    }

    private const string Insert = """
        insert into organisation.departments (code, name, kind, parent_code, active, version, created_at, changed_at)
        values (@Code, @Name, 'internal', @Parent, true, 1, @Now, @Now)
        on conflict (code) do nothing
        returning code, name, kind, parent_code as parent, active, version, created_at, changed_at
        """;
}
