using System.CommandLine;
using Dbt.Fuzz;

// A run that is interrupted finishes its programs, and says what it found.
return new FuzzCommand().Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
