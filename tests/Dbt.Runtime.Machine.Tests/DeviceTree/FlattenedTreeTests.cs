using System.Buffers.Binary;
using System.Text;
using Dbt.Runtime.Machine.DeviceTree;

namespace Dbt.Runtime.Machine.Tests.DeviceTree;

public sealed class FlattenedTreeTests
{
    [Fact]
    public void The_smallest_tree_is_as_the_specification_lays_it_out()
    {
        var tree = FlattenedTree.Write(new DeviceTreeNode(""));
        uint[] expected =
        [
            0xd00dfeed, 72, 56, 72, 40, 17, 16, 0, 0, 16, // header
            0, 0, 0, 0, // end of the reservations
            1, 0, 2, 9, // a node without a name
        ];
        Assert.Equal(expected, Words(tree));
    }

    [Fact]
    public void Values_are_big_endian_strings_end_in_NUL_and_names_are_stored_once()
    {
        var root = new DeviceTreeNode("").Text("a", "xy", "z").Wide("b", 0x1_0000_0002).Flag("c").Blob("d", new byte[] { 1, 2, 3 });
        root.Add("n").Text("a", "w");
        var tree = FlattenedTree.Write(root);
        uint[] expected =
        [
            1, 0,
            3, 5, 0, 0x78790000 | 0x00007a, 0,
            3, 8, 2, 1, 2,
            3, 0, 4,
            3, 3, 6, 0x01020300,
            1, 0x6e000000, 3, 2, 0, 0x77000000, 2,
            2, 9,
        ];
        Assert.Equal(expected, Words(tree)[14..^2]);
        Assert.Equal("a\0b\0c\0d\0", Encoding.ASCII.GetString(tree[^8..]));
    }

    [Fact]
    public void Nodes_that_are_referred_to_get_phandles_and_others_do_not()
    {
        var root = new DeviceTreeNode("");
        var target = root.Add("t", "t");
        var other = root.Add("o").Cells("r", target, 7);
        FlattenedTree.Write(root);
        Assert.Equal((1u, 0u), (target.Phandle, other.Phandle));
    }

    [Fact]
    public void Reserved_memory_and_the_booting_cpu_are_in_the_header()
    {
        var words = Words(FlattenedTree.Write(new DeviceTreeNode(""), [(0x8000_0000, 0x20_0000)], bootCpu: 3));
        Assert.Equal(3u, words[7]);
        Assert.Equal([0u, 0x8000_0000, 0, 0x20_0000, 0, 0, 0, 0], words[10..18]);
    }

    [Fact]
    public void A_property_is_set_once() =>
        Assert.Throws<ArgumentException>(() => new DeviceTreeNode("n").Flag("a").Flag("a"));

    [Fact]
    public void Source_text_quotes_labels_and_breaks_tables()
    {
        var root = new DeviceTreeNode("");
        var target = root.Add("t@10", "t").Registers((0x10UL, 4UL));
        root.Add("o").Text("s", "a\"b", "c").Table("m", 2, [target, 10, target, 9]).Blob("d", new byte[] { 0x0a, 0xff }).Flag("f");
        Assert.Equal(
            """
            /dts-v1/;

            / {
            	t: t@10 {
            		reg = <0 0x10 0 4>;
            	};

            	o {
            		s = "a\"b", "c";
            		m = <&t 0xa>,
            		    <&t 9>;
            		d = [0a ff];
            		f;
            	};
            };

            """.ReplaceLineEndings("\n"), DeviceTreeSource.Print(root));
    }

    private static uint[] Words(byte[] bytes) =>
        [.. bytes.Chunk(4).Where(word => word.Length == 4).Select(word => BinaryPrimitives.ReadUInt32BigEndian(word))];
}
