// The part of time and frequency that is in view, and the large picture of it with its axes.

/** Room for the numbers of the axes, in CSS pixels. */
const GUTTER = { left: 58, bottom: 28, top: 8, right: 10 };
/** Closer than so many columns or rows nothing is told apart. */
const CLOSEST = 8;
const HERTZ = [20, 50, 100, 200, 500, 1000, 2000, 3000, 4000, 5000, 6000, 8000, 10000, 12000, 16000, 20000];

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A range within 0 to size that is zoomed and moved. */
class Range {
  constructor(size) {
    this.size = size;
    this.all();
  }

  all() {
    this.set(0, this.size);
  }

  set(from, to) {
    const width = clamp(to - from, Math.min(CLOSEST, this.size), this.size);
    this.from = clamp(from, 0, this.size - width);
    this.to = this.from + width;
  }

  /** @param factor below 1 to come closer @param centre stays where it is */
  zoom(factor, centre) {
    const from = centre - (centre - this.from) * factor;
    this.set(from, from + (this.to - this.from) * factor);
  }

  move(by) {
    const width = this.to - this.from;
    const from = clamp(this.from + by, 0, this.size - width);
    this.set(from, from + width);
  }

  get isAll() {
    return this.to - this.from >= this.size - 1e-9;
  }
}

class View {
  constructor(explanation) {
    this.explanation = explanation;
    this.columns = new Range(explanation.frames);
    this.rows = new Range(explanation.rows);
    this.canvas = document.createElement("canvas");
    this.canvas.className = "room-picture";
  }

  /** Centre of the first column is at 0.5. */
  columnOf(seconds) {
    return (seconds - this.explanation.first) / this.explanation.hop + 0.5;
  }

  secondsOf(column) {
    return this.explanation.first + (column - 0.5) * this.explanation.hop;
  }

  /** Centre of the lowest row is at 0.5; between the centres frequencies are interpolated. */
  rowOf(hertz) {
    const centres = this.explanation.hertz;
    if (centres.length === 1) {
      return 0.5;
    }
    let below = 0;
    while (below < centres.length - 2 && centres[below + 1] <= hertz) {
      below++;
    }
    return below + 0.5 + (hertz - centres[below]) / (centres[below + 1] - centres[below]);
  }

  get plotWidth() {
    return Math.max(1, this.canvas.clientWidth - GUTTER.left - GUTTER.right);
  }

  get plotHeight() {
    return Math.max(1, this.canvas.clientHeight - GUTTER.top - GUTTER.bottom);
  }

  /** From the canvas' left edge, in CSS pixels; lanes have the same width and gutter. */
  xOf(seconds) {
    const { from, to } = this.columns;
    return GUTTER.left + ((this.columnOf(seconds) - from) / (to - from)) * this.plotWidth;
  }

  yOf(row) {
    const { from, to } = this.rows;
    return GUTTER.top + (1 - (row - from) / (to - from)) * this.plotHeight;
  }

  columnAt(x) {
    const { from, to } = this.columns;
    return from + ((x - GUTTER.left) / this.plotWidth) * (to - from);
  }

  rowAt(y) {
    const { from, to } = this.rows;
    return from + (1 - (y - GUTTER.top) / this.plotHeight) * (to - from);
  }

  secondsAt(x) {
    return this.secondsOf(this.columnAt(x));
  }

  /** The cell under a point, or null. */
  cellAt(x, y) {
    const frame = Math.floor(this.columnAt(x));
    const row = Math.floor(this.rowAt(y));
    const { rows, frames } = this.explanation;
    const inside = x >= GUTTER.left && x <= GUTTER.left + this.plotWidth
        && y >= GUTTER.top && y <= GUTTER.top + this.plotHeight
        && frame >= 0 && frame < frames && row >= 0 && row < rows;
    return inside ? { row, frame, index: row * frames + frame } : null;
  }

  draw(picture, colours) {
    const context = fitted(this.canvas);
    const { from, to } = this.columns;
    const low = this.rows.from;
    const high = this.rows.to;
    context.imageSmoothingEnabled = false;
    context.drawImage(picture.canvas, from, this.explanation.rows - high, to - from, high - low,
        GUTTER.left, GUTTER.top, this.plotWidth, this.plotHeight);
    context.strokeStyle = colours.line;
    context.strokeRect(GUTTER.left - 0.5, GUTTER.top - 0.5, this.plotWidth + 1, this.plotHeight + 1);
    context.fillStyle = colours.quiet;
    context.strokeStyle = colours.quiet;
    context.font = `13px ${colours.font}`;
    this.drawTimes(context);
    this.drawFrequencies(context);
  }

  drawTimes(context) {
    const bottom = GUTTER.top + this.plotHeight;
    context.textAlign = "center";
    context.textBaseline = "top";
    const first = this.secondsOf(this.columns.from);
    const last = this.secondsOf(this.columns.to);
    const step = niceStep(last - first, this.plotWidth / 70);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (let i = Math.ceil(Math.max(0, first) / step); i * step <= last; i++) {
      const x = this.xOf(i * step);
      if (x >= GUTTER.left - 1) {
        context.fillRect(x - 0.5, bottom, 1, 5);
        const end = x > GUTTER.left + this.plotWidth - 20;
        context.fillText(end ? `${(i * step).toFixed(digits)} s` : (i * step).toFixed(digits), end ? x - 6 : x, bottom + 8);
      }
    }
  }

  drawFrequencies(context) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    let before = Infinity;
    for (const hertz of HERTZ) {
      const y = this.yOf(this.rowOf(hertz));
      if (y <= before - 22 && y >= GUTTER.top + 4 && y <= GUTTER.top + this.plotHeight + 1) {
        context.fillRect(GUTTER.left - 5, y - 0.5, 5, 1);
        context.fillText(hertz >= 1000 ? `${hertz / 1000} kHz` : `${hertz} Hz`, GUTTER.left - 8, y, GUTTER.left - 8);
        before = y;
      }
    }
  }
}

/** A context that draws in CSS pixels, on a cleared canvas as sharp as the screen. */
function fitted(canvas) {
  const scale = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return context;
}

/** 1, 2 or 5 times a power of ten, so that about so many steps fit. */
function niceStep(range, count) {
  const rough = range / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
}
