// Makes a room of every place for one: at once where the page holds its data, else when it comes into sight.

/** What waits for a file beside the page, by the key of its room. */
const waiting = new Map();

async function furnish(host, json) {
  const players = host.querySelectorAll(".still audio");
  try {
    const room = new Room(host, await explanationOf(json, players));
    rooms.push(room);
    if (host.closest("dialog")) {
      current = room;
      room.playButton.focus();
    }
    current = current || room;
  } catch (failure) {
    // Pictures and players stay; the reason is for whoever looks.
    console.warn(`${json.title}: shown without its listening room`, failure);
  }
}

function load(host) {
  const script = element("script", { src: host.dataset.source });
  waiting.set(host.dataset.key, host);
  host.classList.add("is-loading");
  script.addEventListener("error", () => host.classList.remove("is-loading"));
  document.head.append(script);
}

window.unweave = {
  rooms,
  /** Called by files beside the page. */
  async room(key, json) {
    const host = waiting.get(key);
    if (host) {
      waiting.delete(key);
      await furnish(host, json);
      host.classList.remove("is-loading");
    }
  },
};

const sight = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
  sight.unobserve(entry.target);
  load(entry.target);
}), { rootMargin: "400px" });

for (const host of document.querySelectorAll(".room")) {
  if (host.dataset.source) {
    sight.observe(host);
  } else {
    furnish(host, JSON.parse(host.querySelector("script").textContent));
  }
}

/** Opens the room of a card over the page. */
function openRoom(card) {
  const host = element("div", { class: "room", "data-key": card.dataset.key, "data-source": card.dataset.source });
  const title = card.querySelector("h3, h4").textContent;
  const close = button("Close", "Back to the page (Esc)", () => dialog.close(), { class: "room-close" });
  const dialog = element("dialog", { class: "room-dialog", "aria-label": title },
      element("header", {}, element("h2", {}, title), close), host);
  dialog.addEventListener("close", () => {
    rooms.filter((room) => room.host === host).forEach((room) => room.leave());
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  load(host);
}

/** A button in place of a player, which plays and stops it from the beginning. */
function playerButton(player, label) {
  const name = label.textContent;
  const made = button(name, `Play: ${name}`, () => {
    if (player.paused) {
      document.querySelectorAll("audio").forEach((other) => other.pause());
      rooms.forEach((room) => room.pause());
      player.currentTime = 0;
      player.play();
    } else {
      player.pause();
    }
  }, { class: "room-player" });
  player.addEventListener("play", () => made.classList.add("is-playing"));
  player.addEventListener("pause", () => made.classList.remove("is-playing"));
  player.hidden = true;
  label.hidden = true;
  return made;
}

for (const card of document.querySelectorAll(".card[data-source]")) {
  card.querySelectorAll("audio").forEach((player) =>
    player.before(playerButton(player, player.previousElementSibling)));
  card.append(button("Open in the listening room", "Switch between the sounds at the same place, over their picture",
      () => openRoom(card), { class: "room-open" }));
}

document.addEventListener("keydown", (event) => {
  const focused = document.activeElement;
  if (current && (focused === null || focused === document.body || current.desk.contains(focused))) {
    onKey(current, event);
  }
});
