package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.Damage;
import unweave.engine.file.ModelFile;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

class SubspaceFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("subspaces.safetensors");
    }

    @Test
    void allComesBackAsItWas() throws IOException {
        List<Subspaces> saved = List.of(subspaces("model", "conv3", 8, 4, 2), subspaces("model", "conv3", 8, 2, 0));
        SubspaceFile.save(file, new SubspaceSet(saved));
        SubspaceSet set = SubspaceFile.load(file);
        assertEquals("model", set.modelFingerprint());
        assertEquals("conv3", set.layer());
        assertEquals(8, set.dimensions());
        assertEquals(2, set.all().size());
        assertTrue(set.contains(0) && set.contains(2) && !set.contains(1));
        for (Subspaces expected : saved) {
            Subspaces loaded = set.ofClass(expected.provenance().classIndex());
            assertEquals(expected.provenance(), loaded.provenance());
            assertEquals(expected.settings(), loaded.settings());
            assertEquals(expected.method(), loaded.method());
            assertEquals(expected.bestStart(), loaded.bestStart());
            assertEquals(expected.count(), loaded.count());
            assertArrayEquals(expected.basis(), loaded.basis());
            assertArrayEquals(expected.curves(), loaded.curves());
            assertArrayEquals(expected.relevanceTotals(), loaded.relevanceTotals());
        }
    }

    @Test
    void equalSubspacesGiveEqualBytes() throws IOException {
        SubspaceFile.save(file, set("model", "conv3", 8));
        SubspaceFile.save(folder.resolve("again"), set("model", "conv3", 8));
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(folder.resolve("again")));
    }

    @Test
    void aClassWithoutSubspacesIsNamedWithThoseThatHaveSome() {
        String message = assertThrows(IllegalArgumentException.class, () -> set("model", "conv3", 8)
                        .ofClass(7))
                .getMessage();
        assertTrue(message.contains("class 7") && message.contains("1 (class 2)"), message);
    }

    @Test
    void oneSetIsOfOneModelAndLayerAndOfDifferentClasses() {
        Subspaces one = subspaces("model", "conv3", 8, 4, 0);
        assertThrows(IllegalArgumentException.class, () -> new SubspaceSet(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new SubspaceSet(List.of(one, one)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SubspaceSet(List.of(one, subspaces("other", "conv3", 8, 4, 1))));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SubspaceSet(List.of(one, subspaces("model", "conv2", 8, 4, 1))));
    }

    @Test
    void refusesSubspacesOfAnotherModel() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = SmallNetwork.create(backend, 3)) {
            String fingerprint = ModelFile.fingerprint(model);
            SubspaceFile.save(file, set(fingerprint, "conv3", 8));
            assertEquals(8, SubspaceFile.load(file, model).dimensions());
            SubspaceFile.save(file, set("0123456789abcdef", "conv3", 8));
            assertRefused("another model", () -> SubspaceFile.load(file, model));
            SubspaceFile.save(file, set(fingerprint, "conv9", 8));
            assertRefused("conv9", () -> SubspaceFile.load(file, model));
            SubspaceFile.save(file, set(fingerprint, "conv2", 8));
            assertRefused("6 channels", () -> SubspaceFile.load(file, model));
        }
    }

    @Test
    void aFlattenedLayerHasOneVectorOfAllItsFeatures() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = SmallNetwork.create(backend, 3)) {
            String fingerprint = ModelFile.fingerprint(model);
            int features = model.description().outputShape("flatten").features();
            SubspaceFile.save(file, set(fingerprint, "flatten", features));
            assertEquals(features, SubspaceFile.load(file, model).dimensions());
            SubspaceFile.save(
                    file,
                    set(
                            fingerprint,
                            "flatten",
                            model.description().outputShape("flatten").channels()));
            assertRefused(features + " features", () -> SubspaceFile.load(file, model));
        }
    }

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        SubspaceFile.save(file, set("model", "conv3", 8));
        Damage.ofSafeTensors(file, SubspaceFile::load);
    }

    @Test
    void refusesWhatIsNoFileOfSubspaces() throws IOException {
        assertRefused("no such file", () -> SubspaceFile.load(file));
        Files.writeString(file, "This is a letter, not a file of subspaces.");
        assertRefused("not a safetensors file", () -> SubspaceFile.load(file));
        new SafeTensorsWriter().add("x", new float[2], 2).write(file);
        assertRefused("is not a file of subspaces", () -> SubspaceFile.load(file));
        try (Backend backend = CpuBackend.create(1);
                Model model = SmallNetwork.create(backend, 3)) {
            ModelFile.save(file, model);
        }
        assertRefused("its format is unweave-model/1", () -> SubspaceFile.load(file));
        new SafeTensorsWriter()
                .metadata("format", "unweave-subspaces/9")
                .metadata("description", "{}")
                .write(file);
        assertRefused("reads unweave-subspaces/1", () -> SubspaceFile.load(file));
    }

    @Test
    void refusesDamagedFiles() throws IOException {
        SubspaceFile.save(file, set("model", "conv3", 8));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));
        assertRefused("not a valid safetensors file", () -> SubspaceFile.load(file));
        byte[] notOrthogonal = whole.clone();
        Arrays.fill(notOrthogonal, whole.length - 4 * 8 - 4 * 6 - 64, whole.length, (byte) 0);
        Files.write(file, notOrthogonal);
        assertRefused("not orthogonal", () -> SubspaceFile.load(file));
        for (String description :
                List.of("", "[]", "{\"classes\": 3}", "{\"classes\": []}", "{\"classes\": [{}]}", "nonsense {")) {
            new SafeTensorsWriter()
                    .metadata("format", SubspaceFile.FORMAT)
                    .metadata("description", description)
                    .write(file);
            assertRefused("damaged", () -> SubspaceFile.load(file));
        }
    }

    @Test
    void anUnwritableFileLeavesNothing() {
        Path nowhere = folder.resolve("no/such/folder/subspaces.safetensors");
        assertThrows(BadInputException.class, () -> SubspaceFile.save(nowhere, set("model", "conv3", 8)));
        assertFalse(Files.exists(nowhere));
    }

    private void assertRefused(String part, Executable call) {
        String message = assertThrows(BadInputException.class, call).getMessage();
        assertTrue(
                message.startsWith("subspaces.safetensors: ") && message.contains(part) && !message.contains("\n"),
                message);
    }

    private static SubspaceSet set(String model, String layer, int dimensions) {
        return new SubspaceSet(List.of(subspaces(model, layer, dimensions, 4, 1)));
    }

    private static Subspaces subspaces(String model, String layer, int dimensions, int count, int classIndex) {
        return SmallNetwork.subspaces(model, layer, dimensions, count, classIndex);
    }
}
