package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose disk is full before they are done. It is a small one in memory, which only root may mount. */
class FullDiskTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path folder;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectories(folder.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()) == 0;
        assumeTrue(mounted, "a file system of its own size cannot be mounted here");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) { // no such program
            return -1;
        }
    }

    /**
     * A training and an explanation; with {@code -Ddisks=N} every command, on N disks that are full sooner or later.
     */
    @Test
    void itIsSaidInOneLineAndTheNextRunEndsWithTheSameBytes() throws IOException {
        int disks = Integer.getInteger("disks", 0);
        KillCampaign campaign = new KillCampaign(folder.resolve("campaign"), 5);
        for (KillCampaign.Job job : KillCampaign.JOBS) {
            if (disks > 0 || job.name().equals("train") || job.name().equals("explain")) {
                fill(campaign, job, Math.max(3, disks));
            }
        }
        assertEquals(List.of(), campaign.failures());
    }

    private void fill(KillCampaign campaign, KillCampaign.Job job, int disks) throws IOException {
        Path out = disk.resolve("out");
        Path filler = disk.resolve("filler");
        long all = space();
        CommandRun.of(arguments(campaign, job, out, false)).assertDone();
        SortedMap<String, byte[]> expected = KillCampaign.contents(out);
        long needed = all - space();
        assertTrue(needed >= PAGE, job.name() + " writes " + needed + " bytes");
        for (int i = 0; i < disks; i++) {
            KillCampaign.delete(out);
            long left = (needed - PAGE) * i / (disks - 1);
            Files.write(filler, new byte[Math.toIntExact(all - left)]);
            CommandRun full = CommandRun.of(arguments(campaign, job, out, false));
            full.assertRefused("No space left on device");
            assertEquals(1, full.remarks().lines().count(), full.remarks());
            campaign.compareUnfinished(job.name() + " with " + left + " bytes", expected, KillCampaign.contents(out));
            Files.delete(filler);
            CommandRun.of(arguments(campaign, job, out, true)).assertDone();
            campaign.compare(job.name() + " again", expected, KillCampaign.contents(out));
        }
        KillCampaign.delete(out);
    }

    private static String[] arguments(KillCampaign campaign, KillCampaign.Job job, Path out, boolean again)
            throws IOException {
        if (job.name().equals("import")) {
            Files.createDirectories(out);
        }
        return campaign.arguments(job, out, again).toArray(String[]::new);
    }

    private long space() throws IOException {
        return Files.getFileStore(disk).getUsableSpace();
    }
}
