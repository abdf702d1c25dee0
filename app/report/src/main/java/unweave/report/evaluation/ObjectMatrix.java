package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.ObjectInformation;
import unweave.figure.MatrixFigure;
import unweave.report.Picture;

/**
 * Which concept answers to which object: the shares of the objects' effects ({@link ObjectInformation}) as a picture, a
 * table and words.
 *
 * <p>A concept <em>answers</em> to an object if more of the object's effect goes into it than an even split over the
 * concepts would give, by more than {@value Comparison#CLEAR} standard errors. It is the object's <em>own</em> concept
 * if it takes most of the object's effect, likewise, and most of no other object's, and the object adds more to it than
 * any other. Several concepts are an object's own if they answer to no other object and together take most of this one.
 * What fewer than {@value Comparison#FEWEST} sounds say is marked as unsure.
 */
public final class ObjectMatrix {
    /** Side of a cell on a wide screen, in CSS pixels. */
    public static final int WIDE_CELL = 72;

    /** More than this share is most of an object. */
    private static final double MOST = 0.5;

    /** Texts count more objects than these instead of naming them. */
    private static final int MOST_NAMED = 3;

    private static final String EFFECT = "effect on the logit";

    private static final int NARROW_CELL = 42;
    private static final int NARROWEST_CELL = 34;

    private final ObjectInformation information;
    private final List<String> objects;
    private final List<String> concepts;
    private final double[][] shares;
    private final double[][] errors;
    private final int[] conceptOfObject;
    private final boolean[][] answers;
    private final boolean[][] most;
    private String noun = "object";
    private boolean undecided;

    /**
     * @param objects their names
     * @param concepts their names, such as "concept 1"
     * @throws IllegalArgumentException when there are not as many names as objects and concepts
     */
    public ObjectMatrix(ObjectInformation information, List<String> objects, List<String> concepts) {
        this.information = information;
        this.objects = List.copyOf(objects);
        this.concepts = List.copyOf(concepts);
        shares = information.shares();
        errors = information.shareErrors();
        conceptOfObject = information.conceptOfObject();
        if (shares.length != objects.size() || shares[0].length != concepts.size()) {
            throw new IllegalArgumentException(objects.size() + " objects and " + concepts.size()
                    + " concepts are named, but measured are " + shares.length + " and " + shares[0].length);
        }
        answers = takes(1.0 / concepts.size());
        most = takes(MOST);
    }

    /** What the texts call an object: "part", for example. */
    public ObjectMatrix called(String word) {
        noun = word;
        return this;
    }

    /** Takes back which concept is which object: that these concepts are better than random ones is not shown. */
    public ObjectMatrix undecided() {
        undecided = true;
        return this;
    }

    /** Objects x concepts: whether a concept is shown to take more than a share of an object's effect. */
    private boolean[][] takes(double share) {
        boolean[][] takes = new boolean[objects.size()][concepts.size()];
        for (int o = 0; o < takes.length; o++) {
            for (int k = 0; k < takes[o].length; k++) {
                Estimate excess = information.above(share, o, k);
                takes[o][k] = excess.mean() > Comparison.CLEAR * excess.standardError()
                        && shares[o][k] - share > Comparison.CLEAR * errors[o][k];
            }
        }
        return takes;
    }

    /** Whether a concept answers to an object. */
    public boolean answers(int object, int concept) {
        return answers[object][concept];
    }

    /** The object whose own concept this is, or -1. */
    public int objectOf(int concept) {
        return IntStream.range(0, objects.size())
                .filter(o -> conceptsOf(o).contains(concept))
                .findFirst()
                .orElse(-1);
    }

    /** The own concepts of an object; none if it is not told apart. */
    public List<Integer> conceptsOf(int object) {
        if (undecided) {
            return List.of();
        }
        List<Integer> several = indices(k -> answers[object][k] && addsMost(object, k));
        double aboveMost = several.stream()
                        .mapToDouble(k -> shares[object][k] - Comparison.CLEAR * errors[object][k])
                        .sum()
                - MOST;
        return aboveMost > 0 && several.stream().allMatch(k -> alone(answers, object, k))
                ? several
                : indices(k -> most[object][k] && alone(most, object, k) && addsMost(object, k));
    }

    private List<Integer> indices(IntPredicate concept) {
        return IntStream.range(0, concepts.size()).filter(concept).boxed().toList();
    }

    /**
     * Whether an object is shown to add more to a concept than any other, however little of the other that would be.
     */
    private boolean addsMost(int object, int concept) {
        return IntStream.range(0, objects.size())
                .filter(other -> other != object)
                .allMatch(other -> {
                    Estimate more = information.addsAbove(object, other, concept);
                    return more.mean() > Comparison.CLEAR * more.standardError();
                });
    }

    /** Whether a table holds for no other object. */
    private static boolean alone(boolean[][] table, int object, int concept) {
        return IntStream.range(0, table.length).noneMatch(o -> o != object && table[o][concept]);
    }

    private boolean sure(int object) {
        return information.sounds(object) >= Comparison.FEWEST;
    }

    /**
     * What a concept answers to: "sawtooth up, 80 %", with the share of that object's effect, and the other objects it
     * answers to; "no object of its own" if there is none. The first is the one of the best one-to-one assignment.
     */
    public String title(int concept) {
        List<String> answering = new ArrayList<>();
        for (int o = 0; o < objects.size(); o++) {
            if (answers(o, concept)) {
                String title = objects.get(o) + ", " + percent(o, concept);
                answering.add(conceptOfObject[o] == concept ? 0 : answering.size(), title);
            }
        }
        if (answering.isEmpty()) {
            return "no " + noun + " of its own";
        }
        String first = answering.remove(0);
        return answering.isEmpty()
                ? first
                : first + "; also "
                        + (answering.size() > MOST_NAMED
                                ? answering.size() + " other " + noun + "s"
                                : String.join("; ", answering));
    }

    /** For every object a sentence: its own concept, or what is not known, and whether the network uses it. */
    public List<String> sentences() {
        return IntStream.range(0, objects.size()).mapToObj(this::sentence).toList();
    }

    private String sentence(int object) {
        String name = objects.get(object);
        Estimate effect = information.effectOnLogit(object);
        boolean used = Math.abs(effect.mean()) > Comparison.CLEAR * effect.standardError();
        if (undecided) {
            return capital(name) + ": " + onLogit(effect, used);
        }
        List<Integer> own = conceptsOf(object);
        if (own.size() == 1) {
            int concept = own.get(0);
            return capital(concepts.get(concept)) + (sure(object) ? " is " : " may be ") + name + ": "
                    + withError(object, concept) + " of what " + name + " adds goes into it" + shared(object, concept)
                    + unsure(object) + ". " + onLogit(effect, used);
        }
        if (own.size() > 1) {
            return capital(and(own.stream().map(concepts::get).toList()))
                    + (sure(object) ? " are " : " may be ") + name + ": "
                    + and(own.stream().map(k -> withError(object, k)).toList()) + " of what " + name
                    + " adds go into them" + unsure(object) + ". " + onLogit(effect, used);
        }
        int largest = IntStream.range(0, concepts.size())
                .filter(k -> answers(object, k))
                .boxed()
                .max(Comparator.comparingDouble(k -> shares[object][k]))
                .orElse(-1);
        if (largest >= 0) {
            return capital(name) + " has no concept of its own: " + withError(object, largest)
                    + " of what it adds goes into " + concepts.get(largest) + shared(object, largest) + unsure(object)
                    + ". "
                    + onLogit(effect, used);
        }
        return capital(name) + without(object, used) + unsure(object) + ". " + onLogit(effect, used);
    }

    /** What can be said of an object that no concept answers to. */
    private String without(int object, boolean used) {
        if (Double.isNaN(shares[object][0])) {
            return " adds to no concept";
        }
        return used
                ? " is not separated: no concept is shown to take more of it than an even split"
                : " has no concept of its own";
    }

    /** The other objects that a concept answers to. */
    private String shared(int object, int concept) {
        List<String> others = IntStream.range(0, objects.size())
                .filter(o -> o != object && answers(o, concept))
                .mapToObj(o -> percent(o, concept) + " of " + objects.get(o))
                .toList();
        return others.isEmpty()
                ? ""
                : others.size() > MOST_NAMED
                        ? ", with much of " + others.size() + " other " + noun + "s"
                        : ", with " + and(others);
    }

    private static String and(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    private String unsure(int object) {
        int sounds = information.sounds(object);
        return sure(object) ? "" : " (in " + sounds + (sounds == 1 ? " sound" : " sounds") + ", too few to be sure)";
    }

    private static String onLogit(Estimate effect, boolean used) {
        String number = number(effect);
        if (effect.count() < 2) {
            return "Its effect on the logit is " + number + ".";
        }
        if (!used) {
            return "That the network uses it is not shown: its effect on the logit is " + number + ".";
        }
        return effect.mean() > 0
                ? "The network uses it: its effect on the logit is " + number + "."
                : "It speaks against the class: its effect on the logit is " + number + ".";
    }

    /** The shares in percent as coloured squares; the own concepts are framed. */
    public Picture picture() {
        return new Picture(
                png(WIDE_CELL),
                "Share of each " + noun + "'s effect that goes into each concept: " + String.join(" ", sentences()),
                png(concepts.size() > 4 ? NARROWEST_CELL : NARROW_CELL));
    }

    /** As {@link #picture()}, as a file. @param cell the largest side of a cell in CSS pixels */
    public byte[] png(int cell) {
        double[][] values = new double[objects.size()][concepts.size()];
        boolean[][] own = new boolean[objects.size()][concepts.size()];
        for (int o = 0; o < values.length; o++) {
            for (int k = 0; k < concepts.size(); k++) {
                values[o][k] = 100 * shares[o][k];
                own[o][k] = objectOf(k) == o;
            }
        }
        return new MatrixFigure("", objects, concepts, values)
                .axes(noun, "% of its effect")
                .decimals(0)
                .largest(100)
                .marked(own)
                .cellSize(Math.min(cell, Math.max(48, 480 / concepts.size())))
                .toPng();
    }

    /**
     * The shares in percent with their errors, the effect on the logit, and in how many sounds the object was.
     *
     * @param name of the CSV file, without ending
     * @param caption what was measured
     */
    public ResultTable table(String name, String caption) {
        List<String> columns = new ArrayList<>(List.of(noun));
        concepts.forEach(concept -> columns.add(concept + ", %"));
        columns.add(EFFECT);
        columns.add("sounds");
        ResultTable table = new ResultTable(name, caption, columns).decimals(1).ownDecimals(EFFECT);
        for (int o = 0; o < objects.size(); o++) {
            List<Object> cells = new ArrayList<>();
            for (int k = 0; k < concepts.size(); k++) {
                cells.add(new Estimate(100 * shares[o][k], 100 * errors[o][k], information.sounds(o)));
            }
            cells.add(information.effectOnLogit(o));
            cells.add(information.sounds(o));
            table.row(objects.get(o), cells);
        }
        return table;
    }

    private String percent(int object, int concept) {
        int sounds = information.sounds(object);
        return String.format(Locale.ROOT, "%.0f %%", 100 * shares[object][concept])
                + (sure(object) ? "" : sounds == 1 ? " in 1 sound" : " in " + sounds + " sounds");
    }

    private String withError(int object, int concept) {
        double share = 100 * shares[object][concept];
        return information.sounds(object) < 2
                ? String.format(Locale.ROOT, "%.0f %%", share)
                : String.format(Locale.ROOT, "%.0f \u00b1 %.0f %%", share, 100 * errors[object][concept]);
    }

    /** With two digits of the error, at most four decimals. */
    private static String number(Estimate estimate) {
        double scale = estimate.standardError() > 0 ? estimate.standardError() : Math.abs(estimate.mean());
        int decimals = scale > 0 ? Math.max(0, Math.min(4, 1 - (int) Math.floor(Math.log10(scale)))) : 1;
        String format = "%+." + decimals + "f";
        String mean = String.format(Locale.ROOT, format, estimate.mean()).replace('-', '\u2212');
        return estimate.count() < 2
                ? mean
                : mean + String.format(Locale.ROOT, " \u00b1 %." + decimals + "f", estimate.standardError());
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
