package unweave.report.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import unweave.audio.file.SoundFiles;
import unweave.explain.Explanation;
import unweave.explain.MapView;
import unweave.explain.Part;
import unweave.figure.MapPanel;
import unweave.report.Card;
import unweave.report.ListeningRoom;
import unweave.report.Picture;
import unweave.report.Track;

/** Explanations as listening rooms: the input, the standard explanation and the concepts in step. */
public final class ExplanationRoom {
    /** Of rooms: shows what little relevance there is where the run's own colours are in proportion to relevance. */
    public static final double EMPHASIS = 2;

    private ExplanationRoom() {}

    /**
     * The room of one explanation.
     *
     * @param title such as the sound's name
     * @param view of the explainer's front end
     * @param gain of the colours, see {@link ExplanationPictures}
     */
    public static ListeningRoom of(String title, Explanation explanation, MapView view, double gain) {
        ExplanationPictures pictures = new ExplanationPictures(view, gain);
        return of(title, explanation, pictures, still(title, explanation, pictures, name -> name));
    }

    /** @param still see {@link ListeningRoom}; none for a room that lies beside its page */
    static ListeningRoom of(String title, Explanation explanation, ExplanationPictures pictures, List<Card> still) {
        MapView view = pictures.view();
        float[] input = explanation.input().input();
        List<Track> tracks = new ArrayList<>();
        tracks.add(new Track("input", "Input", explanation.input().signal(), null, Double.NaN, 1));
        for (Part part : explanation.parts()) {
            tracks.add(new Track(
                    part.name(),
                    part.title(),
                    part.sound().samples(),
                    view.map(input, part.map().flat()),
                    part.share(),
                    loudness(part, explanation)));
        }
        return new ListeningRoom(
                title,
                explanation.explained().className(),
                view.axes(),
                explanation.sound().sampleRate(),
                view.levels(input),
                view.levelUnit(),
                pictures.gain() == 1 ? EMPHASIS : pictures.gain(),
                tracks,
                still);
    }

    /**
     * Pictures and players of the input, the standard explanation and the concepts.
     *
     * @param place of a sound's file, given its name
     */
    static List<Card> still(
            String title, Explanation explanation, ExplanationPictures pictures, UnaryOperator<String> place) {
        List<Card> still = new ArrayList<>();
        still.add(Card.of("Input", Picture.of(pictures.input(explanation), pictures.inputName() + " of " + title))
                .subtitle("what the network received")
                .sound(
                        place.apply("input.wav"),
                        SoundFiles.flacBytes(
                                explanation.input().signal(),
                                explanation.sound().sampleRate())));
        for (Part part : explanation.parts()) {
            still.add(still(title, explanation, part, pictures, place.apply(part.name() + ".wav")));
        }
        return still;
    }

    private static Card still(
            String title, Explanation explanation, Part part, ExplanationPictures pictures, String file) {
        MapPanel panel = pictures.part(explanation, part);
        Card card = Card.of(part.title(), Picture.of(panel, part.title() + ": relevance map of " + title))
                .subtitle(MapPanel.relevanceSum(part.map().sum(), 0))
                .sound(
                        file,
                        SoundFiles.flacBytes(
                                part.sound().samples(), part.sound().sampleRate()));
        boolean concept = !part.name().equals(Part.STANDARD);
        return concept && explanation.map().sum() > 0 ? card.share(part.share()) : card;
    }

    /**
     * The share of the relevance, between 0 and 1: a concept with half of it is half as loud (6 dB less). Where the
     * whole sums to nothing or less, shares say little; then it is what speaks for the class, as a part of the most
     * that any of the maps has.
     */
    private static double loudness(Part part, Explanation explanation) {
        if (explanation.map().sum() > 0) {
            return Math.min(1, Math.max(0, part.share()));
        }
        double most = 0;
        for (Part each : explanation.parts()) {
            most = Math.max(most, each.map().positiveSum());
        }
        return most > 0 ? part.map().positiveSum() / most : 0;
    }
}
