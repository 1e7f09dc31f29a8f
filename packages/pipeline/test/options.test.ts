import { buildModel } from '@convlens/models';
import { generateShapes } from '@convlens/image-set/shapes';
import { UNIT_RANGE } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as pipeline from '../src/index.js';
import { findRecipe, type OpenModel } from '../src/index.js';

const images = generateShapes({ count: 20 });
const store = memoryStore();
const settings = findRecipe('shapes').settings;
const description = { settings, backend: 'cpu', versions: {} };
const document = undefined as unknown as Document;
let opened: OpenModel;

beforeAll(async () => {
  await tf.setBackend('cpu');
  opened = { model: buildModel('shapes-3conv'), preprocessing: UNIT_RANGE };
});
afterAll(() => opened.model.dispose());

/** Calls each function with an options object that has an unknown option. */
const callsWithOptions: Readonly<Record<string, (unknown: object) => unknown>> = {
  loadDataset: (unknown) => pipeline.loadDataset('shapes', { ...unknown, limit: 1 }),
  fitImages: (unknown) => pipeline.fitImages(images, opened, { ...unknown }),
  readUserImages: (unknown) => pipeline.readUserImages([], opened, { ...unknown }),
  selectExamples: (unknown) => pipeline.selectExamples(images, { ...unknown, nth: 1 }),
  expectSettings: (unknown) => pipeline.expectSettings(settings, { ...unknown, datasets: [] }),
  parseSchedule: (unknown) =>
    pipeline.parseSchedule('one-cycle', { ...unknown, learningRate: 1, epochs: 1, stepsPerEpoch: 1 }),
  trainRun: (unknown) => pipeline.trainRun(description, { ...unknown, store, images }),
  openModel: (unknown) => pipeline.openModel(store, { ...unknown }),
  evaluateOpenModel: (unknown) => pipeline.evaluateOpenModel(opened, images, { ...unknown }),
  evaluateInDetail: (unknown) => pipeline.evaluateInDetail(opened, images, { ...unknown }),
  evaluateMultiLabel: (unknown) => pipeline.evaluateMultiLabel(opened, images, { ...unknown, targets: [] }),
  predict: (unknown) => pipeline.predict(opened, images, { ...unknown }),
  explain: (unknown) => pipeline.explain(opened, { ...unknown, method: 'saliency', images }),
  featureVisualizationFigures: (unknown) =>
    pipeline.featureVisualizationFigures(opened, images, { ...unknown, steps: 1 }),
  renderFigures: (unknown) => pipeline.renderFigures([], { ...unknown, store, document }),
  reportRun: (unknown) => pipeline.reportRun({ ...unknown, store, document, train: images, test: images }),
  reportImages: (unknown) => pipeline.reportImages({ ...unknown, store, document, images }),
  collectReportData: (unknown) =>
    pipeline.collectReportData(opened, { ...unknown, settings, history: [], train: images, test: images }),
  defineSection: (unknown) =>
    pipeline.defineSection({ ...unknown, id: 'mine', title: 'Mine', text: () => '', figures: [] }),
  figuresPer: (unknown) =>
    pipeline.figuresPer('N', { ...unknown, items: () => [], suffix: String, figures: {} }),
};

/**
 * Functions without an options object, and those whose object is not options: records, and parts of a
 * section.
 */
const withoutOptions = [
  'DivergedError',
  'adaptImages',
  'compareRuns',
  'epochDivergence',
  'evaluationFigures',
  'expectConverged',
  'expectDataset',
  'expectFiniteLoss',
  'expectSameSettings',
  'imageShapeOf',
  'figure',
  'figureNames',
  'figuresPerExample',
  'findRecipe',
  'faithfulnessMethods',
  'heatmapMethod',
  'historyTable',
  'isFolderPath',
  'preprocessingOf',
  'readRun',
  'dataName',
  'recordedSettings',
  'countClasses',
  'representativeLayers',
  'removeOldCheckpoints',
  'runProgress',
  'saveEvaluation',
  'splitTrainingImages',
  'writePretrainedRun',
  'writeRun',
];

describe('every function with options', () => {
  it('is in one of the lists of this test', () => {
    const functions = Object.entries(pipeline).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    );
    expect([...Object.keys(callsWithOptions), ...withoutOptions].sort()).toEqual(functions.sort());
  });

  it.each(Object.entries(callsWithOptions))('%s refuses an unknown option', async (name, call) => {
    const refused = (async () => call({ unheardOf: 1 }))();
    await expect(refused).rejects.toThrow(`of ${name}, got "unheardOf"`);
  });

  it.each([
    ['selectExamples', { nthh: 1 }, 'nth'],
    ['trainRun', { onWarnings: () => {} }, 'onWarning'],
    ['explain', { colorSacle: 'shared' }, 'colorScale'],
    ['reportRun', { details: 'brief' }, 'detail'],
  ])('%s names the nearest option', async (name, options, nearest) => {
    const refused = (async () => callsWithOptions[name](options))();
    await expect(refused).rejects.toThrow(`did you mean ${nearest}?`);
  });
});
