package unweave.kernels.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
    @TempDir
    private Path root;

    @Test
    void everyUsualPlaceIsSearchedInOrder() throws IOException {
        List<Path> expected = List.of(
                file("named/libcublas.so.12"),
                file("loader/libcublas.so.12"),
                file("usr/lib/x86_64-linux-gnu/libcublas.so.12"),
                file("opt/site/libcublas.so.12"),
                file("usr/local/cuda-12.6/lib64/libcublas.so.12"),
                file("usr/local/cuda-12.4/targets/x86_64-linux/lib/libcublas.so.12"),
                file("venv/lib/python3.11/site-packages/nvidia/cublas/lib/libcublas.so.12"),
                file("opt/torch/.venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcublas.so.12"),
                file("home/me/.local/lib/python3.12/site-packages/nvidia/cu13/lib/libcublas.so.12"),
                file("usr/lib/python3/dist-packages/nvidia/cublas/lib/libcublas.so.12"));
        Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
        Files.writeString(root.resolve("etc/ld.so.conf.d/site.conf"), "# ours\n/opt/site\n/not/there\n");
        file("opt/torch/.venv/bin/python3");
        Map<String, String> environment = Map.of(
                "LD_LIBRARY_PATH",
                "/loader::/absent",
                "VIRTUAL_ENV",
                "/venv",
                "HOME",
                "/home/me",
                "PATH",
                "/usr/bin:/opt/torch/.venv/bin");

        LibrarySearch search = new LibrarySearch(root.resolve("named").toString(), true, environment::get, root);

        assertEquals(expected, search.find("libcublas.so.12"));
    }

    @Test
    void namedDirectoriesAloneIfNothingElseIsPermitted() throws IOException {
        file("usr/lib/x86_64-linux-gnu/libcuda.so.1");
        Path named = file("named/libcuda.so.1");
        LibrarySearch search = new LibrarySearch(named.getParent().toString(), false, name -> null, root);
        assertEquals(List.of(named), search.find("libcuda.so.1"));
        assertEquals(List.of(), new LibrarySearch(null, false, name -> null, root).directories());
    }

    @Test
    void versionsThatAreThereInstead() throws IOException {
        file("usr/lib64/libcublas.so.11");
        file("usr/lib64/libcublas.so.11.5.1");
        file("usr/local/lib/libcublas.so.10");
        LibrarySearch search = new LibrarySearch(null, true, name -> null, root);
        assertEquals(List.of(10, 11), search.versions("libcublas.so."));
        assertTrue(search.find("libcublas.so.12").isEmpty());
    }

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }
}
