// A listening room: sees, hears and steers one explanation.

const rooms = [];
/** Where keys go. */
let current = null;

class Room extends Mixer {
  constructor(host, explanation) {
    super(explanation.tracks);
    this.host = host;
    this.explanation = explanation;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.look = { signed: false, opacity: 0.9, emphasis: explanation.emphasis, threshold: 0, dark: this.dark.matches };
    this.studio = new Studio(this.tracks.map((track) => track.signal), explanation.rate);
    this.studio.onend = () => this.update();
    this.view = new View(explanation);
    this.picture = new Picture(explanation);
    this.lanes = this.tracks.map((track) => new Lane(track, explanation, this.view));
    this.scale = Math.max(0, ...this.lanes.map((lane) => lane.largest || 0));
    this.build();
    this.listen();
    this.update();
  }

  build() {
    const { explanation } = this;
    this.playButton = element("button", { type: "button", class: "room-play", onclick: () => this.toggle() });
    this.clock = element("output", { class: "room-clock", "aria-hidden": "true" });
    this.readout = element("output", { class: "room-readout", "aria-hidden": "true" });
    this.status = element("p", { class: "room-status", role: "status" });
    this.loopButton = button("Loop", "Repeat the part marked by dragging, or what is in view (L)", () => this.toggleLoop(),
        { class: "room-toggle", "aria-pressed": "false" });
    this.heads = this.tracks.map((track, i) => new TrackHead(this, track, i));
    this.needles = [];
    this.regions = [];
    this.view.canvas.setAttribute("role", "img");
    this.view.canvas.setAttribute("aria-label", `Spectrogram of ${explanation.title} with the relevance of what is heard, for and against ${explanation.explained}`);
    const plot = this.plot(this.view.canvas, "room-plot");
    plot.append(this.readout);
    this.handle = element("div", { class: "room-handle", role: "slider", tabindex: "0", "aria-label": "Position",
      "aria-valuemin": "0", "aria-valuemax": explanation.duration.toFixed(3) });
    plot.append(this.handle);
    const rows = this.heads.map((head, i) => {
      const lane = this.plot(this.lanes[i].canvas, "room-lane");
      lane.append(head.value);
      return element("div", { class: "room-track" }, head.element, lane);
    });
    this.desk = element("div", { class: "room-desk", role: "group", "aria-label": `Listening room, ${explanation.title}` },
        element("div", { class: "room-track room-top" }, this.panel(), plot), ...rows, this.help(), this.status);
    this.host.prepend(this.desk);
    this.host.classList.add("is-alive");
  }

  /** A picture on the time axis, with needle and region over it. */
  plot(canvas, name) {
    const needle = element("div", { class: "room-needle" });
    const region = element("div", { class: "room-region" });
    this.needles.push(needle);
    this.regions.push(region);
    const plot = element("div", { class: name }, canvas, element("div", { class: "room-over" }, region, needle));
    followPointer(this, plot, canvas);
    return plot;
  }

  panel() {
    const { look } = this;
    const zoom = (text, title, frequency, factor) => button(text, title, () => this.zoom(frequency, factor));
    return element("div", { class: "room-panel" },
        element("div", { class: "room-transport" }, this.playButton, this.clock, this.loopButton),
        !this.hasShares ? null : choice("Loudness", [
          ["share", "by share", "Each part as loud as its share of the relevance is large: half the share, 6 dB less"],
          ["matched", "matched", "Each part alone as loud as the input"],
        ], "share", (value) => this.setMatched(value === "matched")),
        choice("Colours", [
          ["concept", "concepts", "What speaks for the class, in the colour of its concept"],
          ["sign", "for/against", "Red speaks for the class, blue against it"],
        ], "concept", (value) => this.setLook({ signed: value === "sign" })),
        slider("Opacity", { min: 0, max: 1, step: 0.05, value: look.opacity, words: percent },
            (opacity) => this.setLook({ opacity })),
        slider("Gain", { min: 1, max: 5, step: 0.1, value: look.emphasis, words: (value) => value.toFixed(1),
          title: "Above 1 small relevances are emphasised: colours grow with |relevance| to the power of 1 / gain" },
        (emphasis) => this.setLook({ emphasis })),
        slider("Threshold", { min: 0, max: 0.5, step: 0.005, value: 0, words: (value) => `${signed((100 * value).toFixed(1))}\u00a0%`,
          title: "Relevance below this part of the largest is not shown" },
        (threshold) => this.setLook({ threshold })),
        element("div", { class: "room-zoom", role: "group", "aria-label": "Zoom" },
            element("span", {}, "Time"), zoom("\u2212", "Zoom out in time (\u2212)", false, 1.5),
            zoom("+", "Zoom in in time (+)", false, 1 / 1.5),
            element("span", {}, "Pitch"), zoom("\u2212", "Zoom out in frequency (Alt \u2212)", true, 1.5),
            zoom("+", "Zoom in in frequency (Alt +)", true, 1 / 1.5),
            button("All", "Show everything (Esc)", () => this.showAll())));
  }

  help() {
    const list = element("dl", { class: "room-keys" }, ...KEYS.flatMap(([key, meaning]) => [
      element("dt", {}, element("kbd", {}, key)), element("dd", {}, meaning)]));
    return element("details", { class: "room-help" }, element("summary", {}, "Keys and gestures"), list,
        element("p", {}, "Click on a picture to go there; drag over it to mark a part that is repeated. The wheel with Ctrl "
        + "zooms in time, with Alt in frequency, with Shift it moves; so does dragging an axis."));
  }

  listen() {
    this.desk.addEventListener("pointerdown", () => { current = this; }, true);
    this.desk.addEventListener("focusin", () => { current = this; });
    // Whoever clicks wants the space bar to play, not to press the button again; the Tab key still goes on from there.
    this.desk.addEventListener("click", (event) => {
      if (event.detail > 0) {
        event.target.closest("button")?.blur();
      }
    });
    this.dark.addEventListener("change", () => this.setLook({ dark: this.dark.matches }));
    const resized = new ResizeObserver(() => this.draw());
    try {
      resized.observe(this.view.canvas, { box: "device-pixel-content-box" });
    } catch (notSupported) {
      resized.observe(this.view.canvas);
    }
    // Another screen, or the zoom of the browser: the size in CSS pixels may stay the same.
    const sharpened = () => {
      const same = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
      same.addEventListener("change", () => { this.draw(); sharpened(); }, { once: true });
    };
    sharpened();
    this.view.canvas.addEventListener("wheel", (event) => onWheel(this, event), { passive: false });
    this.view.canvas.addEventListener("pointerleave", () => this.point(null));
  }

  // Time

  async toggle() {
    if (this.studio.isPlaying) {
      this.studio.pause();
    } else {
      rooms.filter((room) => room !== this).forEach((room) => room.pause());
      current = this;
      await this.studio.play();
    }
    this.update();
    this.run();
  }

  pause() {
    this.studio.pause();
    this.update();
  }

  /** Falls silent for good. */
  leave() {
    this.studio.pause();
    rooms.splice(rooms.indexOf(this), 1);
    current = rooms[0] || null;
  }

  seek(position) {
    this.studio.seek(position);
    this.follow();
    this.place();
  }

  step(seconds) {
    this.seek(this.studio.position() + seconds);
  }

  /** How far an arrow key goes: a fiftieth of what is in view. */
  stride() {
    return ((this.view.columns.to - this.view.columns.from) * this.explanation.hop) / 50;
  }

  setLoop(from, to) {
    const low = Math.min(from, to);
    const high = Math.max(from, to);
    this.studio.setLoop(high - low > 0.02 ? { from: low, to: high } : null);
    if (this.studio.loop && !this.studio.isPlaying) {
      this.studio.seek(low);
    }
    this.update();
  }

  toggleLoop() {
    if (this.studio.loop) {
      this.studio.setLoop(null);
      this.update();
    } else {
      const { columns } = this.view;
      this.setLoop(Math.max(0, this.view.secondsOf(columns.from)), Math.min(this.explanation.duration, this.view.secondsOf(columns.to)));
    }
  }

  reset() {
    this.studio.setLoop(null);
    this.showAll();
    this.update();
  }

  // What is seen

  /** Whether there is a loudness that tells shares. */
  get hasShares() {
    return this.tracks.some((track) => track.hue && Number.isFinite(track.share));
  }

  /** Whether nothing is looped or zoomed. */
  get isPlain() {
    return !this.studio.loop && this.view.columns.isAll && this.view.rows.isAll;
  }

  zoom(frequency, factor) {
    const { columns, rows } = this.view;
    if (frequency) {
      rows.zoom(factor, (rows.from + rows.to) / 2);
    } else {
      const column = this.view.columnOf(this.studio.position());
      const inView = column >= columns.from && column <= columns.to;
      columns.zoom(factor, inView ? column : (columns.from + columns.to) / 2);
    }
    this.draw();
  }

  showAll() {
    this.view.columns.all();
    this.view.rows.all();
    this.draw();
  }

  /** Turns the page where the needle has left what is in view. */
  follow() {
    const { columns } = this.view;
    const column = this.view.columnOf(this.studio.position());
    if (!columns.isAll && (column < columns.from || column > columns.to)) {
      columns.move(column - columns.from - (columns.to - columns.from) * 0.05);
      this.draw();
    }
  }

  setLook(changes) {
    Object.assign(this.look, changes);
    this.update();
  }

  /** Shows values at a cell, or none. */
  point(cell) {
    this.readout.textContent = "";
    this.heads.forEach((head) => {
      head.value.textContent = "";
    });
    if (!cell) {
      return;
    }
    const { explanation } = this;
    const { low, high } = explanation.spectrogram;
    const level = low + (high - low) * explanation.levels[cell.index];
    const seconds = explanation.first + cell.frame * explanation.hop;
    this.readout.textContent = signed(`${seconds.toFixed(3)} s \u00b7 ${Math.round(explanation.hertz[cell.row])} Hz \u00b7 ${level.toFixed(1)} ${explanation.unit}`);
    this.heads.forEach((head) => {
      if (head.track.relevance) {
        const value = head.track.relevance[cell.index];
        head.value.textContent = signed(`R ${value > 0 ? "+" : ""}${value === 0 ? 0 : value.toPrecision(2)}`);
      }
    });
  }

  say(text) {
    this.status.textContent = text;
  }

  update() {
    const gains = this.gains();
    this.studio.setGains(gains);
    this.heads.forEach((head, i) => head.update(gains[i] > 0 ? gains[i] : this.gainOf(this.tracks[i])));
    const playing = this.studio.isPlaying;
    this.playButton.classList.toggle("is-playing", playing);
    this.playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.playButton.title = playing ? "Pause (space bar)" : "Play (space bar)";
    this.loopButton.setAttribute("aria-pressed", String(this.studio.loop !== null));
    this.picture.paint(this.seen(), this.look);
    this.draw();
  }

  draw() {
    const style = getComputedStyle(this.desk);
    const colours = { line: style.getPropertyValue("--line"), quiet: style.getPropertyValue("--quiet"), font: style.fontFamily };
    this.view.draw(this.picture, colours);
    const heard = this.heard();
    const seen = this.seen();
    this.lanes.forEach((lane) => lane.draw(this.scale, colours, heard.includes(lane.track) || seen.includes(lane.track)));
    this.mark(this.studio.loop);
    this.place();
  }

  mark(loop) {
    this.regions.forEach((region) => {
      region.hidden = !loop;
      if (loop) {
        const left = this.view.xOf(loop.from) - GUTTER.left;
        region.style.transform = `translateX(${left}px)`;
        region.style.width = `${this.view.xOf(loop.to) - GUTTER.left - left}px`;
      }
    });
  }

  /** Puts the needle where the sound is. */
  place() {
    const position = this.held ?? this.studio.position();
    this.shown = position;
    const x = this.view.xOf(position);
    const inView = x >= GUTTER.left - 1 && x <= GUTTER.left + this.view.plotWidth + 1;
    this.needles.forEach((needle) => {
      needle.hidden = !inView;
      needle.style.transform = `translateX(${x - GUTTER.left}px)`;
    });
    this.handle.hidden = !inView;
    this.handle.style.transform = `translateX(${x}px)`;
    this.handle.setAttribute("aria-valuenow", position.toFixed(3));
    this.handle.setAttribute("aria-valuetext", `${position.toFixed(2)} of ${this.explanation.duration.toFixed(2)} seconds`);
    this.clock.textContent = `${position.toFixed(2)} / ${this.explanation.duration.toFixed(2)} s`;
  }

  /** Moves the needle for as long as the sound plays. */
  run() {
    if (!this.running) {
      this.running = true;
      const frame = () => {
        this.follow();
        this.place();
        this.running = this.studio.isPlaying;
        if (this.running) {
          requestAnimationFrame(frame);
        }
      };
      frame();
    }
  }
}
