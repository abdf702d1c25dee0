// Makes a room of every place for one: at once where the page holds its data, else when it comes into sight.

/** What waits for a file beside the page, by the key of its room. */
const waiting = new Map();

async function furnish(host, json) {
  const players = host.querySelectorAll(".still audio");
  try {
    const room = new Room(host, await explanationOf(json, players));
    rooms.push(room);
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

document.addEventListener("keydown", (event) => {
  const focused = document.activeElement;
  if (current && (focused === null || focused === document.body || current.desk.contains(focused))) {
    onKey(current, event);
  }
});
