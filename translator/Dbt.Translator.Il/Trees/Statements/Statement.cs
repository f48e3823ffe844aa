namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>A step of a block; steps happen in order.</summary>
internal abstract record Statement;
