namespace Testing;

/// <summary>The checkout that the running tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServiceMesh.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException(
            $"{AppContext.BaseDirectory} lies in no checkout: no ServiceMesh.sln above it.");
    }
}
