package unweave.explain.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.kernels.BadInputException;

/**
 * The file {@value #FILE} in an output folder: the names of all files written, one per line. The process that writes to
 * the folder holds a lock on it, which ends with the process, however that ends; who it is stands in {@value #HOLDER}
 * beside it while it runs. Runs in one process share the lock. File systems without locks do without.
 *
 * <p>On Linux a process loses its lock when it closes any other handle of the file, so nothing else may open it.
 */
final class FolderRecord {
    static final String FILE = ".unweave-files";
    static final String HOLDER = ".unweave-run";

    private static final int LONGEST_HOLDER = 100;
    private static final Map<Path, FolderRecord> HELD = new HashMap<>();

    private final Path folder;
    private final FileChannel channel;
    private final Object file;
    private int users = 1;

    private FolderRecord(Path folder, FileChannel channel) throws IOException {
        this.folder = folder;
        this.channel = channel;
        this.file = identity(folder.resolve(FILE));
    }

    /**
     * Fails if another process writes to the folder.
     *
     * @throws BadInputException with one line that says which
     */
    static void requireFree(Path folder) throws IOException {
        synchronized (HELD) {
            Path real = folder.toRealPath();
            if (HELD.containsKey(real) || !Files.exists(real.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            try (FileChannel channel = open(folder, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
                lock(folder, channel);
            } catch (NoSuchFileException e) {
                // It has just been removed.
            }
        }
    }

    /** Takes the folder, which exists, for this process. */
    static FolderRecord hold(Path folder) throws IOException {
        synchronized (HELD) {
            Path real = folder.toRealPath();
            FolderRecord held = HELD.get(real);
            if (held != null && held.file.equals(identity(real.resolve(FILE)))) {
                held.users++;
                return held;
            }
            FileChannel channel =
                    open(folder, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            try {
                lock(folder, channel);
                FolderRecord record = new FolderRecord(real, channel);
                record.sign();
                AtExit.begin();
                HELD.put(real, record);
                return record;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    private static FileChannel open(Path folder, Set<StandardOpenOption> options) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException(file + ": is not a file that an earlier run wrote; remove it");
        }
        Set<OpenOption> all = new HashSet<>(options);
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, all);
    }

    private static void lock(Path folder, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return; // this process, under another name of the folder
        } catch (IOException e) {
            return; // the file system has no locks
        }
        if (lock == null) {
            throw new BadInputException(folder + ": " + holder(folder)
                    + " is writing to it; wait until that is done, or choose another output folder");
        }
    }

    /** "process 4711, which began at 2026-03-01T12:00:00,". */
    private static String holder(Path folder) {
        Path file = folder.resolve(HOLDER);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HOLDER);
                in.read(bytes);
                String text = StandardCharsets.US_ASCII
                        .decode(bytes.flip())
                        .toString()
                        .strip();
                if (text.matches("process [ -~]+")) {
                    return text;
                }
            } catch (IOException e) {
                // It is told without its number.
            }
        }
        return "another process";
    }

    private void sign() throws IOException {
        Path file = folder.resolve(HOLDER);
        Files.deleteIfExists(file); // of a process that was killed
        ProcessHandle process = ProcessHandle.current();
        String began = process.info()
                .startInstant()
                .map(start -> ", which began at "
                        + LocalDateTime.ofInstant(start, ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + ",")
                .orElse("");
        String text = "process " + process.pid() + began + "\n";
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** The names on record; a last one that was cut off by a full disk is left out. */
    List<String> names() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // reads on
        }
        String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(name -> !name.isBlank())
                .toList();
    }

    /** Adds a name; all of it or, on a full disk, nothing. */
    void add(String name) throws IOException {
        long end = channel.size();
        try {
            ByteBuffer line = StandardCharsets.UTF_8.encode(name + "\n");
            for (long at = end; line.hasRemaining(); ) {
                at += channel.write(line, at);
            }
        } catch (IOException e) {
            channel.truncate(end);
            throw e;
        }
    }

    /** Forgets all names. */
    void clear() throws IOException {
        channel.truncate(0);
    }

    /** Lets others write to the folder when the last user of this process has closed it. */
    void close() throws IOException {
        synchronized (HELD) {
            users--;
            if (users == 0) {
                HELD.remove(folder, this);
                release();
            }
        }
    }

    private void release() throws IOException {
        try (channel) { // the file is removed first: afterwards it may be another process'
            Files.deleteIfExists(folder.resolve(HOLDER));
        }
    }

    private static Object identity(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "none";
        }
        Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? "unknown" : key;
    }

    /** Removes what tells of this process when it ends without having closed its folders. */
    private static final class AtExit {
        static {
            Runtime.getRuntime().addShutdownHook(new Thread(AtExit::releaseAll, "output folders"));
        }

        /** Only once, when the class is initialised. */
        static void begin() {}

        static void releaseAll() {
            synchronized (HELD) {
                for (FolderRecord record : HELD.values()) {
                    try {
                        record.release();
                    } catch (IOException e) {
                        // The process ends; the next run in the folder replaces the file.
                    }
                }
            }
        }
    }
}
