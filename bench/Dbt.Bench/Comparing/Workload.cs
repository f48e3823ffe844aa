namespace Dbt.Bench.Comparing;

/// <summary>A program with its input: a row of the tables.</summary>
/// <param name="Name">Title of the row.</param>
/// <param name="Group">What it is averaged with.</param>
internal abstract record Workload(string Name, string Group)
{
    /// <summary>The file that is its standard input.</summary>
    public virtual string Input => "/dev/null";

    /// <summary>Whether the amount of its work can be chosen, by which start-up and steady state are told apart.</summary>
    public virtual bool HasPhases => false;

    /// <summary>Whether a runner can run it.</summary>
    public virtual bool IsFor(Runner runner) => true;

    /// <summary>Makes what it needs, once.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The command by which a runner does a percentage of the work.</summary>
    public abstract IReadOnlyList<string> Command(Runner runner, int percent);
}
