import type { ImageSet } from '@convlens/core';
import type {
  Inspection,
  OpenedModelSummary,
  Selection,
  WorkerMessage,
  WorkerRequest,
} from '../shared/messages.js';
import { visibleLayers } from '../shared/visible-layers.js';
import { getById } from './dom.js';
import { darkMode, renderCurves, renderInspection } from './figures.js';
import { listenForFiles } from './file-input.js';
import { queueFileStatus, showFileStatus } from './file-status.js';
import { createImagePicker, type ImagePicker } from './image-picker.js';
import { createLayerPicker } from './layer-picker.js';
import { createModelPicker, type ModelPicker } from './model-picker.js';
import { applySearchParams } from './settings-form.js';
import { createTrainingControls } from './training-controls.js';
import type { TrainingState } from './training-state.js';

/** The least time between two inspections during training. */
const INSPECTION_INTERVAL_MS = 1500;

let state: TrainingState = { phase: 'loading', history: [], wasStopped: false };
let selection: Selection = { index: 0, layer: 'relu1' };
/** The test images. */
let images: ImageSet;
/** The inputs of the inspected model: the test images in its input shape, then the user's images. */
let modelInputs: ImageSet;
const userImageNames: string[] = [];
/** The inspected model; undefined for the one that is trained here. */
let openedModel: OpenedModelSummary | undefined;
/** The number of requests to open or close a model that have no reply yet. */
let pendingOpens = 0;
let modelPicker: ModelPicker;
let imagePicker: ImagePicker;
/** The latest inspection, and its selection. */
let inspection: { readonly selection: Selection; readonly result: Inspection } | undefined;
/** The selection of the pending inspection. */
let requestedSelection: Selection | undefined;
/** Whether to request another inspection when nothing is pending. */
let isStale = false;
let lastInspectionTime = 0;

const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
const post = (request: WorkerRequest) => worker.postMessage(request);

// Training

const controls = createTrainingControls({
  onTrain(settings, resume) {
    const history = resume ? state.history : [];
    update({ phase: 'training', history, progress: undefined, wasStopped: false });
    renderCurves(history);
    post({ kind: 'train', settings, resume });
  },
  onStop() {
    update({ phase: 'stopping' });
    post({ kind: 'stop' });
  },
});

function update(change: Partial<TrainingState>): void {
  state = { ...state, ...change };
  controls.show(state);
}

function fail(message: string): void {
  const failure = getById('failure');
  failure.textContent = message;
  failure.hidden = false;
  document.body.classList.add('failed');
  worker.terminate();
}

// Inspection

/** Requests an inspection of the selection. At most one is pending; the latest selection follows it. */
function requestInspection(): void {
  isStale = requestedSelection !== undefined || pendingOpens > 0;
  if (isStale) return;
  lastInspectionTime = performance.now();
  requestedSelection = selection;
  post({ kind: 'inspect', ...selection });
}

function changeSelection(change: Partial<Selection>): void {
  selection = { ...selection, ...change };
  requestInspection();
}

function showInspection(result: Inspection): void {
  inspection = { selection: requestedSelection!, result };
  requestedSelection = undefined;
  showPredictions();
  renderFigures();
  if (isStale) requestInspection();
}

function showPredictions(): void {
  // A model from elsewhere has other classes than the test images.
  if (inspection) imagePicker.show(inspection.result.predictions, { isScored: !openedModel });
}

function renderFigures(): void {
  if (!inspection) return;
  const { index } = inspection.selection;
  const isUserImage = index >= images.count;
  renderInspection(inspection.result, {
    images: openedModel || isUserImage ? modelInputs : images,
    index,
    imageTitle: isUserImage ? 'your image' : `this ${images.classNames[images.labels![index]]}`,
  });
}

/** Shows the current inputs of the model. */
function updateImagePicker(): void {
  imagePicker = createImagePicker(images, {
    modelInputs,
    userImageNames,
    selected: selection.index,
    onSelect: (index) => changeSelection({ index }),
  });
  showPredictions();
}

// Models and files

/** Requests another model. The worker opens models in the order of the requests, so the last one stays. */
function requestModel(request: WorkerRequest, message = ''): void {
  pendingOpens++;
  if (message) showFileStatus(message);
  post(request);
}

const openPretrained = (name: string) => requestModel({ kind: 'open-pretrained', name }, `Loading ${name}…`);
const openModelFile = (file: File) => requestModel({ kind: 'open-file', file }, `Loading ${file.name}…`);

/** Handles the reply to a request for a model. */
function finishOpening(...messages: string[]): void {
  pendingOpens--;
  if (pendingOpens === 0) modelPicker.show(openedModel);
  queueFileStatus(messages, { isOpening: pendingOpens > 0 });
}

function showModel(opened: OpenedModelSummary): void {
  const { summary, file, card } = opened;
  openedModel = file === undefined && !card ? undefined : opened;
  modelInputs = opened.images;
  inspection = undefined;
  updateImagePicker();
  const layers = visibleLayers(summary);
  const layer = layers.some(({ name }) => name === selection.layer) ? selection.layer : layers[0].name;
  createLayerPicker(summary, { selected: layer, onSelect: (layer) => changeSelection({ layer }) });
  finishOpening();
  changeSelection({ layer });
}

/** Shows the user's images that were added, selects the last one, and shows the errors of the others. */
function showUserImages({ images, added, errors }: Extract<WorkerMessage, { kind: 'images-added' }>): void {
  const messages = added.length ? [`Added ${added.join(', ')} before the test images.`, ...errors] : errors;
  queueFileStatus(messages, { isOpening: pendingOpens > 0 });
  if (!added.length) return;
  modelInputs = images;
  userImageNames.push(...added);
  selection = { ...selection, index: modelInputs.count - 1 };
  updateImagePicker();
  requestInspection();
}

listenForFiles({
  onModelFile: openModelFile,
  onImageFiles(files) {
    showFileStatus(`Reading ${files.map(({ name }) => name).join(', ')}…`);
    post({ kind: 'add-images', files });
  },
});

// Worker

function onReady(ready: Extract<WorkerMessage, { kind: 'ready' }>): void {
  const { summary, cards } = ready;
  const trainedHere = summary.name;
  ({ images } = ready);
  modelInputs = images;
  updateImagePicker();
  createLayerPicker(summary, {
    selected: selection.layer,
    onSelect: (layer) => changeSelection({ layer }),
  });
  modelPicker = createModelPicker(cards, {
    trainedHere,
    onSelectTrainedHere: () => requestModel({ kind: 'close-model' }),
    onSelectPretrained: openPretrained,
  });
  try {
    applySearchParams(getById<HTMLFormElement>('settings'), location.search);
  } catch (error) {
    return fail((error as Error).message);
  }
  update({ phase: 'idle' });
  // A file that was dropped in the meantime takes precedence over the URL parameter.
  if (modelPicker.selected() === trainedHere || pendingOpens > 0) requestInspection();
  else openPretrained(modelPicker.selected());
}

function receive(message: WorkerMessage): void {
  switch (message.kind) {
    case 'ready':
      return onReady(message);
    case 'model-opened':
      return showModel(message);
    case 'open-failed':
      finishOpening(message.message);
      return requestInspection();
    case 'open-superseded':
      return finishOpening();
    case 'images-added':
      return showUserImages(message);
    case 'progress':
      update({ progress: message.progress });
      if (performance.now() - lastInspectionTime > INSPECTION_INTERVAL_MS) requestInspection();
      return;
    case 'epoch':
      update({ history: message.history });
      return renderCurves(state.history);
    case 'training-ended':
      update({ phase: 'idle', wasStopped: message.isStopped });
      return requestInspection();
    case 'inspection':
      return showInspection(message);
    case 'error':
      return fail(message.message);
  }
}

worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => receive(data);
worker.onerror = ({ message }) => fail(message || 'The training worker could not be loaded.');
darkMode.addEventListener('change', () => {
  renderCurves(state.history);
  renderFigures();
});
addEventListener('resize', renderFigures);
