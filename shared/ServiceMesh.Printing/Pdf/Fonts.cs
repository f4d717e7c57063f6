using System.Reflection;
using SkiaSharp;

namespace ServiceMesh.Printing.Pdf;

/// <summary>The typeface that the documents carry: the same wherever they are printed, with none installed.</summary>
internal sealed class Fonts : IDisposable
{
    private static readonly SKTypeface Regular = Load("OpenSans-Regular.ttf");
    private static readonly SKTypeface Semibold = Load("OpenSans-Semibold.ttf");

    private readonly Dictionary<Face, SKFont> _fonts = [];

    public SKFont this[Face face]
    {
        get
        {
            if (!_fonts.TryGetValue(face, out var font))
            {
                // Paper has no pixels: letters stand where the typeface says, not on a grid.
                font = new SKFont(face.Bold ? Semibold : Regular, face.Size / 100f)
                {
                    Hinting = SKFontHinting.None,
                    LinearMetrics = true,
                    Subpixel = true,
                };
                _fonts.Add(face, font);
            }

            return font;
        }
    }

    /// <summary>Hundredths of a point, rounded up.</summary>
    public int WidthOf(string text, Face face) => (int)(this[face].MeasureText(text) * 100) + 1;

    /// <summary>The text in lines that fit the width; a word that is longer than a line is cut.</summary>
    public IReadOnlyList<string> Wrap(string text, Face face, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ').SelectMany(word => Cut(word, face, width)))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length == 0 || WidthOf(longer, face) <= width)
            {
                line = longer;
                continue;
            }

            lines.Add(line);
            line = word;
        }

        lines.Add(line);
        return lines;
    }

    private IEnumerable<string> Cut(string word, Face face, int width)
    {
        while (word.Length > 1 && WidthOf(word, face) > width)
        {
            var fits = Math.Max(1, this[face].BreakText(word, width / 100f));
            if (fits < word.Length && char.IsLowSurrogate(word[fits])) fits++;
            if (fits >= word.Length) break;
            yield return word[..fits];
            word = word[fits..];
        }

        yield return word;
    }

    public void Dispose()
    {
        foreach (var font in _fonts.Values) font.Dispose();
    }

    private static SKTypeface Load(string file)
    {
        using var data = Assembly.GetExecutingAssembly().GetManifestResourceStream($"ServiceMesh.Printing.Fonts.{file}")!;
        return SKTypeface.FromStream(data);
    }
}
