package unweave.explain.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import unweave.engine.file.AtomicFile;
import unweave.kernels.BadInputException;

/**
 * The folder that one run writes its results to. Nothing on disk changes before the first file is written, so a run
 * that fails early leaves no trace.
 *
 * <p>The names of all files written are kept in {@code .unweave-files} inside the folder. That is how
 * {@link Existing#OVERWRITE} knows what an earlier run wrote: those files are removed, all others stay, unless this run
 * writes a file of the same name. From the first file on until it is closed, no other process can write to the folder;
 * whoever tries is told which one does. Nothing is written or removed through links inside the folder. What a run that
 * was killed has left unfinished is removed by the next one. Safe for use by several threads.
 */
public final class OutputFolder implements Closeable {

    /** What to do with a folder that holds files. */
    public enum Existing {
        /** Fail. */
        REFUSE,
        /** Remove what an earlier run wrote when the first new file is written. */
        OVERWRITE,
        /** Leave everything and add to it: for a run that is resumed. */
        KEEP
    }

    private final Path folder;
    private final Existing existing;
    private final Set<String> names = new LinkedHashSet<>();
    private final OutputFolder parent;
    private FolderRecord record;

    private OutputFolder(Path folder, Existing existing, OutputFolder parent) {
        this.folder = folder;
        this.existing = existing;
        this.parent = parent;
    }

    /**
     * Checks that the folder can be used; it need not exist yet.
     *
     * @throws IOException with one line that says what to do, when it is not a folder or not writable
     * @throws BadInputException when another process writes to it, or it holds files and those are to be refused
     */
    public static OutputFolder open(Path folder, Existing existing) throws IOException {
        if (Files.exists(folder)) {
            requireWritableFolder(folder, folder);
            FolderRecord.requireFree(folder);
            if (existing == Existing.REFUSE) {
                requireEmpty(folder);
            }
        } else {
            Path ancestor = folder.toAbsolutePath().normalize().getParent();
            while (ancestor != null && !Files.exists(ancestor)) {
                ancestor = ancestor.getParent();
            }
            if (ancestor == null) {
                throw new IOException(folder + ": cannot be created, none of the folders above it exists");
            }
            requireWritableFolder(folder, ancestor);
        }
        return new OutputFolder(folder, existing, null);
    }

    /**
     * Whether a folder is not there or holds no results: at most what a run has left that was killed before its first
     * file was complete.
     */
    public static boolean isUnused(Path folder) throws IOException {
        return !Files.exists(folder)
                || (Files.isDirectory(folder) && entries(folder).isEmpty());
    }

    /** Lets other processes write to the folder. Needs not be called at the end of a process. */
    @Override
    public synchronized void close() throws IOException {
        if (record != null) {
            record.close();
            record = null;
        }
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /** A folder inside this one, which keeps account of its files. */
    public OutputFolder folder(String name) {
        return new OutputFolder(folder.resolve(name), existing, this);
    }

    /** Whether what an earlier run wrote is kept. */
    boolean keeps() {
        return existing == Existing.KEEP;
    }

    /** Names of the files written so far, relative to the folder with "/" between folders, in the order of writing. */
    public synchronized List<String> names() {
        return List.copyOf(names);
    }

    /** Writes a file atomically; {@code name} may contain folders, {@code "sounds/concept-1.wav"}. Returns its path. */
    public Path write(String name, ResultFile.Content content) throws IOException {
        Path file = prepare(name);
        ResultFile.write(file, content);
        return file;
    }

    /** Writes the bytes, see {@link #write(String, ResultFile.Content)}. */
    public Path write(String name, byte[] bytes) throws IOException {
        return write(name, out -> out.write(bytes));
    }

    /** Writes text as UTF-8, see {@link #write(String, ResultFile.Content)}. */
    public Path writeText(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a value as {@link Json#pretty}, see {@link #write(String, ResultFile.Content)}. */
    public Path writeJson(String name, Object value) throws IOException {
        return writeText(name, Json.pretty(value));
    }

    /** Writes an array as {@link NpyWriter} does, see {@link #write(String, ResultFile.Content)}. */
    public Path writeNpy(String name, float[] values, int... shape) throws IOException {
        return write(name, out -> NpyWriter.write(out, values, shape));
    }

    /**
     * Makes ready for a file that the caller writes itself: creates its folder and notes its name.
     *
     * @return where to write it
     * @throws IllegalArgumentException when the name leads out of the folder
     * @throws BadInputException when the name leads through a link; as {@link #open}, if it is the first name
     */
    public synchronized Path prepare(String name) throws IOException {
        if (parent != null) {
            names.add(name);
            return parent.prepare(folder.getFileName() + "/" + name);
        }
        Path file = inside(name);
        if (file == null) {
            throw new IllegalArgumentException(name + ": is not the name of a file inside " + folder);
        }
        try {
            begin();
            requireNoLinkTo(file.getParent());
            createFolder(file.getParent());
            String listed = relative(file);
            if (names.add(listed)) {
                record.add(listed);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    e.getFile() + ": is a file where a folder is needed; move it away or choose another output folder",
                    e);
        } catch (IOException e) {
            throw new IOException(folder + ": cannot be written to: " + ResultFile.reason(e), e);
        }
        return folder.resolve(relative(file));
    }

    private void begin() throws IOException {
        if (record != null) {
            return;
        }
        createFolder(folder);
        record = FolderRecord.hold(folder);
        try {
            if (existing == Existing.REFUSE) {
                requireEmpty(folder); // another run may have written to it since it was opened
            }
            List<String> earlier = record.names();
            Set<Path> folders = foldersOf(earlier);
            removeUnfinished(folders, earlier);
            if (existing == Existing.KEEP) {
                names.addAll(earlier);
            } else {
                remove(earlier, folders);
                record.clear();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** As {@link Files#createDirectories}, which does not take a link to a folder for one before JDK 20. */
    private static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    /** The real folders in which files of these names lie, this one left out. */
    private Set<Path> foldersOf(Collection<String> earlier) {
        Set<Path> folders = new LinkedHashSet<>();
        for (String name : earlier) {
            Path file = inside(name);
            for (Path parent = file == null ? root() : file.getParent();
                    !parent.equals(root()) && !folders.contains(parent);
                    parent = parent.getParent()) {
                if (linkTo(parent) == null && Files.isDirectory(parent)) {
                    folders.add(parent);
                }
            }
        }
        return folders;
    }

    /** Deletes what a writer that was killed had not finished. */
    private void removeUnfinished(Set<Path> folders, Collection<String> earlier) throws IOException {
        Set<Path> all = new LinkedHashSet<>(folders);
        all.add(root());
        for (Path held : all) {
            try (Stream<Path> files = Files.list(held)) {
                for (Path file :
                        files.filter(one -> AtomicFile.isTemporary(name(one))).toList()) {
                    deleteFile(file);
                }
            }
        }
        for (String name : earlier) { // as earlier versions named them
            Path file = inside(name);
            if (file != null && linkTo(file.getParent()) == null) {
                deleteFile(file.resolveSibling("." + name(file) + ".tmp"));
            }
        }
    }

    private static void deleteFile(Path file) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(file);
        }
    }

    /** Deletes the files of an earlier run, and folders that are empty after that; never through a link. */
    private void remove(Collection<String> earlier, Set<Path> folders) throws IOException {
        for (String name : earlier) {
            Path file = inside(name);
            if (file != null && linkTo(file.getParent()) == null) {
                deleteFile(file);
            }
        }
        List<Path> deepestFirst = new ArrayList<>(folders);
        deepestFirst.sort((a, b) -> b.getNameCount() - a.getNameCount());
        for (Path parent : deepestFirst) {
            if (entries(parent).isEmpty()) {
                Files.delete(parent);
            }
        }
    }

    /** The first link on the way from this folder to one inside it; null if there is none. */
    private Path linkTo(Path inner) {
        Path at = root();
        for (Path part : root().relativize(inner)) {
            at = at.resolve(part);
            if (Files.isSymbolicLink(at)) {
                return at;
            }
        }
        return null;
    }

    private void requireNoLinkTo(Path inner) {
        Path link = linkTo(inner);
        if (link != null) {
            throw new BadInputException(
                    link + ": is a link; results are not written through links inside the output folder, remove it");
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** The path of a name, null when it lies outside the folder or is the folder itself. */
    private Path inside(String name) {
        Path file = root().resolve(name).normalize();
        return file.startsWith(root()) && !file.equals(root()) ? file : null;
    }

    private Path root() {
        return folder.toAbsolutePath().normalize();
    }

    private String relative(Path file) {
        return root().relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }

    private static void requireWritableFolder(Path wanted, Path existing) throws IOException {
        if (!Files.isDirectory(existing)) {
            throw new IOException(wanted + ": "
                    + (wanted == existing ? "is a file, not a folder" : "cannot be created, " + existing + " is a file")
                    + "; choose another output folder");
        }
        if (!Files.isWritable(existing)) {
            throw new IOException(wanted + ": "
                    + (wanted == existing ? "is not writable" : "cannot be created, " + existing + " is not writable")
                    + "; choose another output folder");
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        List<String> held = entries(folder);
        if (!held.isEmpty()) {
            String more = held.size() == 1 ? "" : " and " + (held.size() - 1) + " more";
            throw new BadInputException(folder + ": already holds files (" + held.get(0) + more
                    + "); choose another output folder, or add --overwrite to replace what an earlier run wrote");
        }
    }

    /** Sorted names of what a folder holds, without what Unweave keeps for itself and what was never finished. */
    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> held = Files.list(folder)) {
            return held.map(OutputFolder::name)
                    .filter(name -> !name.equals(FolderRecord.FILE) && !name.equals(FolderRecord.HOLDER))
                    .filter(name -> !AtomicFile.isTemporary(name))
                    .sorted()
                    .toList();
        }
    }
}
