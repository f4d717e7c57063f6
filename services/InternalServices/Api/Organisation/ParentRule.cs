using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Organisation;

/// <summary>A department is part of an internal department that is not, in turn, part of it.</summary>
internal static class ParentRule
{
    private const string Pointer = "/parent";

    public static async Task<Refusal?> Check(Transaction transaction, string code, string? parent)
    {
        if (parent is null) return null;

        // Two edits at once could close a circle that neither of them sees.
        await transaction.Execute(LockTree);
        var above = await transaction.Query<Ancestor>(SelectAncestors, new { Parent = parent });
        return above.Count == 0
            ? Refusal.Rejected("department-not-found", $"There is no department '{parent}'.", Pointer)
            : above[0].Kind != DepartmentKind.Internal
                ? Refusal.Rejected("parent-not-internal", $"'{parent}' stands outside the organisation.", Pointer)
                : above.Any(ancestor => ancestor.Code == code)
                    ? Refusal.Rejected("parent-circle", $"'{parent}' is '{code}' itself or a part of it.", Pointer)
                    : null;
    }

    private sealed record Ancestor
    {
        public required string Code { get; init; }

        public required DepartmentKind Kind { get; init; }
    }

    private const string LockTree = "select pg_advisory_xact_lock(hashtext('organisation.departments'))";

    private const string SelectAncestors = """
        with recursive above as (
            select code, kind, parent_code, 0 as distance from organisation.departments where code = @Parent
            union
            select parent.code, parent.kind, parent.parent_code, above.distance + 1
            from above join organisation.departments parent on parent.code = above.parent_code
        )
        select code, kind from above order by distance
        """;
}
