// Reads what a page, or a file beside it, holds of an explanation: see QuantisedMap for the bytes of a map.

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function inflated(base64) {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Values from 0 (the least) to 1 (the largest). */
async function linearMap(map) {
  return Float32Array.from(await inflated(map.data), (q) => q / 255);
}

async function signedMap(map) {
  const steps = new Int8Array((await inflated(map.data)).buffer);
  return Float32Array.from(steps, (q) => Math.sign(q) * map.high * (q / 127) ** 2);
}

/** The model's rate, or one that every browser plays, at which sounds are then decoded. */
function playableRate(rate) {
  try {
    new OfflineAudioContext(1, 1, rate);
    return rate;
  } catch (notSupported) {
    return 48000;
  }
}

async function decodedSound(base64, rate) {
  const buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytesOf(base64).buffer);
  return buffer.getChannelData(0);
}

/**
 * An explanation ready to be shown and played: maps as Float32Array, rows from the lowest frequency up, and signals of
 * one length.
 *
 * @param json what ListeningRoom gives
 * @param players audio elements in the order of the tracks, which hold the sounds that the data do not
 */
async function explanationOf(json, players) {
  const rate = playableRate(json.rate);
  const soundOf = (track, i) => track.sound || players[i].src.slice(players[i].src.indexOf(",") + 1);
  const tracks = await Promise.all(json.tracks.map(async (track, i) => ({
    ...track,
    relevance: track.relevance ? await signedMap(track.relevance) : null,
    signal: await decodedSound(soundOf(track, i), rate),
  })));
  const length = Math.max(...tracks.map((track) => track.signal.length));
  for (const track of tracks) {
    const padded = new Float32Array(length);
    padded.set(track.signal);
    track.signal = padded;
  }
  return { ...json, rate, tracks, duration: length / rate, levels: await linearMap(json.spectrogram) };
}
