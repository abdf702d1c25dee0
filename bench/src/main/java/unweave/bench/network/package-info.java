/** The networks whose speed is compared with that of other libraries: what people predict with and explain. */
package unweave.bench.network;
