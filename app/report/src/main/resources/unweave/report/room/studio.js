// Plays all tracks at once and in step; what is heard is decided by their gains, so switching leaves no gap.

/** Seconds in which a gain reaches another: too short to be heard as a fade, too long to click. */
const CROSSFADE = 0.012;
/** Seconds from a command to what is scheduled by it. */
const LEAD = 0.01;

class Studio {
  constructor(signals, rate) {
    this.signals = signals;
    this.rate = rate;
    this.duration = signals[0].length / rate;
    this.gains = signals.map(() => 0);
    this.loop = null;
    this.resting = 0;
    this.playing = null;
    this.onend = () => {};
  }

  /** All tracks with their gains, joined before the destination. */
  wire(context, destination, gains) {
    const master = context.createGain();
    master.connect(destination);
    const sources = this.buffers(context).map((buffer, i) => {
      const gain = context.createGain();
      gain.gain.value = gains[i];
      gain.connect(master);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      return { source, gain };
    });
    return { master, sources };
  }

  buffers(context) {
    if (!this.kept) {
      this.kept = this.signals.map((signal) => {
        const buffer = context.createBuffer(1, signal.length, this.rate);
        buffer.copyToChannel(signal, 0);
        return buffer;
      });
    }
    return this.kept;
  }

  /** The mixture as it would sound, as samples. */
  async mixture(gains = this.gains) {
    const context = new OfflineAudioContext(1, this.signals[0].length, this.rate);
    this.wire(context, context.destination, gains).sources.forEach(({ source }) => source.start());
    return (await context.startRendering()).getChannelData(0);
  }

  get isPlaying() {
    return this.playing !== null;
  }

  /** Browsers give sound only after a key or a click, so the context is made by the first one. */
  open() {
    if (!this.context) {
      try {
        this.context = new AudioContext({ sampleRate: this.rate, latencyHint: "interactive" });
      } catch (notSupported) {
        this.context = new AudioContext();
      }
    }
    return this.context;
  }

  async play() {
    const context = this.open();
    if (context.state !== "running") {
      await context.resume();
    }
    if (!this.isPlaying) {
      this.start(this.resting >= this.duration ? 0 : this.resting);
    }
  }

  /** Starts all tracks at a position; those that played until then fade out at the same moment. */
  start(position) {
    const inLoop = this.loop && position >= this.loop.from && position < this.loop.to;
    const from = this.loop && !inLoop ? this.loop.from : position;
    const at = this.context.currentTime + LEAD;
    this.fadeOut(at);
    const wired = this.wire(this.context, this.context.destination, this.gains);
    for (const { source } of wired.sources) {
      if (this.loop) {
        source.loop = true;
        source.loopStart = this.loop.from;
        source.loopEnd = this.loop.to;
      }
      source.start(at, from);
    }
    const playing = { ...wired, at, from, loop: this.loop };
    wired.sources[0].source.onended = () => {
      if (this.playing === playing) {
        this.playing = null;
        this.resting = 0;
        this.onend();
      }
    };
    this.playing = playing;
  }

  fadeOut(at) {
    if (this.playing) {
      const { master, sources } = this.playing;
      master.gain.setTargetAtTime(0, at, CROSSFADE / 4);
      sources.forEach(({ source }) => source.stop(at + 2 * CROSSFADE));
    }
  }

  pause() {
    if (this.isPlaying) {
      this.resting = this.position();
      this.fadeOut(this.context.currentTime);
      this.playing = null;
    }
  }

  /** What is heard at this moment, in seconds since the beginning of the sound. */
  position() {
    if (!this.isPlaying) {
      return this.resting;
    }
    const latency = this.context.outputLatency || this.context.baseLatency || 0;
    return this.positionAt(this.context.currentTime - latency);
  }

  /** What leaves the context at a time of its clock. */
  positionAt(time) {
    const { at, from, loop } = this.playing;
    const reached = from + Math.max(0, time - at);
    if (loop && reached >= loop.to) {
      return loop.from + ((reached - loop.from) % (loop.to - loop.from));
    }
    return Math.min(reached, this.duration);
  }

  seek(position) {
    this.resting = Math.min(Math.max(0, position), this.duration);
    if (this.isPlaying) {
      this.start(this.resting);
    }
  }

  /** @param loop from and to in seconds, or null */
  setLoop(loop) {
    const next = this.isPlaying ? this.positionAt(this.context.currentTime + LEAD) : 0;
    this.loop = loop;
    if (this.isPlaying) {
      this.start(next);
    }
  }

  setGains(gains) {
    this.gains = gains;
    if (this.isPlaying) {
      this.playing.sources.forEach(({ gain }, i) => {
        gain.gain.setTargetAtTime(gains[i], this.context.currentTime, CROSSFADE / 4);
      });
    }
  }
}
