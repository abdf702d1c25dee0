// The keyboard. Keys work in the room that was used last, while the focus is in it or nowhere.

const KEYS = [
  ["Space", "play or pause"],
  ["0", "the input"],
  ["S", "the standard explanation"],
  ["1 to 9", "a concept; with Shift: together with others"],
  ["A", "all concepts together"],
  ["\u2191 \u2193", "the track before or after"],
  ["\u2190 \u2192", "back or forward; with Shift: one frame"],
  ["Home, End", "to the beginning or the end"],
  ["L", "loop the marked part, or what is in view"],
  ["+ \u2212", "zoom in time; with Alt: in frequency"],
  ["Esc", "no loop, no zoom"],
];

/** Whether a control that has the focus needs the key itself. */
function belongsToControl(event) {
  const { target, key } = event;
  if (target.matches("input[type=range], input[type=radio]")) {
    return key.startsWith("Arrow") || key === "Home" || key === "End" || (key === " " && target.type === "radio");
  }
  if (target.matches("button, summary, a, input[type=checkbox]")) {
    return key === " " || key === "Enter";
  }
  return target.matches("input, textarea, select, [contenteditable]");
}

function onKey(room, event) {
  if (event.key === "Escape" && room.isPlain) {
    return; // closes a dialog
  }
  if (event.ctrlKey || event.metaKey || event.defaultPrevented || belongsToControl(event)) {
    return;
  }
  const digit = /^(Digit|Numpad)([0-9])$/.exec(event.code);
  const actions = {
    " ": () => room.toggle(),
    ArrowLeft: () => room.step(event.shiftKey ? -room.explanation.hop : -room.stride()),
    ArrowRight: () => room.step(event.shiftKey ? room.explanation.hop : room.stride()),
    ArrowUp: () => room.pickNext(-1),
    ArrowDown: () => room.pickNext(1),
    Home: () => room.seek(0),
    End: () => room.seek(room.explanation.duration),
    Escape: () => room.reset(),
    "+": () => room.zoom(event.altKey, 1 / 1.5),
    "=": () => room.zoom(event.altKey, 1 / 1.5),
    "-": () => room.zoom(event.altKey, 1.5),
    a: () => room.pickAll(),
    l: () => room.toggleLoop(),
    s: () => room.pickNamed("standard"),
  };
  let action = event.altKey && !/[-+=]/.test(event.key) ? null : actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (digit && !event.altKey) {
    const wanted = digit[2] === "0" ? "input" : `concept-${digit[2]}`;
    action = () => room.pickNamed(wanted, event.shiftKey);
  }
  if (action) {
    action();
    event.preventDefault();
  }
}
