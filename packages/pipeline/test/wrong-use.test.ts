import { generateShapes } from '@convlens/image-set/shapes';
import { createDocument } from '@convlens/render-d3/node';
import * as tf from '@tensorflow/tfjs';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';
import { defaultSettings, EXPLAIN_METHODS } from '../src/index.js';

const IMAGES = generateShapes({ count: 20 });
const PREPROCESSING = { scale: 1, mean: [0], std: [1] };
const SETTINGS = { ...defaultSettings, data: 'shapes', model: 'shapes-3conv' };
const DESCRIPTION = { settings: SETTINGS, backend: 'cpu', versions: {} };
const RECORD = { epoch: 0, learningRate: 0.1, loss: 1, accuracy: 0.5, seconds: 1, metrics: {} };
const CONFUSION = { classNames: ['a'], counts: Uint32Array.of(1) };

const MODEL = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [32, 32, 3], filters: 1, kernelSize: 3, strides: 3 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});

const OPENED = { model: MODEL, preprocessing: PREPROCESSING, classNames: IMAGES.classNames };
const FIGURES = { figure_CLASS: () => undefined };

await describeWrongUse(import.meta.url, {
  samples: {
    'tf.LayersModel': MODEL,
    Images: IMAGES,
    ImageSet: IMAGES,
    OpenModel: OPENED,
    "Pick<OpenModel, 'model' | 'output'>": OPENED,
    ImageModel: OPENED,
    RunSettings: SETTINGS,
    'readonly EpochRecord[]': [RECORD],
    EpochRecord: RECORD,
    RunDescription: DESCRIPTION,
    RunSummary: { best: RECORD, epochs: 1 },
    'RunSummary | undefined': { best: RECORD, epochs: 1 },
    Evaluation: { name: 'test', count: 1, loss: 1, accuracy: 1, confusion: CONFUSION },
    "Pick<Evaluation, 'name' | 'loss'>": { name: 'test', loss: 1 },
    "Pick<RunSettings, 'limit' | 'validation' | 'seed'>": SETTINGS,
    FinishedRun: { ...OPENED, description: DESCRIPTION, history: [RECORD] },
    ScheduleContext: { learningRate: 0.1, epochs: 1, stepsPerEpoch: 1 },
    PreprocessingName: 'unit',
    Document: createDocument(),
    AttributionMethod: { id: 'a', title: 'A', explain: () => Promise.resolve([]) },
    'method: string': EXPLAIN_METHODS[0].id,
    'name: string': 'shapes',
    'data: string': 'shapes',
    'text: string': 'cosine',
    'text: string | undefined': 'labels.csv',
    "Pick<RunSettings, 'size' | 'fit' | 'background' | 'labels'>": SETTINGS,
    'id: string': 'shapes',
    "'CLASS' | 'N'": 'CLASS',
    'FiguresPerOptions<Data, Item>': { items: () => [], suffix: () => '', figures: FIGURES },
    "FiguresPerOptions<Data, ExamplePosition>['figures']": FIGURES,
    '(data: Data) => FigureContent | undefined': () => undefined,
    'SectionContent<Data>': { id: 'a', title: 'A', text: () => '', figures: [] },
  },
  valid: {
    'expectConverged: a.* (object|kind) in place of settings': 'they are read where the training diverged',
    'folderOptionsOf: a.* (object|kind) in place of (settings|all arguments)':
      'all these settings have defaults',
    'expectSameSettings: a.* (object|kind) in place of all arguments': 'equal settings are the same',
    'figuresPer(Example)?: an empty object in place of (figures|all arguments)':
      'a section may have no figures',
  },
});
