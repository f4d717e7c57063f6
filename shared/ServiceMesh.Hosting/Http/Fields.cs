using System.Numerics;
using System.Text.RegularExpressions;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>Collects what is wrong with the fields of a body, so that one answer names all of it.</summary>
public sealed partial class Fields
{
    /// <summary>Codes name things in paths, files and ledgers.</summary>
    public const int MaxCodeLength = 64;

    /// <summary>Names and descriptions of one line.</summary>
    public const int MaxTextLength = 200;

    private const int MaxErrors = 100;

    private readonly List<FieldRefusal> _errors = [];

    /// <summary>The collected errors as one refusal, or null when there are none.</summary>
    public Refusal? Refusal => _errors.Count == 0
        ? null
        : new Refusal(
            RefusalKind.Rejected, "invalid-fields", "Some members of the body break a rule; errors names each.")
        {
            Fields = _errors,
        };

    /// <summary>Letters, digits, dot, dash and underscore, starting with a letter or digit.</summary>
    public Fields Code(string pointer, string value) => Check(
        pointer,
        value.Length <= MaxCodeLength && CodeForm().IsMatch(value),
        "invalid-code",
        $"A code has 1 to {MaxCodeLength} letters, digits, '.', '_' or '-', and starts with a letter or digit.");

    /// <summary>Not blank, no control characters, not longer than the limit.</summary>
    public Fields Text(string pointer, string value, int maxLength = MaxTextLength) => Check(
        pointer,
        !string.IsNullOrWhiteSpace(value) && value.Length <= maxLength && !value.Any(char.IsControl),
        "invalid-text",
        $"A text has 1 to {maxLength} characters, is not blank and has no control characters.");

    /// <summary>Inclusive on both ends.</summary>
    public Fields Range<T>(string pointer, T value, T min, T max)
        where T : INumber<T> =>
        Check(pointer, value >= min && value <= max, "out-of-range", $"The value must be from {min} to {max}.");

    /// <summary>The list has at least one and at most so many items.</summary>
    public Fields Count(string pointer, int count, int max, int min = 1) => Check(
        pointer, count >= min && count <= max, "invalid-count", $"The list must have {min} to {max} items.");

    /// <summary>Any other rule: an error unless it holds.</summary>
    public Fields Check(string pointer, bool holds, string code, string detail)
    {
        if (!holds && _errors.Count < MaxErrors)
        {
            _errors.Add(new FieldRefusal(pointer, code, detail));
        }

        return this;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex CodeForm();
}
