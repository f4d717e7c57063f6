using Demo;

try
{
    await Story.Tell(Options.Read(args));
    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{Options.Usage}");
    return 2;
}
catch (Exception failure) when (failure is RefusedException or HttpRequestException or TaskCanceledException)
{
    Console.Error.WriteLine($"\n✗ {failure.Message}");
    return 1;
}
