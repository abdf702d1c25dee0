// The furniture of a room: buttons, sliders, and the heads of the tracks. All text is set as text, never as markup.

/** An element with attributes, listeners ("onclick") and children; null attributes are left out. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      made.addEventListener(name.slice(2), value);
    } else if (value !== null) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Minus signs instead of hyphens. */
const signed = (text) => text.replace("-", "\u2212");
const percent = (share) => signed(`${(100 * share).toFixed(0)}\u00a0%`).replace(/^\u22120\u00a0/, "0\u00a0");
const decibels = (gain) => (gain > 0 ? signed(`${(20 * Math.log10(gain)).toFixed(0)}\u00a0dB`).replace(/^\u22120\u00a0/, "0\u00a0") : "silent");

/** Two or more choices of which one holds, as radio buttons. */
function choice(legend, options, chosen, onchange) {
  const name = `choice-${choice.count = (choice.count || 0) + 1}`;
  return element("fieldset", { class: "room-choice" }, element("legend", {}, legend),
      ...options.map(([value, text, title]) => {
        const input = element("input", { type: "radio", name, value, onchange: () => onchange(value) });
        input.checked = value === chosen;
        return element("label", { title }, input, element("span", {}, text));
      }));
}

/** A slider with its name and its value in words. */
function slider(text, { min, max, step, value, words, title = null }, oninput) {
  const output = element("output", {}, words(value));
  const input = element("input", { type: "range", min, max, step, value, title, "aria-label": text,
    "aria-valuetext": words(value) });
  input.addEventListener("input", () => {
    const number = Number(input.value);
    output.textContent = words(number);
    input.setAttribute("aria-valuetext", words(number));
    oninput(number);
  });
  return element("label", { class: "room-slider" }, element("span", {}, text), input, output);
}

function button(text, title, onclick, attributes = {}) {
  return element("button", { type: "button", title, onclick, ...attributes }, text);
}

/** The key that picks a track. */
function keyOf(track, i) {
  if (i === 0) {
    return "0";
  }
  if (!track.hue) {
    return "S";
  }
  return track.number <= 9 ? String(track.number) : "";
}

/** The head of a track: pick, solo, mute, fader, and what it says at the place pointed at. */
class TrackHead {
  constructor(room, track, i) {
    this.room = room;
    this.track = track;
    const key = keyOf(track, i);
    const sharing = Number.isFinite(track.share) && track.hue ? percent(track.share) : "";
    this.pick = element("button", { type: "button", class: "room-pick", "aria-pressed": "false",
      title: `Hear and see only this${key ? ` (key ${key})` : ""}`, onclick: () => room.pick(i) },
    element("kbd", {}, key), element("span", { class: "room-swatch" }),
    element("span", { class: "room-name" }, track.title), element("span", { class: "room-share" }, sharing));
    this.pick.querySelector(".room-swatch").style.background =
      track.hue ? css(track.hue) : i === 0 ? "currentColor" : `linear-gradient(90deg, ${css(AGAINST)} 50%, ${css(FOR)} 50%)`;
    this.solo = button("Solo", "Hear this together with others that are solo", () => room.toggleSolo(i),
        { class: "room-toggle", "aria-label": `Solo, ${track.title}`, "aria-pressed": "false" });
    this.mute = button("Mute", "Do not hear this", () => room.toggleMute(i),
        { class: "room-toggle", "aria-label": `Mute, ${track.title}`, "aria-pressed": "false" });
    this.level = element("output", { class: "room-level" });
    this.fader = element("input", { type: "range", min: 0, max: 1, step: 0.01, value: 1, "aria-label": `Volume, ${track.title}`,
      oninput: () => room.setFader(i, Number(this.fader.value)) });
    this.value = element("output", { class: "room-value" });
    this.element = element("div", { class: "room-head", role: "group", "aria-label": track.title },
        this.pick, this.solo, this.mute, this.fader, this.level);
  }

  update(gain) {
    const { track } = this;
    const alone = this.room.picked() === track;
    this.pick.setAttribute("aria-pressed", String(alone));
    this.solo.setAttribute("aria-pressed", String(track.solo));
    this.mute.setAttribute("aria-pressed", String(track.mute));
    this.level.textContent = decibels(gain);
    this.element.classList.toggle("is-heard", this.room.heard().includes(track));
  }
}
