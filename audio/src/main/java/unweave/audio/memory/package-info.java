/** Arrays that calls use while they run, kept for the next call: {@link unweave.audio.memory.WorkingMemory}. */
package unweave.audio.memory;
