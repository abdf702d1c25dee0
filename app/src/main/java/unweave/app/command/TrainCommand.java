package unweave.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.app.data.CollectionLoader;
import unweave.app.data.MaskedInputs;
import unweave.app.data.SoundCollection;
import unweave.app.data.Split;
import unweave.app.output.OutputFolder;
import unweave.app.preset.Preset;
import unweave.app.preset.TrainingPlan;
import unweave.app.train.ModelTraining;
import unweave.app.train.TrainingFigures;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.Evaluation;
import unweave.engine.train.Trainer;
import unweave.engine.train.TrainingData;
import unweave.kernels.Backend;

/** Trains a network on a collection of sounds. */
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Trains a network on your sounds.",
    description = {"Trains a network on sounds: a folder with one sub-folder per class,",
        "or a CSV manifest (columns path, label, and split or fold)."})
public final class TrainCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(names = {"-p", "--preset"}, paramLabel = "NAME", defaultValue = "toy",
      description = "toy (1 s inputs), gtzan (3 s slices of music), or a preset file (default: ${DEFAULT-VALUE}).")
  private String preset;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training sounds (default: the preset's).")
  private Integer epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Inputs per update (default: the preset's).")
  private Integer batch;

  @Option(names = "--rate", paramLabel = "X", description = "Learning rate (default: the preset's).")
  private Double rate;

  @Option(names = "--keep", paramLabel = "WHICH", defaultValue = "best",
      description = "best: the epoch that does best on the validation sounds; last: the last epoch (default: ${DEFAULT-VALUE}).")
  private Keep keep;

  @Option(names = "--fold", paramLabel = "N", defaultValue = "0",
      description = "For a manifest with a fold column: the fold to test on; the next one validates (default: ${DEFAULT-VALUE}).")
  private int fold;

  @Option(names = "--resume", description = "Go on from the checkpoint in --out, with the same other options.")
  private boolean resume;

  @Mixin
  private CommonOptions common;

  /** What to do: train on a collection, or print a preset. */
  private static final class Source {
    @Parameters(index = "0", paramLabel = "DATA", description = "Folder or manifest.")
    private Path data;

    @Option(names = "--show-preset", paramLabel = "NAME", description = "Print a preset as JSON, to start a preset file from, and stop.")
    private String show;
  }

  @Option(names = {"-o", "--out"}, paramLabel = "DIR", description = "Folder for the results; created if missing, refused if it holds files.")
  private Path folder;

  @Option(names = "--overwrite", description = "Replace what an earlier run wrote into the folder; other files stay.")
  private boolean overwrite;

  /** Which epoch's weights the model gets. */
  enum Keep { BEST, LAST }

  @Override
  public Integer call() throws IOException {
    if (source.show != null) {
      common.console().print(Preset.text(source.show).stripTrailing());
      return 0;
    }
    OutputFolder out = open();
    Preset settings = Preset.of(preset);
    TrainingPlan plan = settings.training().with(epochs, batch, rate);
    SoundCollection collection = SoundCollection.open(source.data, fold);
    ModelTraining training = new ModelTraining(settings, plan, keep == Keep.BEST, common.seed, common.console());
    try (Backend backend = common.backend()) {
      ModelTraining.Data data = load(collection, settings, plan);
      ModelTraining.Trained trained = training.run(data, backend, out, resume);
      try (var model = trained.model()) {
        report(out, collection, data, trained);
      }
    }
    return 0;
  }

  private OutputFolder open() throws IOException {
    if (folder == null) {
      throw new IllegalArgumentException("--out is missing: name a folder for the model");
    }
    OutputFolder.Existing existing = resume ? OutputFolder.Existing.KEEP
        : overwrite ? OutputFolder.Existing.OVERWRITE : OutputFolder.Existing.REFUSE;
    if (resume && !Files.exists(folder.resolve(Trainer.CHECKPOINT))) {
      throw new IllegalArgumentException(folder + ": holds no " + Trainer.CHECKPOINT + " to go on from; leave out --resume to start anew");
    }
    return OutputFolder.open(folder, existing);
  }

  private ModelTraining.Data load(SoundCollection collection, Preset settings, TrainingPlan plan) throws IOException {
    Map<Split, List<Integer>> split = collection.split(common.seed);
    if (split.get(Split.TRAIN).isEmpty()) {
      throw new IllegalArgumentException(collection.source() + ": no sound is left for training; mark some as train");
    }
    CollectionLoader loader = new CollectionLoader(collection, new LogMel(settings.spectrogram()), common.threads, common.console());
    TrainingData train = plan.waveformAugmentation()
        ? loader.slices("reading training sounds", split.get(Split.TRAIN), ModelTraining.augmentation(plan))
        : new MaskedInputs(loader.inputs("reading training sounds", split.get(Split.TRAIN)), ModelTraining.augmentation(plan));
    return new ModelTraining.Data(collection.classNames(), train,
        MaskedInputs.plain(loader.inputs("reading validation sounds", split.get(Split.VALIDATION))),
        MaskedInputs.plain(loader.inputs("reading test sounds", split.get(Split.TEST))));
  }

  private void report(OutputFolder out, SoundCollection collection, ModelTraining.Data data, ModelTraining.Trained trained)
      throws IOException {
    out.write("loss.png", TrainingFigures.loss(trained.result().history()));
    out.write("accuracy.png", TrainingFigures.accuracy(trained.result().history()));
    Evaluation test = trained.test();
    if (test != null) {
      out.write("confusion.png", TrainingFigures.confusion(test, collection.classNames()));
    }
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("model", out.path().resolve(ModelTraining.MODEL).toString());
    summary.put("classes", collection.classNames());
    summary.put("trainingInputs", data.train().size());
    summary.put("validationInputs", data.validation().size());
    summary.put("testInputs", data.test().size());
    summary.put("epochKept", trained.result().epoch());
    summary.put("validationAccuracy", trained.result().chosen().validationAccuracy());
    summary.put("testAccuracy", test == null ? null : test.accuracy());
    summary.put("testLoss", test == null ? null : test.loss());
    summary.put("confusion", test == null ? null : test.confusion());
    summary.put("trainSeconds", trained.seconds());
    out.writeJson("training.json", summary);
    common.result(summary, lines(out, data, trained));
  }

  private static List<String> lines(OutputFolder out, ModelTraining.Data data, ModelTraining.Trained trained) {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "trained on %d inputs in %.1f s, weights of epoch %d", data.train().size(), trained.seconds(),
        trained.result().epoch()));
    if (data.validation().size() > 0) {
      lines.add(String.format(Locale.ROOT, "validation accuracy %.2f %% (%d inputs)",
          100 * trained.result().chosen().validationAccuracy(), data.validation().size()));
    }
    if (trained.test() != null) {
      lines.add(String.format(Locale.ROOT, "test accuracy %.2f %% (%d inputs)", 100 * trained.test().accuracy(), data.test().size()));
    }
    lines.add("model: " + out.path().resolve(ModelTraining.MODEL));
    return lines;
  }
}
