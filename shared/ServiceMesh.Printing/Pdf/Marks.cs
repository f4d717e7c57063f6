namespace ServiceMesh.Printing.Pdf;

/// <summary>Something on a page. Lengths are hundredths of a point; y grows downwards.</summary>
internal abstract record Mark
{
    /// <param name="X">Where it begins, or ends when it stands at the right.</param>
    /// <param name="Y">Its baseline.</param>
    public sealed record Text(int X, int Y, string Content, Face Face, Tone Tone, bool AtRight = false) : Mark;

    public sealed record Line(int X, int Y, int Length, Tone Tone, bool Upright = false) : Mark;

    public sealed record Box(int X, int Y, int Width, int Height, Tone Tone) : Mark;
}

/// <summary>A size and weight of the one typeface.</summary>
/// <param name="Size">In hundredths of a point.</param>
internal readonly record struct Face(int Size, bool Bold = false)
{
    /// <summary>From one baseline to the next.</summary>
    public int LineHeight => Size * 7 / 5;
}

internal enum Tone
{
    Ink,
    Quiet,
    Rule,
    Main,
    Reference,
}

/// <summary>A sheet of A4 and what stands on it.</summary>
internal sealed class Sheet
{
    public const int Width = 595_28;
    public const int Height = 841_89;
    public const int Left = 50_00;
    public const int Right = Width - Left;
    public const int Top = 56_00;
    public const int Bottom = Height - 64_00;
    public const int TextWidth = Right - Left;

    public List<Mark> Marks { get; } = [];
}
