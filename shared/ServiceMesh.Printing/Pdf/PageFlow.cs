namespace ServiceMesh.Printing.Pdf;

/// <summary>Fills sheets from top to bottom and begins another when one is full.</summary>
internal sealed class PageFlow(Fonts fonts)
{
    private readonly List<Sheet> _sheets = [new()];

    public IReadOnlyList<Sheet> Sheets => _sheets;

    public Fonts Fonts => fonts;

    /// <summary>The next free place.</summary>
    public int Y { get; private set; } = Sheet.Top;

    private bool IsEmpty => Y == Sheet.Top;

    public void Add(Mark mark) => _sheets[^1].Marks.Add(mark);

    public void Skip(int height) => Y += height;

    /// <summary>Begins another sheet unless so much fits on this one; true when it did.</summary>
    public bool MakeRoom(int height)
    {
        if (Y + height <= Sheet.Bottom || IsEmpty) return false;
        _sheets.Add(new Sheet());
        Y = Sheet.Top;
        return true;
    }

    /// <summary>Text in as many lines as it takes within the width; returns how high they are together.</summary>
    public int Put(int x, int top, int width, string text, Face face, Tone tone, bool atRight = false)
    {
        var baseline = top + face.Size;
        var height = 0;
        foreach (var line in fonts.Wrap(text, face, width))
        {
            Add(new Mark.Text(atRight ? x + width : x, baseline + height, line, face, tone, atRight));
            height += face.LineHeight;
        }

        return height;
    }

    public int HeightOf(string text, Face face, int width) => fonts.Wrap(text, face, width).Count * face.LineHeight;
}
