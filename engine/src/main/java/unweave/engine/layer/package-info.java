/**
 * The kinds of layers, one file each: what a layer of the kind is called, which settings it has, what it computes on a
 * tape. {@link unweave.engine.layer.LayerKinds} lists them; nothing else asks of which kind a layer is.
 */
package unweave.engine.layer;
