/**
 * Files: the safetensors format ({@link unweave.engine.file.SafeTensors}), models that describe themselves
 * ({@link unweave.engine.file.ModelFile}), and weights trained with PyTorch ({@link unweave.engine.torch.TorchImport}).
 */
package unweave.engine.file;
