package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end before they are done, and what becomes of their folders. */
class InterruptionTest {
    @TempDir
    Path folder;

    /** A training; with {@code -Dkills=N} every command, N times or more. */
    @Test
    void aCommandThatIsKilledEndsWithTheSameBytes() throws Exception {
        int times = Integer.getInteger("kills", 0);
        List<KillCampaign.Job> jobs = times > 0 ? KillCampaign.JOBS : KillCampaign.JOBS.subList(0, 1);
        KillCampaign campaign = new KillCampaign(folder.resolve("campaign"), 5);
        for (KillCampaign.Job job : jobs) {
            campaign.run(job, Math.max(1, times));
        }
        assertEquals(List.of(), campaign.failures());
        assertTrue(campaign.kills() >= jobs.size());
    }

    /** As one that was killed while it wrote its first checkpoint leaves it, in this and in earlier versions. */
    @Test
    void aTrainingThatWasKilledBeforeItsFirstCheckpointIsResumed() throws IOException {
        String data = folder.resolve("data").toString();
        assertEquals(0, Main.run("synth", "--samples", "10", "--out", data, "--quiet"));
        for (String unfinished :
                List.of(".checkpoint.safetensors.tmp", ".unweave-0123456789abcdef0123456789abcdef.part")) {
            Path out = Files.createDirectories(folder.resolve("out" + unfinished));
            Files.writeString(out.resolve(".unweave-files"), "metrics.csv\ncheckpoint.safetensors\n");
            Files.writeString(out.resolve(unfinished), "half a checkpoint");
            assertEquals(
                    0,
                    Main.run(
                            "train",
                            data + "/manifest.csv",
                            "--epochs",
                            "0",
                            "--resume",
                            "--quiet",
                            "--out",
                            out.toString()));
            assertTrue(Files.exists(out.resolve("model.safetensors")));
            assertFalse(Files.exists(out.resolve(unfinished)));
            assertFalse(Files.exists(out.resolve(".unweave-run")));
        }
    }
}
