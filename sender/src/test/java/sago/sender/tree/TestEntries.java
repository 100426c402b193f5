package sago.sender.tree;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Entries for tests: plain ones, and random trees. */
public final class TestEntries {
    private static final List<EntryKind> KINDS = List.of(EntryKind.values());

    private TestEntries() {}

    public static EntryKey key(String path) {
        return EntryKey.ofPath(path.getBytes(StandardCharsets.UTF_8));
    }

    public static Attributes attributes(EntryKind kind, int mode, long size) {
        return new Attributes(
                kind,
                mode,
                0,
                0,
                new Moment(1_700_000_000L, 123_456_789),
                new Moment(1_700_000_001L, 987_654_321),
                new Attributes.Identity(42, 2049, 1),
                size,
                0);
    }

    public static Entry folder(String path) {
        return Entry.of(key(path), attributes(EntryKind.DIRECTORY, 0755, 0));
    }

    public static Entry file(String path, FileContent content) {
        return Entry.of(key(path), attributes(EntryKind.FILE, 0644, content.bytes()))
                .withContent(content);
    }

    public static Entry link(String path, String target) {
        return Entry.symlink(key(path), attributes(EntryKind.SYMLINK, 0777, 0), ByteString.copyFromUtf8(target));
    }

    /** A random tree with names of arbitrary bytes, all kinds, negative times, in key order. */
    public static List<Entry> random(Random random, int count, MemoryChunks chunks)
            throws IOException, InterruptedException {
        TreeMap<EntryKey, Entry> entries = new TreeMap<>();
        List<EntryKey> folders = new ArrayList<>(List.of(EntryKey.ROOT));
        entries.put(EntryKey.ROOT, Entry.of(EntryKey.ROOT, attributes(EntryKind.DIRECTORY, 0755, 0)));
        while (entries.size() < count) {
            EntryKey parent = folders.get(random.nextInt(folders.size()));
            if (parent.depth() > 12) {
                continue;
            }
            EntryKey key = parent.child(name(random));
            EntryKind kind = random.nextInt(20) < 14 ? EntryKind.FILE : KINDS.get(random.nextInt(KINDS.size()));
            if (entries.containsKey(key)) {
                continue;
            }
            if (kind == EntryKind.DIRECTORY) {
                folders.add(key);
            }
            entries.put(key, entry(key, kind, random, chunks));
        }
        return List.copyOf(entries.values());
    }

    private static Entry entry(EntryKey key, EntryKind kind, Random random, MemoryChunks chunks)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        boolean file = kind == EntryKind.FILE;
        Attributes attributes = new Attributes(
                kind,
                random.nextInt(Attributes.MODE_MAX + 1),
                random.nextInt(),
                random.nextInt(),
                new Moment(random.nextLong(), random.nextInt(Moment.NANOS_PER_SECOND)),
                new Moment(random.nextInt(), 0),
                new Attributes.Identity(random.nextLong(), random.nextLong(), random.nextInt()),
                file ? bytes.length : 0,
                kind == EntryKind.BLOCK_DEVICE ? random.nextLong() : 0);
        if (kind == EntryKind.SYMLINK) {
            return Entry.symlink(key, attributes, ByteString.copyFrom(name(random)));
        }
        Entry entry = Entry.of(key, attributes).withXattrs(xattrs(random));
        return file
                ? entry.withContent(chunks.content(bytes, 1 + random.nextInt(50)), holes(random, bytes.length))
                : entry;
    }

    private static List<Xattr> xattrs(Random random) {
        List<Xattr> xattrs = new ArrayList<>();
        for (int i = random.nextInt(10) == 0 ? random.nextInt(4) : 0; i > 0; i--) {
            byte[] value = new byte[random.nextInt(40)];
            random.nextBytes(value);
            xattrs.add(new Xattr(ByteString.copyFromUtf8("user." + (char) ('a' + i)), ByteString.copyFrom(value)));
        }
        return Xattr.sorted(xattrs);
    }

    /** Holes between, before and after the bytes of some files. */
    private static Holes holes(Random random, int dataBytes) {
        List<Hole> holes = new ArrayList<>();
        long data = random.nextBoolean() ? dataBytes + 1L : random.nextInt(dataBytes + 1);
        long before = 0;
        while (data <= dataBytes) {
            Hole hole = new Hole(data + before, 1 + random.nextInt(1 << 20) * (random.nextBoolean() ? 1L : 1L << 30));
            holes.add(hole);
            before += hole.length();
            data += 1 + random.nextInt(50);
        }
        return Holes.of(holes);
    }

    private static byte[] name(Random random) {
        byte[] name = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 255 : 12)];
        for (int i = 0; i < name.length; i++) {
            do {
                name[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 'a' + random.nextInt(26));
            } while (name[i] == 0 || name[i] == '/');
        }
        boolean dots = name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
        return dots ? new byte[] {'x'} : name;
    }
}
