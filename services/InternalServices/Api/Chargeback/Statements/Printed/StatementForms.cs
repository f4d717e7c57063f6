using System.Text;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Printing;
using ServiceMesh.Printing.Html;
using ServiceMesh.Printing.Pdf;

namespace InternalServices.Api.Chargeback.Statements.Printed;

/// <summary>Gives a statement in the form that the caller asks for.</summary>
internal static class StatementForms
{
    /// <summary>Beside JSON.</summary>
    public static readonly string[] Others = [Forms.Csv, HtmlPrinter.MediaType, PdfPrinter.MediaType];

    public static readonly string[] Offered = [Forms.Json, .. Others];

    public static IResult Give(
        string form, GetStatement.Document document, PrintLanguage language, ProviderOptions provider)
    {
        var version = document.Statement.Version;
        if (form == Forms.Json) return Answer.Ok(document) with { Version = version };

        var (content, extension) = form switch
        {
            Forms.Csv => (Encoding.UTF8.GetBytes(StatementCsv.Of(document)), "csv"),
            HtmlPrinter.MediaType => (Encoding.UTF8.GetBytes(HtmlPrinter.Print(Printed())), "html"),
            PdfPrinter.MediaType => (PdfPrinter.Print(Printed()), "pdf"),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "A form that is not offered."),
        };
        var name = $"statement-{document.Statement.Month}-{document.Statement.Department}.{extension}";
        return FileAnswer.Of(form, name, content) with { Version = version };

        PrintedDocument Printed() => PrintedStatement.Of(document, StatementWords.In(language), provider);
    }
}
