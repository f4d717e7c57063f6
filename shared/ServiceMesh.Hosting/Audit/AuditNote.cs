using ServiceMesh.Data;

namespace ServiceMesh.Hosting.Audit;

/// <summary>An entry for what changes outside the watched tables, such as messages in a queue.</summary>
internal static class AuditNote
{
    /// <param name="transaction">The change's own, where it has one.</param>
    /// <param name="resource">What is changed.</param>
    /// <param name="keys">Which of it; none for all.</param>
    public static Task Write(Transaction transaction, string resource, IReadOnlyCollection<string> keys) =>
        transaction.Execute(Add, new { Resource = resource, Rows = (long)keys.Count, Keys = keys.ToArray() });

    private const string Add = "select audit.add(@Resource, 'note', @Rows, @Keys, null, null)";
}
