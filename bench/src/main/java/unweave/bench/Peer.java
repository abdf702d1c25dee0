package unweave.bench;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Another library that does some of the {@link Jobs}, to be measured beside us by the same harness on the same threads.
 * Peers are found by {@link ServiceLoader}; Maven's profile {@code peers} builds them, and they are no part of the
 * product.
 */
public interface Peer {
    /** For the table, such as "PyTorch". */
    String name();

    /** One line: versions, how it is called, what it leaves out. Loads nothing native. */
    String description();

    /**
     * Loads the library, so that its own size is no part of the memory that a job takes.
     *
     * @param threads to compute with, at least 1
     */
    void load(int threads);

    /** The jobs it knows; needs no {@link #load}. */
    List<PeerJob> jobs();

    /** All peers on the classpath; empty in the product. */
    static List<Peer> all() {
        return ServiceLoader.load(Peer.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * The peer of that name.
     *
     * @throws IllegalArgumentException if there is no such peer
     */
    static Peer named(String name) {
        return all().stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no peer \"" + name + "\""));
    }
}
