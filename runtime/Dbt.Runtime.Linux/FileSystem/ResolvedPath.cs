namespace Dbt.Runtime.Linux.FileSystem;

/// <summary>Where a guest's path leads on the host.</summary>
/// <param name="Directory">The host's directory descriptor that a relative path starts from, or AT_FDCWD.</param>
/// <param name="Path">A host path that ends in a NUL.</param>
internal readonly record struct ResolvedPath(int Directory, byte[] Path);
