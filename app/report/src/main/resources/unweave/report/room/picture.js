// Colours of a spectrogram with relevance laid over it, one pixel for each of its cells.

// Okabe and Ito's colours, which people with any kind of colour vision tell apart; neighbours are far from each other.
const HUES = [[230, 159, 0], [86, 180, 233], [0, 158, 115], [204, 121, 167], [213, 94, 0], [0, 114, 178], [240, 228, 66]];
const FOR = [214, 58, 53];
const AGAINST = [42, 111, 196];

const LIGHT = { quiet: [255, 255, 255], loud: [146, 150, 157] };
const DARK = { quiet: [13, 16, 21], loud: [150, 156, 166] };

const mixed = (from, to, part) => from.map((value, i) => value + (to[i] - value) * part);
const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

class Picture {
  constructor(explanation) {
    this.explanation = explanation;
    this.canvas = document.createElement("canvas");
    this.canvas.width = explanation.frames;
    this.canvas.height = explanation.rows;
  }

  /**
   * What is laid over a cell: a colour and how much of it, 0 to 1.
   *
   * Relevance R, of the largest m anywhere, has opacity (|R| / m)^(1 / emphasis), none below the threshold. Of several
   * concepts R is the sum of what speaks for the class, in the colour of the one that has most of it: a mixture of two
   * colours would look like a third concept.
   */
  overlay(cell, shown, look) {
    let sum = 0;
    let most = 0;
    let colour = FOR;
    const signed = look.signed || shown.some((track) => !track.hue);
    for (const track of shown) {
      const relevance = track.relevance[cell];
      if (signed || relevance > 0) {
        sum += relevance;
      }
      if (!signed && relevance > most) {
        most = relevance;
        colour = track.hue;
      }
    }
    const part = Math.min(1, Math.abs(sum) / this.explanation.limit);
    if (!(part > 0) || part < look.threshold) {
      return { colour, opacity: 0 };
    }
    return { colour: sum > 0 ? colour : AGAINST, opacity: look.opacity * part ** (1 / look.emphasis) };
  }

  /** Colour of a cell, red, green and blue from 0 to 255. */
  colour(cell, shown, look) {
    const theme = look.dark ? DARK : LIGHT;
    // Steeper than decibels: what is far below the loudest stays in the background, behind the colours.
    const base = mixed(theme.quiet, theme.loud, this.explanation.levels[cell] ** 1.5);
    if (shown.length === 0) {
      return base;
    }
    const over = this.overlay(cell, shown, look);
    return over.opacity > 0 ? mixed(base, over.colour, over.opacity) : base;
  }

  /** @param tracks whose relevance is shown: the standard explanation alone, or any concepts */
  paint(tracks, look) {
    const { rows, frames } = this.explanation;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(frames, rows);
    const whole = tracks.filter((track) => track.relevance && !track.hue);
    const shown = whole.length > 0 ? whole : tracks.filter((track) => track.relevance);
    for (let row = 0; row < rows; row++) {
      for (let frame = 0; frame < frames; frame++) {
        const [red, green, blue] = this.colour(row * frames + frame, shown, look);
        const at = 4 * ((rows - 1 - row) * frames + frame);
        image.data.set([red, green, blue, 255], at);
      }
    }
    context.putImageData(image, 0, 0);
  }
}
