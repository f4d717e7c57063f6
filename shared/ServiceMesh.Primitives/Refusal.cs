namespace ServiceMesh.Primitives;

/// <summary>Why a request was not carried out. The code is stable and documented; the detail is for people.</summary>
/// <param name="Kind">What sort of answer it is.</param>
/// <param name="Code">A stable kebab-case code, for example <c>driver-zero</c>.</param>
/// <param name="Detail">One sentence that names the offending value and what would be accepted.</param>
/// <param name="Pointer">JSON pointer to the offending member of the body, where there is one.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string Detail, string? Pointer = null)
{
    /// <summary>The state that stands in the way, for a conflict.</summary>
    public string? State { get; init; }

    /// <summary>What could be done in that state, for a conflict.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Every bad field, where there is more than one.</summary>
    public IReadOnlyList<FieldRefusal>? Fields { get; init; }

    /// <summary>Something the request names does not exist, or belongs to somebody else.</summary>
    public static Refusal NotFound(string what, string key) =>
        new(RefusalKind.NotFound, $"{what}-not-found", $"There is no {what.Replace('-', ' ')} '{key}'.");

    /// <summary>The request was understood, and a rule says no.</summary>
    public static Refusal Rejected(string code, string detail, string? pointer = null) =>
        new(RefusalKind.Rejected, code, detail, pointer);

    /// <summary>The state of the resource does not allow the request.</summary>
    public static Refusal Conflict(string code, string detail, string? state = null, params string[] allowed) =>
        new(RefusalKind.Conflict, code, detail) { State = state, Allowed = state is null ? null : allowed };
}

/// <summary>One bad field of a body.</summary>
public sealed record FieldRefusal(string Pointer, string Code, string Detail);

/// <summary>What sort of answer a refusal is; the HTTP status follows from it.</summary>
public enum RefusalKind
{
    /// <summary>Cannot be read: 400.</summary>
    Invalid,

    /// <summary>Does not exist, or belongs to somebody else: 404.</summary>
    NotFound,

    /// <summary>The state does not allow it: 409.</summary>
    Conflict,

    /// <summary>The resource has changed since it was read: 412.</summary>
    Precondition,

    /// <summary>Understood but refused by a rule: 422.</summary>
    Rejected,
}
