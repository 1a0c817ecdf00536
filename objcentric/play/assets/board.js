// A picture with windows that are dragged, or moved by arrow keys and sized by + and -.
//
// `props.value` is {image, alt, width, height, windows, chosen, free, grid, answer}. A window is
// {slot, box, color, name}, its box (x0, y0, x1, y1) in pixels of the picture. `free` says whether
// width and height are independent; `grid` is the number of samples that are drawn along a side of
// the chosen window. Every change triggers 'input' with {slot, box, number}. Python answers with a
// new value that holds the number; until then no other change is sent. Gradio drops what is sent
// before it has taken note of an answer, so a change without an answer is sent again after a while,
// unless Python fails each time.

const SMALLEST = 0.04, LARGEST = 1.6; // of the picture's side
const AGAIN = 1500, TRIES = 20; // milliseconds between two tries
const SVG = 'http://www.w3.org/2000/svg';
const img = element.querySelector('img');
const svg = element.querySelector('svg');
let windows = [], chosen = 0, held = null;
let number = 0, waiting = false, next = null, timer = null;

const size = () => [props.value.width, props.value.height];

function send(slot, box) {
  if (waiting) { next = [slot, box]; return; }
  waiting = true;
  next = null;
  number += 1;
  ask({ slot, box, number });
}

function ask(change, left = TRIES) {
  timer = setTimeout(() => { if (left > 0) ask(change, left - 1); else waiting = false; }, AGAIN);
  trigger('input', change);
}

function take() {
  const value = props.value;
  if (!value) return;
  if (img.src !== value.image) img.src = value.image;
  img.alt = value.alt;
  if (waiting && value.answer === number) {
    clearTimeout(timer);
    waiting = false;
    if (next) send(...next);
  }
  if (!held && !waiting) {
    windows = value.windows.map((each) => ({ ...each, box: [...each.box] }));
    chosen = value.chosen;
  }
  draw();
}

function made(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

function draw() {
  const [width, height] = size();
  const focused = document.activeElement?.closest?.('.board-window')?.dataset.slot;
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  element.querySelector('.board-frame').style.aspectRatio = `${width} / ${height}`;
  svg.replaceChildren();
  for (const each of [...windows].sort((a, b) => (a.slot === chosen) - (b.slot === chosen)))
    drawWindow(each, Math.max(width, height));
  if (focused !== undefined && svg.contains(document.activeElement) === false)
    svg.querySelector(`[data-slot="${focused}"]`)?.focus({ preventScroll: true });
}

function drawWindow(each, side) {
  const [x0, y0, x1, y1] = each.box;
  const picked = each.slot === chosen;
  const group = made('g', {
    class: picked ? 'board-window picked' : 'board-window', tabindex: 0, role: 'img',
    'data-slot': each.slot,
    'aria-label': `Window of ${each.name}: arrow keys move it, plus and minus change its size`,
  }, svg);
  const corners = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  if (picked && props.value.grid) drawGrid(each, side, group);
  made('rect', { ...corners, class: 'halo' }, group);
  made('rect', { ...corners, class: 'edge', stroke: each.color }, group);
  if (!picked) return;
  for (const [i, j] of [[0, 1], [2, 1], [0, 3], [2, 3]]) {
    const corner = made('circle', {
      cx: each.box[i], cy: each.box[j], r: side * 0.018, class: 'corner', fill: each.color,
    }, group);
    corner.dataset.x = i;
    corner.dataset.y = j;
  }
}

function drawGrid(each, side, group) {
  const [x0, y0, x1, y1] = each.box;
  const n = props.value.grid;
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1)
      made('circle', {
        cx: x0 + (x1 - x0) * (i + 0.5) / n, cy: y0 + (y1 - y0) * (j + 0.5) / n,
        r: Math.min(side * 0.004, 0.3 * (x1 - x0) / n), class: 'sample', fill: each.color,
      }, group);
}

function at(event) {
  const [width, height] = size();
  const frame = svg.getBoundingClientRect();
  return [(event.clientX - frame.left) / frame.width * width,
    (event.clientY - frame.top) / frame.height * height];
}

function moved(box, dx, dy) {
  const [width, height] = size();
  const [x0, y0, x1, y1] = box;
  const within = (middle, by, most) => Math.min(Math.max(middle + by, 0), most) - middle;
  dx = within((x0 + x1) / 2, dx, width);
  dy = within((y0 + y1) / 2, dy, height);
  return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
}

function side(length, most) {
  return Math.min(Math.max(length, SMALLEST * most), LARGEST * most);
}

function sized(box, i, j, x, y) {
  const [width, height] = size();
  const result = [...box];
  const fixedX = box[2 - i], fixedY = box[4 - j];
  let across = side(Math.abs(x - fixedX), width), down = side(Math.abs(y - fixedY), height);
  if (!props.value.free) {
    const share = Math.max(across / (box[2] - box[0]), down / (box[3] - box[1]));
    across = side(share * (box[2] - box[0]), width);
    down = across / (box[2] - box[0]) * (box[3] - box[1]);
  }
  result[i] = fixedX + (i ? across : -across);
  result[j] = fixedY + (j === 3 ? down : -down);
  return result;
}

function scaled(box, factor) {
  const [width] = size();
  const [x0, y0, x1, y1] = box;
  const share = side((x1 - x0) * factor, width) / (x1 - x0) / 2;
  const x = (x0 + x1) / 2, y = (y0 + y1) / 2;
  return [x - (x1 - x0) * share, y - (y1 - y0) * share,
    x + (x1 - x0) * share, y + (y1 - y0) * share];
}

function change(slot, box) {
  windows.find((each) => each.slot === slot).box = box;
  chosen = slot;
  draw();
  send(slot, box);
}

const slotOf = (target) => target.closest('.board-window')?.dataset.slot;
const boxOf = (slot) => windows.find((each) => each.slot === slot).box;

svg.addEventListener('pointerdown', (event) => {
  if (slotOf(event.target) === undefined) return;
  event.preventDefault();
  const slot = Number(slotOf(event.target));
  const { x, y } = event.target.dataset;
  held = { slot, box: boxOf(slot), from: at(event), x: Number(x), y: Number(y), sizes: x !== undefined };
  svg.setPointerCapture(event.pointerId);
  if (chosen !== slot) change(slot, held.box);
  svg.querySelector(`[data-slot="${slot}"]`).focus({ preventScroll: true });
});

svg.addEventListener('pointermove', (event) => {
  if (!held) return;
  const [x, y] = at(event);
  const box = held.sizes ? sized(held.box, held.x, held.y, x, y)
    : moved(held.box, x - held.from[0], y - held.from[1]);
  change(held.slot, box);
});

for (const name of ['pointerup', 'pointercancel'])
  svg.addEventListener(name, () => {
    if (!held) return;
    const { slot } = held;
    held = null;
    send(slot, boxOf(slot));
  });

svg.addEventListener('keydown', (event) => {
  const slot = Number(slotOf(event.target));
  if (Number.isNaN(slot)) return;
  const step = Math.max(...size()) / 64;
  const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  const factor = { '+': 1.1, '=': 1.1, '-': 1 / 1.1 }[event.key];
  if (by[event.key]) change(slot, moved(boxOf(slot), ...by[event.key]));
  else if (factor) change(slot, scaled(boxOf(slot), factor));
  else return;
  event.preventDefault();
});

watch('value', take);
take();
