namespace Testing.Documents;

/// <summary>Reads a PDF back by a program that is not ours.</summary>
public static class PdfText
{
    /// <summary>The text of each page, laid out as on paper.</summary>
    public static async Task<IReadOnlyList<string>> PagesOf(byte[] pdf)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf);
            var text = await Command.Run("pdftotext", ["-layout", "-enc", "UTF-8", file, "-"]);
            return text.Split('\f', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
