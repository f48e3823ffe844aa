using Dbt.Cli;

return CommandLine.Run(args);
