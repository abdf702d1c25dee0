package unweave.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * What the launcher had as standard error. The JVM's own is a pipe there, which leaves out the JVM's warning of the
 * Vector API's module; what Unweave writes does not have to pass through it.
 */
public final class StandardError {
    /** The number of the descriptor; set by the launcher. */
    private static final String PROPERTY = "unweave.stderr";

    private StandardError() {}

    /** Lets {@link System#err} write to it. Without a launcher, or on a JVM that does not allow it, nothing changes. */
    public static void use() {
        Integer number = Integer.getInteger(PROPERTY);
        if (number == null) {
            return;
        }
        try {
            Constructor<FileDescriptor> numbered = FileDescriptor.class.getDeclaredConstructor(int.class);
            numbered.setAccessible(true); // the JDK has no other way to a descriptor that is open already
            FileOutputStream out = new FileOutputStream(numbered.newInstance(number));
            String encoding = System.getProperty("stderr.encoding", System.getProperty("sun.stderr.encoding"));
            Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
            System.setErr(new PrintStream(new BufferedOutputStream(out), true, charset));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The pipe passes everything on, only a little later.
        }
    }
}
