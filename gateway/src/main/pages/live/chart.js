// The pictures of the last minute: events a second as a line, entries and exits as bars.
import { WINDOW } from "./model.js";

// A point slides in from beyond the right edge instead of jumping into the picture.
const DELAY = 1_100;
// Between seconds that follow each other; a longer gap is a gap in the line.
const GAP = 4_000;
// Room for the dot at the end.
const MARGIN = 10;

export class Chart {
  #context;
  #top = 1;
  #colors = {};

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#context = canvas.getContext("2d");
    this.readColors();
  }

  /** To be called when the color scheme changes. */
  readColors() {
    this.#colors = colorsOf(this.#context.canvas, {
      line: "--accent",
      fill: "--accent-soft",
      none: "--accent-none",
      grid: "--line",
      glow: "--accent-glow",
    });
  }

  /**
   * @param {{at: number, value: number}[]} points oldest first
   * @param {number} now in the clock of the points
   * @param {boolean} isMoving false: draws the state the line comes to rest in
   */
  draw(points, now, isMoving) {
    const context = this.#context;
    const { width, height } = clear(context);
    const highest = points.reduce((top, point) => Math.max(top, point.value), 1) * 1.18;
    this.#top = isMoving ? this.#top + (highest - this.#top) * 0.12 : highest;
    this.#grid(width, height);
    const end = now - (isMoving ? DELAY : 0);
    const x = (at) => width - MARGIN - ((end - at) / WINDOW) * (width - MARGIN);
    const y = (value) => height - 2 - (value / this.#top) * (height - MARGIN);
    const curves = runs(points).map((run) => new Curve(run.map(({ at, value }) => ({ x: x(at), y: y(value) }))));
    context.save();
    context.beginPath();
    context.rect(0, 0, width - MARGIN, height);
    context.clip();
    for (const curve of curves) this.#curve(curve, height);
    context.restore();
    const last = points.at(-1);
    if (last && now - last.at <= GAP) this.#head(curves.at(-1), Math.min(width - MARGIN, x(last.at)));
  }

  #grid(width, height) {
    const context = this.#context;
    context.strokeStyle = this.#colors.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (let quarter = 0; quarter <= 3; quarter++) {
      const at = Math.round((height - 2) * (quarter / 3)) + 0.5;
      context.moveTo(0, at);
      context.lineTo(width, at);
    }
    context.stroke();
  }

  #curve(curve, height) {
    const context = this.#context;
    const path = curve.path();
    const area = new Path2D(path);
    area.lineTo(curve.points.at(-1).x, height);
    area.lineTo(curve.points[0].x, height);
    area.closePath();
    const fill = context.createLinearGradient(0, 0, 0, height);
    fill.addColorStop(0, this.#colors.fill);
    fill.addColorStop(1, this.#colors.none);
    context.fillStyle = fill;
    context.fill(area);
    context.strokeStyle = this.#colors.line;
    context.lineWidth = 2.25;
    context.lineJoin = "round";
    context.stroke(path);
  }

  /** A dot where the line meets the present. */
  #head(curve, x) {
    const context = this.#context;
    const y = curve.yAt(x);
    for (const [radius, color] of [
      [9, this.#colors.glow],
      [4, this.#colors.line],
    ]) {
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** A smooth line through points that never goes beyond them (Fritsch and Carlson's monotone cubic). */
class Curve {
  #slopes;

  /** @param {{x: number, y: number}[]} points at least one, x ascending */
  constructor(points) {
    this.points = points;
    const steps = points.slice(1).map((point, index) => (point.y - points[index].y) / (point.x - points[index].x));
    this.#slopes = points.map((_, index) => {
      const before = steps[index - 1] ?? steps[index] ?? 0;
      const after = steps[index] ?? before;
      return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
    });
  }

  path() {
    const path = new Path2D();
    path.moveTo(this.points[0].x, this.points[0].y);
    for (let index = 1; index < this.points.length; index++) {
      const from = this.points[index - 1];
      const to = this.points[index];
      const third = (to.x - from.x) / 3;
      path.bezierCurveTo(
        from.x + third,
        from.y + third * this.#slopes[index - 1],
        to.x - third,
        to.y - third * this.#slopes[index],
        to.x,
        to.y,
      );
    }
    return path;
  }

  yAt(x) {
    const next = this.points.findIndex((point) => point.x >= x);
    if (next < 0) return this.points.at(-1).y;
    if (next === 0) return this.points[0].y;
    const from = this.points[next - 1];
    const to = this.points[next];
    const width = to.x - from.x;
    const t = (x - from.x) / width;
    return (
      from.y * (1 + 2 * t) * (1 - t) ** 2 +
      this.#slopes[next - 1] * width * t * (1 - t) ** 2 +
      to.y * t * t * (3 - 2 * t) +
      this.#slopes[next] * width * t * t * (t - 1)
    );
  }
}

function runs(points) {
  const found = [];
  for (const point of points) {
    const run = found.at(-1);
    if (run && point.at - run.at(-1).at <= GAP) run.push(point);
    else found.push([point]);
  }
  return found;
}

/** Entries upwards, exits downwards, a bar for each part of the last minute. */
export class FlowChart {
  #context;
  #colors = {};

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#context = canvas.getContext("2d");
    this.readColors();
  }

  readColors() {
    this.#colors = colorsOf(this.#context.canvas, { entered: "--entered", left: "--left", none: "--line" });
  }

  /** @param {{entered: number, left: number}[]} parts oldest first */
  draw(parts) {
    const context = this.#context;
    const { width, height } = clear(context);
    const highest = parts.reduce((top, part) => Math.max(top, part.entered, part.left), 4);
    const step = width / parts.length;
    const middle = height / 2;
    parts.forEach((part, index) => {
      for (const [name, direction] of [
        ["entered", -1],
        ["left", 1],
      ]) {
        const length = part[name] > 0 ? Math.max(3, (part[name] / highest) * (middle - 2)) : 1.5;
        const top = middle + direction * 1.5;
        context.fillStyle = part[name] > 0 ? this.#colors[name] : this.#colors.none;
        context.beginPath();
        context.roundRect(index * step + 1, direction < 0 ? top - length : top, Math.max(1, step - 2.5), length, 1.5);
        context.fill();
      }
    });
  }
}

function colorsOf(element, names) {
  const style = getComputedStyle(element);
  return Object.fromEntries(Object.entries(names).map(([name, property]) => [name, style.getPropertyValue(property).trim()]));
}

/** An empty canvas as sharp as the screen; answers its size in CSS pixels. */
function clear(context) {
  const { canvas } = context;
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { width, height };
}
