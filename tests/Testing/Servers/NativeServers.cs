namespace Testing.Servers;

/// <summary>Private servers from the system's packages, shared by the test processes of a checkout.</summary>
internal static class NativeServers
{
    private static readonly string Folder = Repository.PathOf(".run", "tests");

    public static async Task<TestServers?> Find()
    {
        await Command.Run(Repository.PathOf("deploy", "native"), ["start", Folder, "--scratch"]);
        var state = (await File.ReadAllLinesAsync(Path.Combine(Folder, "env")))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return EnvironmentServers.Read(name => state.GetValueOrDefault(name), "private, from the system's packages");
    }
}
