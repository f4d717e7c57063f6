namespace Testing;

/// <summary>The one place of the tests that names the system's clock.</summary>
public static class Clock
{
#pragma warning disable RS0030 // This is the composition root of the tests.
    public static TimeProvider System { get; } = TimeProvider.System;
#pragma warning restore RS0030
}
