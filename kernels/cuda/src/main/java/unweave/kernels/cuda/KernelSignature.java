package unweave.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of a kernel, as its PTX declares them: ".param .u64 name_param_0". */
final class KernelSignature {
    private static final Pattern PARAMETER =
            Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.([bsuf])(\\d+)\\s[^,)]*");
    private final List<String> types;

    private KernelSignature(List<String> types) {
        this.types = types;
    }

    /** @throws IllegalArgumentException if {@code ptx} has no such kernel */
    static KernelSignature of(String kernel, String ptx) {
        Matcher entry = Pattern.compile("\\.entry\\s+" + Pattern.quote(kernel) + "\\s*\\(([^)]*)\\)")
                .matcher(ptx);
        if (!entry.find()) {
            throw new IllegalArgumentException("the PTX has no kernel " + kernel);
        }
        List<String> types = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(entry.group(1));
        while (parameter.find()) {
            types.add(parameter.group(1) + Integer.parseInt(parameter.group(2)));
        }
        return new KernelSignature(List.copyOf(types));
    }

    /** Number of parameters. */
    int size() {
        return types.size();
    }

    /**
     * Whether parameter {@code index} takes a value of {@code bytes} bytes: a float ('f') or an integer or pointer
     * ('i').
     */
    boolean takes(int index, char kind, int bytes) {
        String type = types.get(index);
        boolean sameKind = type.charAt(0) == 'b' || (type.charAt(0) == 'f') == (kind == 'f');
        return sameKind && Integer.parseInt(type.substring(1)) == 8 * bytes;
    }

    @Override
    public String toString() {
        return types.toString();
    }
}
