// Colours of a spectrogram with relevance laid over it, one pixel for each of its cells.

// Okabe and Ito's colours, which people with any kind of colour vision tell apart; neighbours are far from each other.
const HUES = [[230, 159, 0], [86, 180, 233], [0, 158, 115], [204, 121, 167], [213, 94, 0], [0, 114, 178], [240, 228, 66]];
const FOR = [214, 58, 53];
const AGAINST = [42, 111, 196];

const LIGHT = { quiet: [255, 255, 255], loud: [146, 150, 157] };
const DARK = { quiet: [13, 16, 21], loud: [150, 156, 166] };

const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

class Picture {
  constructor(explanation) {
    this.explanation = explanation;
    this.canvas = document.createElement("canvas");
    this.canvas.width = explanation.frames;
    this.canvas.height = explanation.rows;
  }

  /**
   * Lays relevance over the levels, which are steeper than decibels: what is far below the loudest stays in the
   * background.
   *
   * Relevance R, of the largest m anywhere, has opacity (|R| / m)^(1 / emphasis), none below the threshold. Of several
   * concepts R is the sum of what speaks for the class, in the colour of the one that has most of it: a mixture of two
   * colours would look like a third concept.
   *
   * @param tracks whose relevance is shown: the standard explanation alone, or any concepts
   */
  paint(tracks, look) {
    const { rows, frames, levels, limit } = this.explanation;
    const { quiet, loud } = look.dark ? DARK : LIGHT;
    const whole = tracks.filter((track) => track.relevance && !track.hue);
    const shown = whole.length > 0 ? whole : tracks.filter((track) => track.relevance);
    const signed = look.signed || whole.length > 0;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(frames, rows);
    for (let cell = 0; cell < rows * frames; cell++) {
      let sum = 0;
      let most = 0;
      let colour = FOR;
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
      if (sum < 0) {
        colour = AGAINST;
      }
      const part = Math.min(1, Math.abs(sum) / limit);
      const opacity = part > 0 && part >= look.threshold ? look.opacity * part ** (1 / look.emphasis) : 0;
      const level = levels[cell] ** 1.5;
      const row = Math.floor(cell / frames);
      const at = 4 * ((rows - 1 - row) * frames + (cell - row * frames));
      for (let c = 0; c < 3; c++) {
        const base = quiet[c] + (loud[c] - quiet[c]) * level;
        image.data[at + c] = base + (colour[c] - base) * opacity;
      }
      image.data[at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
}
