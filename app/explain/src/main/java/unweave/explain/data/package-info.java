/** From folders and manifests of sound files to log-mel inputs with labels, split for training and evaluation. */
package unweave.explain.data;
