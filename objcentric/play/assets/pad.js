// A canvas of the model's own size to draw on, and to drop images on.
//
// `props.value` is {image, width, height, colored}. Every change triggers 'input' with {content,
// kind, name}: the content is a data URI, the kind 'sketch' or 'file'. Python answers with a value
// whose image is drawn.

const LARGEST = 50_000_000; // bytes of a file
const find = (name) => element.querySelector(name);
const canvas = find('.pad-canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });
const pen = find('.pad-pen'), color = find('.pad-color'), input = find('.pad-input');
let last = null, shown = null;

function blank() {
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
}

function take() {
  const value = props.value;
  if (!value) return;
  if (canvas.width !== value.width || canvas.height !== value.height || shown === null) {
    canvas.width = value.width;
    canvas.height = value.height;
    blank();
  }
  color.hidden = !value.colored;
  if (value.image && value.image !== shown) {
    const picture = new Image();
    picture.onload = () => { blank(); context.drawImage(picture, 0, 0); };
    picture.src = value.image;
  }
  shown = value.image || '';
}

function send(content, kind, name) {
  shown = '';
  trigger('input', { content, kind, name });
}

const sketched = () => send(canvas.toDataURL('image/png'), 'sketch', '');

function at(event) {
  const frame = canvas.getBoundingClientRect();
  return [(event.clientX - frame.left) / frame.width * canvas.width,
    (event.clientY - frame.top) / frame.height * canvas.height];
}

function stroke(event) {
  const here = at(event);
  context.strokeStyle = color.hidden ? '#fff' : color.value;
  context.lineWidth = Number(pen.value) * Math.max(canvas.width, canvas.height) / 80;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(...last);
  context.lineTo(here[0] + 0.01, here[1]);
  context.stroke();
  last = here;
}

canvas.addEventListener('pointerdown', (event) => {
  event.preventDefault();
  last = at(event);
  canvas.setPointerCapture(event.pointerId);
  stroke(event);
});
canvas.addEventListener('pointermove', (event) => { if (last) stroke(event); });
for (const name of ['pointerup', 'pointercancel'])
  canvas.addEventListener(name, () => {
    if (last) sketched();
    last = null;
  });

function read(file) {
  if (!file) return;
  if (file.size > LARGEST) {
    send('', 'file', `${file.name} (larger than ${LARGEST / 1e6} MB)`);
    return;
  }
  const reader = new FileReader();
  reader.onload = () => send(reader.result, 'file', file.name);
  reader.readAsDataURL(file);
}

for (const name of ['dragover', 'drop'])
  element.addEventListener(name, (event) => {
    event.preventDefault();
    if (name === 'drop') read(event.dataTransfer.files[0]);
  });
find('.pad-file').addEventListener('click', () => input.click());
input.addEventListener('change', () => { read(input.files[0]); input.value = ''; });
find('.pad-clear').addEventListener('click', () => { blank(); sketched(); });

watch('value', take);
take();
