/**
 * Comparisons with what independent software computes (PyTorch, zennit, torchaudio, SciPy), read from golden
 * safetensors files. The command {@code selftest} runs them on the user's machine, the tests run them on the copies in
 * the test resources.
 */
package unweave.cli.selftest;
