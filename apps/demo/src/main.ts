import type { ImageSet } from '@convlens/core';
import { openControls } from './controls.js';
import { find } from './dom.js';
import { openFiles } from './drop.js';
import { darkMode, drawCurves, drawSight } from './figures.js';
import { openLayers, visibleLayers } from './layers.js';
import type { Report, Request, Sight, View } from './messages.js';
import { applyAddress } from './settings.js';
import type { TrainingState } from './state.js';
import { openTestImages } from './test-images.js';

/** Milliseconds between two looks at the network while it trains. */
const LOOK_EVERY = 1500;

let state: TrainingState = { phase: 'loading', history: [], isStopped: false };
let view: View = { index: 0, layer: 'relu1' };
let images: ImageSet;
/** The images as the network that is looked into is given them: other ones only to a network from a file. */
let given: ImageSet;
/** How many files are being opened or closed. */
let opening = 0;
let grid: ReturnType<typeof openTestImages>;
let sight: { of: View; seen: Sight } | undefined;
/** What the worker is looking at, and whether it is to look again when it has answered. */
let asked: View | undefined;
let isStale = false;
let looked = 0;

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const ask = (request: Request) => worker.postMessage(request);

const controls = openControls({
  onTrain(settings, goOn) {
    const history = goOn ? state.history : [];
    update({ phase: 'training', history, progress: undefined, isStopped: false });
    drawCurves(history);
    ask({ kind: 'train', settings, goOn });
  },
  onStop() {
    update({ phase: 'stopping' });
    ask({ kind: 'stop' });
  },
});

function update(change: Partial<TrainingState>): void {
  state = { ...state, ...change };
  controls.show(state);
}

/** One question at a time; of those that come meanwhile only the last is asked. */
function look(): void {
  isStale = asked !== undefined || opening > 0;
  if (isStale) return;
  looked = performance.now();
  asked = view;
  ask({ kind: 'look', ...view });
}

function draw(): void {
  if (!sight) return;
  const { index } = sight.of;
  drawSight(sight.seen, { images: given, index, truth: images.classNames[images.labels![index]] });
}

function fail(message: string): void {
  const failure = find('failure');
  failure.textContent = message;
  failure.hidden = false;
  document.body.classList.add('failed');
  worker.terminate();
}

function choose(change: Partial<View>): void {
  view = { ...view, ...change };
  look();
}

function tellOfFile(text: string): void {
  find('file-says').textContent = text;
}

/** Puts another network in the place of the one that was looked into. */
function showNetwork({ model, file, notes }: Extract<Report, { kind: 'opened' }>): void {
  const layers = visibleLayers(model);
  const layer = layers.some(({ name }) => name === view.layer) ? view.layer : layers[0].name;
  openLayers(model, { chosen: layer, onChoose: (layer) => choose({ layer }) });
  find('close').hidden = file === undefined;
  tellOfFile(file === undefined ? '' : [`${file} is open.`, ...notes].join(' '));
  choose({ layer });
}

function receive(report: Report): void {
  switch (report.kind) {
    case 'ready':
      ({ images } = report);
      given = images;
      grid = openTestImages(images, { chosen: view.index, onChoose: (index) => choose({ index }) });
      openLayers(report.model, { chosen: view.layer, onChoose: (layer) => choose({ layer }) });
      update({ phase: 'idle' });
      return look();
    case 'opened':
      opening--;
      given = report.file === undefined ? images : report.images;
      sight = undefined;
      return showNetwork(report);
    case 'refused':
      opening--;
      tellOfFile(report.message);
      return look();
    case 'progress':
      update({ progress: report.progress });
      if (performance.now() - looked > LOOK_EVERY) look();
      return;
    case 'epoch':
      update({ history: report.history });
      return drawCurves(state.history);
    case 'ended':
      update({ phase: 'idle', isStopped: report.isStopped });
      return look();
    case 'sight':
      sight = { of: asked!, seen: report };
      asked = undefined;
      grid.show(report.predictions, given === images ? undefined : given.classNames);
      draw();
      if (isStale) look();
      return;
    case 'failed':
      return fail(report.message);
  }
}

worker.onmessage = ({ data }: MessageEvent<Report>) => receive(data);
worker.onerror = ({ message }) => fail(message || 'The part of the page that trains could not be loaded.');
darkMode.addEventListener('change', () => {
  drawCurves(state.history);
  draw();
});
addEventListener('resize', draw);

openFiles({
  onFile(name, bytes) {
    opening++;
    tellOfFile(`Opening ${name}…`);
    ask({ kind: 'open', name, bytes });
  },
  onUnreadable: (name, reason) => tellOfFile(`${name} cannot be read: ${reason}`),
});
find('close').addEventListener('click', () => {
  opening++;
  ask({ kind: 'close' });
});

try {
  applyAddress(find<HTMLFormElement>('settings'), location.search);
} catch (error) {
  fail((error as Error).message);
}
