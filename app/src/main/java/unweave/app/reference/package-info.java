/**
 * The sounds in which a model's concepts show most, as pictures, sounds, numbers and one page (concept relevance
 * propagation).
 */
package unweave.app.reference;
