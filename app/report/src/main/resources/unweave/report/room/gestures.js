// The mouse, the finger and the wheel on the pictures of a room.

function onWheel(room, event) {
  const { columns, rows } = room.view;
  const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
  if (event.ctrlKey || event.altKey) {
    const factor = 1.002 ** event.deltaY;
    if (event.altKey) {
      rows.zoom(factor, room.view.rowAt(event.offsetY));
    } else {
      columns.zoom(factor, room.view.columnAt(event.offsetX));
    }
  } else if (sideways && !columns.isAll) {
    columns.move((sideways / room.view.plotWidth) * (columns.to - columns.from));
  } else {
    return;
  }
  event.preventDefault();
  room.draw();
}

/**
 * Click to go somewhere, drag to mark a part, drag the needle or an axis to move it.
 *
 * @param plot holds the canvas and what lies over it
 */
function followPointer(room, plot, canvas) {
  let drag = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const large = canvas === room.view.canvas;
  const kindOf = (target, x, y) => {
    if (target === room.handle) {
      return "needle";
    }
    if (large && x < GUTTER.left) {
      return "pitch";
    }
    if (large && y > GUTTER.top + room.view.plotHeight) {
      return "time";
    }
    return Math.abs(x - room.view.xOf(room.studio.position())) < 8 ? "needle" : "region";
  };
  const seconds = (x) => clamp(room.view.secondsAt(x), 0, room.explanation.duration);
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) {
      return;
    }
    const { x, y } = at(event);
    drag = { kind: kindOf(event.target, x, y), x, y, moved: false };
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener("pointermove", (event) => {
    const { x, y } = at(event);
    if (!drag) {
      room.point(large ? room.view.cellAt(x, y) : null);
      return;
    }
    drag.moved = drag.moved || Math.abs(x - drag.x) > 4 || Math.abs(y - drag.y) > 4;
    if (drag.moved) {
      dragged(room, drag, x, y, seconds);
    }
  });
  plot.addEventListener("pointerup", (event) => {
    const ended = drag;
    drag = null;
    if (!ended) {
      return;
    }
    const { x } = at(event);
    if (ended.kind === "needle" && ended.moved) {
      room.held = null;
      room.seek(seconds(x));
    } else if (ended.kind === "region" && ended.moved) {
      room.setLoop(seconds(ended.x), seconds(x));
    } else if (!ended.moved) {
      room.seek(seconds(x));
    }
  });
  plot.addEventListener("pointercancel", () => {
    drag = null;
    room.held = null;
  });
}

function dragged(room, drag, x, y, seconds) {
  const { columns, rows } = room.view;
  if (drag.kind === "needle") {
    room.held = seconds(x);
    room.place();
  } else if (drag.kind === "region") {
    room.mark({ from: Math.min(seconds(drag.x), seconds(x)), to: Math.max(seconds(drag.x), seconds(x)) });
  } else {
    columns.move(drag.kind === "time" ? ((drag.x - x) / room.view.plotWidth) * (columns.to - columns.from) : 0);
    rows.move(drag.kind === "pitch" ? ((y - drag.y) / room.view.plotHeight) * (rows.to - rows.from) : 0);
    Object.assign(drag, { x, y });
    room.draw();
  }
}
