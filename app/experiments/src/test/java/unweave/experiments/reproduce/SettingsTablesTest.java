package unweave.experiments.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.audio.augment.Augmentation;

/** What the generator and the training really use is what the thesis prints. */
class SettingsTablesTest {
    @Test
    void theObjectsHaveTheRangesOfTable41() {
        assertEquals(
                """
                class,object,what it is,frequency,modulation
                class1,object 1,modulating bass,100 to 150 Hz,16 Hz
                class1,object 2,sawtooth up,500 to 600 Hz,2 Hz
                class1,object 3,modulating sound,800 to 1000 Hz,3 to 6 Hz
                class1,object 4,full-wave sinusoid at 20 Hz,3500 to 4000 Hz,20 Hz
                class2,object 1,half-wave sinusoid,100 to 150 Hz,4 to 5 Hz
                class2,object 2,sawtooth down,500 to 600 Hz,2 Hz
                class2,object 3,melody,800 to 1000 Hz,16 Hz
                class2,object 4,full-wave sinusoid at 10 Hz,4000 to 4500 Hz,10 Hz
                """,
                SettingsTables.objects(List.of("class1", "class2")).csv());
    }

    @Test
    void theAugmentationsAreThoseOfTableA1() {
        assertEquals(
                """
                change,probability,what is drawn,range
                gain,0.5,gain in dB,\u221212 to 3
                pitch shift,0.3,semitones,\u221212 to 12
                "high- or low-pass, as often",0.4,cutoff of the high-pass in Hz,200 to 1400
                ,,cutoff of the low-pass in Hz,1400 to 4000
                Gaussian noise,0.3,"noise over signal, by deviation",0.001 to 0.1
                time stretch,always,speed,0.8 to 1.2
                time mask,always,width in frames,1 to 20
                frequency mask,always,width in mel bands,1 to 20
                """,
                SettingsTables.augmentations(Augmentation.GTZAN).csv());
    }

    @Test
    void theRulesOfTable43StandBesideOurs() {
        assertEquals(
                """
                layer,here,"thesis, synthetic (4.1.2)","thesis, music (Table 4.3)"
                conv1,w^2,flat,w^2
                conv4,gamma(0.2),gamma(0.8),gamma(0.2)
                dense1,epsilon(1e-7),epsilon(1e-7),epsilon(1e-7)
                """,
                SettingsTables.rules(List.of(
                                new SettingsTables.LayerRule("conv1", "w^2"),
                                new SettingsTables.LayerRule("conv4", "gamma(0.2)"),
                                new SettingsTables.LayerRule("dense1", "epsilon(1e-7)")))
                        .csv());
    }
}
