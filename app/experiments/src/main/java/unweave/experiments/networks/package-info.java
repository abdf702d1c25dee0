/**
 * Do concepts answer to objects? One network decides nothing: networks are trained from several seeds, each is scored
 * at every layer by {@link unweave.drsa.evaluation.ObjectInformation} and by patch flipping, and methods are compared
 * by paired differences over the networks.
 */
package unweave.experiments.networks;
