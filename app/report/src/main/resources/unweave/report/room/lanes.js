// One lane for each track, below the picture and on its time axis: the input's waveform, or relevance over time.

/** Sums over frequency, for and against the class, for each frame. */
function relevanceOverTime(relevance, rows, frames) {
  const positive = new Float32Array(frames);
  const negative = new Float32Array(frames);
  for (let row = 0; row < rows; row++) {
    for (let frame = 0; frame < frames; frame++) {
      const value = relevance[row * frames + frame];
      if (value > 0) {
        positive[frame] += value;
      } else {
        negative[frame] -= value;
      }
    }
  }
  return { positive, negative };
}

class Lane {
  constructor(track, explanation, view) {
    this.track = track;
    this.explanation = explanation;
    this.view = view;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "room-lane-picture";
    this.canvas.setAttribute("aria-hidden", "true");
    if (track.relevance) {
      this.sums = relevanceOverTime(track.relevance, explanation.rows, explanation.frames);
      this.largest = Math.max(...this.sums.positive, ...this.sums.negative);
    }
  }

  /** @param scale the largest sum of any lane */
  draw(scale, colours, audible) {
    const context = fitted(this.canvas);
    context.globalAlpha = audible ? 1 : 0.45;
    context.save();
    context.beginPath();
    context.rect(GUTTER.left, 0, this.view.plotWidth, this.canvas.clientHeight);
    context.clip();
    if (this.sums) {
      this.drawRelevance(context, scale, colours);
    } else {
      this.drawWaveform(context, colours);
    }
    context.restore();
  }

  drawRelevance(context, scale, colours) {
    const height = this.canvas.clientHeight;
    const zero = Math.round(height * 0.72) + 0.5;
    const hue = this.track.hue ? css(this.track.hue) : css(FOR);
    this.area(context, this.sums.positive, zero, -(zero - 2) / (scale || 1), hue);
    this.area(context, this.sums.negative, zero, (height - zero - 2) / (scale || 1), css(AGAINST));
    context.fillStyle = colours.line;
    context.fillRect(GUTTER.left, zero - 0.5, this.view.plotWidth, 1);
  }

  area(context, values, zero, scale, colour) {
    const { from, to } = this.view.columns;
    const wide = this.view.plotWidth / (to - from);
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(GUTTER.left, zero);
    for (let frame = Math.floor(from); frame < Math.min(values.length, Math.ceil(to)); frame++) {
      const x = GUTTER.left + (frame - from) * wide;
      context.lineTo(x, zero + scale * values[frame]);
      context.lineTo(x + wide, zero + scale * values[frame]);
    }
    context.lineTo(GUTTER.left + this.view.plotWidth, zero);
    context.fill();
  }

  drawWaveform(context, colours) {
    const { signal } = this.track;
    const { rate } = this.explanation;
    const middle = this.canvas.clientHeight / 2;
    context.fillStyle = colours.quiet;
    for (let x = 0; x < this.view.plotWidth; x++) {
      const from = Math.max(0, Math.floor(this.view.secondsAt(GUTTER.left + x) * rate));
      const to = Math.min(signal.length, Math.ceil(this.view.secondsAt(GUTTER.left + x + 1) * rate));
      let low = 0;
      let high = 0;
      for (let n = from; n < to; n++) {
        low = Math.min(low, signal[n]);
        high = Math.max(high, signal[n]);
      }
      const top = middle - high * (middle - 2);
      context.fillRect(GUTTER.left + x, top, 1, Math.max(1, (high - low) * (middle - 2)));
    }
  }
}
