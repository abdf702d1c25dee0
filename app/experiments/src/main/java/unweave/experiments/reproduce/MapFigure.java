package unweave.experiments.reproduce;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.Method;

/**
 * A figure of relevance maps.
 *
 * @param number of the thesis' figure
 * @param of name of the class whose inputs are explained
 * @param through name of the class whose subspaces split them
 * @param layers one row per layer and input
 * @param inputs number of inputs
 */
record MapFigure(
        String number, String of, String through, List<String> layers, int concepts, Method method, int inputs) {

    /** A name that can stand in a file name. */
    String fileName() {
        return "figures/" + number.replace('.', '-') + ".png";
    }

    String narrowFileName() {
        return "figures/" + number.replace('.', '-') + "-narrow.png";
    }

    /**
     * The file of one of its sounds in the chapter's folder, such as {@code sounds/4-3/1-concept-2.wav}.
     *
     * @param row "sound 1", or a layer
     */
    String soundFile(String row, String part) {
        return "sounds/" + number.replace('.', '-') + "/" + row.replace("sound ", "") + "-" + part + ".wav";
    }

    /**
     * Whether the other figure shows the same sounds, split in the same way but by the subspaces of their own class.
     */
    boolean isThroughOwn(MapFigure other) {
        return other.equals(new MapFigure(other.number, of, of, layers, concepts, method, inputs));
    }

    String caption() {
        String what = method == Method.RANDOM ? "Random subspaces" : method.name();
        String whose = of.equals(through) ? "" : " through the subspaces of " + through;
        String where = layers.size() == 1 ? " at " + layers.get(0) : ", one row per layer";
        return "Compare Fig. " + number + ". " + what + " with K = " + concepts + where + ": " + of + whose
                + ". From left to right the input, the standard map and the concepts, which add up to it; below, the same"
                + " as sounds.";
    }

    /** The figures of chapter 4.1 and C.1. */
    static List<MapFigure> synthetic(ChapterPlan plan, List<String> classes) {
        String first = classes.get(0);
        String second = classes.get(1);
        List<MapFigure> figures = new ArrayList<>();
        figures.add(of("4.3", first, first, plan, Method.DRSA));
        figures.add(of("4.5", first, first, plan, Method.RANDOM));
        figures.add(of("C.1", second, second, plan, Method.DRSA));
        figures.add(new MapFigure("C.3", second, second, plan.layers(), plan.concepts(), Method.DRSA, 1));
        figures.add(of("4.8", first, second, plan, Method.DRSA));
        figures.addAll(otherConcepts(first, plan));
        return figures;
    }

    /** The figures of chapter 4.2.2 and C.2; of the first genres where the thesis' are not among the classes. */
    static List<MapFigure> music(ChapterPlan plan, List<String> classes) {
        String hiphop = orElse(classes, "hiphop", 0);
        String jazz = orElse(classes, "jazz", 1);
        List<MapFigure> figures = new ArrayList<>();
        figures.add(of("4.6", hiphop, hiphop, plan, Method.DRSA));
        figures.add(of("4.7", jazz, jazz, plan, Method.DRSA));
        figures.add(of("4.8", jazz, hiphop, plan, Method.DRSA));
        figures.add(new MapFigure("C.3", hiphop, hiphop, plan.layers(), plan.concepts(), Method.DRSA, 1));
        for (String[] genre : new String[][] {{"C.4", "reggae"}, {"C.5", "metal"}, {"C.6", "classical"}}) {
            if (classes.contains(genre[1])) {
                figures.add(of(genre[0], genre[1], genre[1], plan, Method.DRSA));
            }
        }
        figures.addAll(otherConcepts(hiphop, plan));
        return figures;
    }

    private static List<MapFigure> otherConcepts(String name, ChapterPlan plan) {
        List<String> numbers = List.of("C.7", "C.8");
        List<MapFigure> figures = new ArrayList<>();
        for (int i = 0; i < plan.otherConcepts().size(); i++) {
            figures.add(new MapFigure(
                    numbers.get(i),
                    name,
                    name,
                    List.of(plan.layer()),
                    plan.otherConcepts().get(i),
                    Method.DRSA,
                    plan.sizes().shown()));
        }
        return figures;
    }

    private static MapFigure of(String number, String of, String through, ChapterPlan plan, Method method) {
        return new MapFigure(
                number,
                of,
                through,
                List.of(plan.layer()),
                plan.concepts(),
                method,
                plan.sizes().shown());
    }

    private static String orElse(List<String> classes, String wanted, int place) {
        return classes.contains(wanted) ? wanted : classes.get(place);
    }
}
