namespace ServiceMesh.Hosting.Documents;

/// <summary>What an operation is called and does, for the API document.</summary>
internal sealed record OperationText(string OperationId, string Summary, string Description);

/// <summary>A status that the operation answers, with the type of its body.</summary>
internal sealed record DeclaredAnswer(int Status, Type? Body, string ContentType);

/// <summary>Further forms of an answer that is JSON.</summary>
internal sealed record DeclaredForms(int Status, IReadOnlyList<string> MediaTypes);

/// <summary>A problem that the operation answers, with when it does.</summary>
internal sealed record DeclaredProblem(int Status, string Code, string When);

/// <summary>The operation wants the version that it edits.</summary>
internal sealed record NeedsIfMatch;
