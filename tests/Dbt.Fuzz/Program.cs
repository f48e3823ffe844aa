using Dbt.Fuzz;

return new FuzzCommand().Parse(args).Invoke();
