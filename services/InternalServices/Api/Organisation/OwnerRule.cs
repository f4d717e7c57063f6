using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Organisation;

/// <summary>A service is provided by an internal department.</summary>
internal static class OwnerRule
{
    private const string Pointer = "/ownerDepartment";

    public static async Task<Refusal?> Check(Transaction transaction, string department) =>
        await transaction.Scalar<string>(SelectKind, new { Code = department }) switch
        {
            null => Refusal.Rejected("department-not-found", $"There is no department '{department}'.", Pointer),
            "internal" => null,
            _ => Refusal.Rejected("owner-not-internal", $"'{department}' stands outside the organisation.", Pointer),
        };

    private const string SelectKind = "select kind from organisation.departments where code = @Code for share";
}
