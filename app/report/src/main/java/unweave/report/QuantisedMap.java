package unweave.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;

/**
 * A picture's values as bytes q, row after row, compressed (zlib) and as text (base64):
 *
 * <pre>
 *   linear   v = low + (high - low) q / 255, q from 0 to 255
 *   signed   v = sign(q) high (q / 127)^2, q from -127 to 127
 * </pre>
 *
 * The square keeps the steps of small relevances small: the least that is told from 0 is high / 64516 (half of the
 * first step), and the error of a value v is at most 1 / 127 of sqrt(v high), and a step.
 */
record QuantisedMap(double low, double high, String data) {
    private static final int STEPS = 255;
    private static final int SIGNED_STEPS = 127;

    /** Between the least and the largest value. */
    static QuantisedMap linear(float[][] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (float[] row : values) {
            for (float value : row) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        double range = high > low ? high - low : 1;
        byte[] bytes = new byte[values.length * values[0].length];
        int i = 0;
        for (float[] row : values) {
            for (float value : row) {
                bytes[i++] = (byte) Math.round(STEPS * (value - low) / range);
            }
        }
        return new QuantisedMap(low, low + range, compressed(bytes));
    }

    /** @param largest the largest |value| of this map and those that share its scale */
    static QuantisedMap signed(float[][] values, double largest) {
        byte[] bytes = new byte[values.length * values[0].length];
        int i = 0;
        for (float[] row : values) {
            for (float value : row) {
                double root = largest > 0 ? Math.sqrt(Math.abs(value) / largest) : 0;
                bytes[i++] = (byte) Math.round(Math.copySign(SIGNED_STEPS * root, value));
            }
        }
        return new QuantisedMap(-largest, largest, compressed(bytes));
    }

    /** The largest |value|; 0 for no map. */
    static double largest(float[][] values) {
        double largest = 0;
        for (float[] row : values == null ? new float[0][] : values) {
            for (float value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("low", low);
        json.put("high", high);
        json.put("data", data);
        return json;
    }

    private static String compressed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }
}
