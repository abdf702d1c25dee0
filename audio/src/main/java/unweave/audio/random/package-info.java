/** Random numbers for augmentation and synthetic sounds: the same seed gives the same bytes on every JDK. */
package unweave.audio.random;
