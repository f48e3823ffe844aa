using System.Text;

namespace Dbt.Api.Tests.PublicApi;

/// <summary>Lines that two texts do not share.</summary>
internal static class TextDiff
{
    /// <summary>The lines to take out of <paramref name="before"/> (<c>-</c>) and to put in (<c>+</c>) to get <paramref name="after"/>.</summary>
    public static string Of(string before, string after)
    {
        var old = before.Split('\n');
        var now = after.Split('\n');
        // common[i, j] is the length of the longest common subsequence of old[i..] and now[j..].
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var text = new StringBuilder();
        int left = 0, right = 0;
        while (left < old.Length || right < now.Length)
        {
            if (left < old.Length && right < now.Length && old[left] == now[right])
            {
                left++;
                right++;
            }
            else if (right == now.Length || left < old.Length && common[left + 1, right] >= common[left, right + 1])
            {
                text.Append("- ").Append(old[left++]).Append('\n');
            }
            else
            {
                text.Append("+ ").Append(now[right++]).Append('\n');
            }
        }
        return text.ToString();
    }
}
