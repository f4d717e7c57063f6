namespace ServiceMesh.Hosting.Identity;

/// <summary>The three kinds of caller that a token can stand for.</summary>
public enum CallerKind
{
    /// <summary>Staff or a system of the service provider itself.</summary>
    Provider,

    /// <summary>An internal customer: one department of the provider's organisation.</summary>
    Department,

    /// <summary>An external customer: one company that pays.</summary>
    Customer,
}

/// <summary>A set of kinds of caller: who may use an endpoint.</summary>
[Flags]
public enum Callers
{
    None = 0,
    Provider = 1 << CallerKind.Provider,
    Department = 1 << CallerKind.Department,
    Customer = 1 << CallerKind.Customer,
    Anybody = Provider | Department | Customer,
}

/// <summary>What sets of callers can be asked.</summary>
public static class CallersExtensions
{
    public static bool Includes(this Callers callers, CallerKind kind) => (callers & (Callers)(1 << (int)kind)) != 0;

    public static bool Includes(this Callers callers, Callers others) => (callers & others) == others;

    /// <summary>The set in words, for a problem's detail and for the API document.</summary>
    public static string InWords(this Callers callers) => string.Join(
        " or ",
        Enum.GetValues<CallerKind>().Where(kind => callers.Includes(kind)).Select(TokenClaims.Spell));
}
