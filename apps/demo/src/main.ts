import type { ImageSet } from '@convlens/core';
import { openControls } from './controls.js';
import { find } from './dom.js';
import { openFiles } from './drop.js';
import { darkMode, drawCurves, drawSight } from './figures.js';
import { openLayers } from './layers.js';
import type { Opened, Report, Request, Sight, View } from './messages.js';
import { openNetworks } from './networks.js';
import { applyAddress } from './settings.js';
import type { TrainingState } from './state.js';
import { openTestImages } from './test-images.js';
import { visibleLayers } from './visible-layers.js';

/** Milliseconds between two looks at the network while it trains. */
const LOOK_EVERY = 1500;

let state: TrainingState = { phase: 'loading', history: [], isStopped: false };
let view: View = { index: 0, layer: 'relu1' };
let images: ImageSet;
/** What the network that is looked into is given: the images in its size and colours, then the reader's pictures. */
let given: ImageSet;
/** The names of the pictures. */
const pictures: string[] = [];
/** The network that is looked into, if it was trained elsewhere: then no image is right or wrong. */
let opened: Opened | undefined;
/** How many networks are being opened or closed. */
let opening = 0;
/** What was said of files meanwhile. */
let pending: string[] = [];
let networks: ReturnType<typeof openNetworks>;
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
  const isPicture = index >= images.count;
  drawSight(sight.seen, {
    images: opened || isPicture ? given : images,
    index,
    subject: isPicture ? 'your picture' : `this ${images.classNames[images.labels![index]]}`,
  });
}

function showPredictions(): void {
  if (sight) grid.show(sight.seen.predictions, { isJudged: !opened });
}

/** Puts the images that the network is given in the place of those that were shown. */
function showImages(): void {
  grid = openTestImages(images, {
    given,
    pictures,
    chosen: view.index,
    onChoose: (index) => choose({ index }),
  });
  showPredictions();
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

/** Asks for another network; they are opened in the order in which they were asked for, so the last one stays. */
function askForNetwork(request: Request, message = ''): void {
  opening++;
  if (message) tellOfFile(message);
  ask(request);
}

const openPretrained = (name: string) => askForNetwork({ kind: 'open-pretrained', name }, `Loading ${name}…`);
const openFile = (file: File) => askForNetwork({ kind: 'open-file', file }, `Loading ${file.name}…`);

/** Says something of a file, once no other network is on its way: else what is said of that would take its place. */
function sayOfFiles(...messages: string[]): void {
  pending.push(...messages.filter(Boolean));
  if (opening > 0) return;
  tellOfFile(pending.join(' '));
  pending = [];
}

/** Shows what is open in the end, when no other network is on its way. */
function settle(message = ''): void {
  opening--;
  if (opening === 0) networks.show(opened);
  sayOfFiles(message);
}

/** Puts another network in the place of the one that was looked into. */
function showNetwork(network: Opened): void {
  const { model, file, card } = network;
  opened = file === undefined && !card ? undefined : network;
  given = network.images;
  sight = undefined;
  showImages();
  const layers = visibleLayers(model);
  const layer = layers.some(({ name }) => name === view.layer) ? view.layer : layers[0].name;
  openLayers(model, { chosen: layer, onChoose: (layer) => choose({ layer }) });
  settle();
  choose({ layer });
}

/** Shows the pictures that came in, the latest chosen, and says which could not be read. */
function showPictures({ images, added, problems }: Extract<Report, { kind: 'pictures' }>): void {
  const says = added.length
    ? `${added.join(', ')} ${added.length === 1 ? 'stands' : 'stand'} first among the test images.`
    : '';
  sayOfFiles(says, ...problems);
  if (!added.length) return;
  given = images;
  pictures.push(...added);
  view = { ...view, index: given.count - 1 };
  showImages();
  look();
}

/** The network can be trained, and looked into unless the address names another. */
function begin(ready: Extract<Report, { kind: 'ready' }>): void {
  const { model, cards } = ready;
  ({ images } = ready);
  given = images;
  showImages();
  openLayers(model, { chosen: view.layer, onChoose: (layer) => choose({ layer }) });
  const own = model.name;
  networks = openNetworks(cards, {
    own,
    onOwn: () => askForNetwork({ kind: 'close' }),
    onPretrained: openPretrained,
  });
  try {
    applyAddress(find<HTMLFormElement>('settings'), location.search);
  } catch (error) {
    return fail((error as Error).message);
  }
  update({ phase: 'idle' });
  // A file that was dropped before comes first.
  if (networks.chosen() === own || opening > 0) look();
  else openPretrained(networks.chosen());
}

function receive(report: Report): void {
  switch (report.kind) {
    case 'ready':
      return begin(report);
    case 'opened':
      return showNetwork(report);
    case 'refused':
      settle(report.message);
      return look();
    case 'passed-over':
      return settle();
    case 'pictures':
      return showPictures(report);
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
      showPredictions();
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
  onNetwork: openFile,
  onPictures(files) {
    tellOfFile(`Reading ${files.map(({ name }) => name).join(', ')}…`);
    ask({ kind: 'add', files });
  },
});
