using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Messaging.Tests.Documents;

/// <summary>The docstrings of an assembly, as its compiler wrote them beside it.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, string> _summaries;

    private DocComments(Dictionary<string, string> summaries) => _summaries = summaries;

    public static DocComments Of(Assembly assembly)
    {
        var members = XDocument.Load(Path.ChangeExtension(assembly.Location, "xml")).Descendants("member");
        return new DocComments(members
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!)));
    }

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}");

    /// <param name="member">Found where it is declared, as the envelope's members are.</param>
    public string? Of(MemberInfo member) =>
        _summaries.GetValueOrDefault($"P:{member.DeclaringType!.FullName}.{member.Name}");

    /// <summary>Code and names as Markdown has them.</summary>
    private static string Text(XElement summary) =>
        Space().Replace(string.Concat(summary.Nodes().Select(Markdown)), " ").Trim();

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } reference => $"`{NameIn(reference.Attribute("cref")!.Value)}`",
        _ => throw new NotSupportedException($"{node} in a docstring."),
    };

    private static string NameIn(string reference) => reference.Split('.')[^1].Split('(')[0];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
