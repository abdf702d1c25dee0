// Which tracks are heard, how loud, and whose relevance is seen.

class Mixer {
  /** @param tracks of an explanation: the input, the standard explanation, concepts; these get numbers and hues */
  constructor(tracks) {
    this.tracks = tracks;
    tracks.forEach((track, i) => {
      track.number = Number(/^concept-(\d+)$/.exec(track.name)?.[1] || 0);
      track.hue = track.number > 0 ? HUES[(track.number - 1) % HUES.length] : null;
      Object.assign(track, { solo: i === 0, mute: false, fader: 1 });
    });
    this.matched = false;
  }

  /** Shows and plays what was decided. */
  update() {}

  /** Says something to those who do not see it. */
  say() {}

  heard() {
    const solo = this.tracks.filter((track) => track.solo);
    const concepts = this.tracks.filter((track) => track.hue);
    const chosen = solo.length > 0 ? solo : concepts.length > 0 ? concepts : this.tracks.slice(0, 1);
    return chosen.filter((track) => !track.mute);
  }

  /** Whose relevance is seen: that of what is heard; with the input alone, that of all concepts. */
  seen() {
    const heard = this.heard().filter((track) => track.relevance);
    const concepts = this.tracks.filter((track) => track.hue);
    return heard.length > 0 ? heard : concepts.length > 0 ? concepts : this.tracks.slice(1);
  }

  /** The only track that is heard, or null. */
  picked() {
    const heard = this.heard();
    return heard.length === 1 ? heard[0] : null;
  }

  /** What a track is heard with, before all are made quieter together lest their sum be clipped. */
  gainOf(track) {
    return track.fader * (this.matched ? 1 : track.loudness);
  }

  gains() {
    const heard = this.heard();
    const sum = heard.reduce((total, track) => total + this.gainOf(track), 0);
    return this.tracks.map((track) => (heard.includes(track) ? this.gainOf(track) / Math.max(1, sum) : 0));
  }

  pick(i) {
    this.tracks.forEach((track, k) => {
      track.solo = k === i;
    });
    this.tracks[i].mute = false;
    this.update();
    this.tell();
  }

  /** @param beside whether to hear it together with what is heard already */
  pickNamed(name, beside = false) {
    const i = this.tracks.findIndex((track) => track.name === name);
    if (i >= 0) {
      if (beside) {
        this.toggleSolo(i);
      } else {
        this.pick(i);
      }
    }
  }

  pickNext(step) {
    const i = this.tracks.indexOf(this.heard()[0]);
    this.pick(clamp(i + step, 0, this.tracks.length - 1));
  }

  pickAll() {
    this.tracks.forEach((track) => {
      track.solo = false;
      track.mute = false;
    });
    this.update();
    this.tell();
  }

  toggleSolo(i) {
    this.tracks[i].solo = !this.tracks[i].solo;
    this.update();
    this.tell();
  }

  toggleMute(i) {
    this.tracks[i].mute = !this.tracks[i].mute;
    this.update();
    this.tell();
  }

  setFader(i, value) {
    this.tracks[i].fader = value;
    this.update();
  }

  setMatched(matched) {
    this.matched = matched;
    this.update();
    this.say(matched ? "Each part alone is as loud as the input." : "Each part is as loud as its share of the relevance is large.");
  }

  tell() {
    const names = this.heard().map((track) =>
      (track.hue && Number.isFinite(track.share) ? `${track.title}, ${percent(track.share)} of the relevance` : track.title));
    this.say(names.length > 0 ? `Heard: ${names.join("; ")}.` : "Nothing is heard: all is muted.");
  }
}
