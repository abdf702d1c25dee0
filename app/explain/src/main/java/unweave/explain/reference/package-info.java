/** The sounds in which a model's concepts show most (concept relevance propagation). */
package unweave.explain.reference;
