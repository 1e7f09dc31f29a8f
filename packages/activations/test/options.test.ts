import { describe, expect, it } from 'vitest';
import * as activations from '../src/index.js';

/** For each function with options: the number of arguments before them, and the name of an option. */
const WITH_OPTIONS: Record<string, [position: number, option: string]> = {
  attributions: [2, 'target'],
  channelMaximum: [2, 'layer'],
  classActivations: [2, 'reduction'],
  classCurves: [1, 'classNames'],
  collapseChannels: [1, 'collapse'],
  compareGroups: [1, 'groups'],
  confusionMatrix: [1, 'threshold'],
  deconvnet: [2, 'collapse'],
  deletionCurves: [2, 'heatmaps'],
  describeStatistics: [1, 'channel'],
  diagnoseInput: [2, 'inputs'],
  evaluateModel: [2, 'batchSize'],
  featureMaps: [2, 'layer'],
  gradCam: [2, 'normalize'],
  gradCamPlusPlus: [2, 'alpha'],
  gradientTimesInput: [2, 'target'],
  groupActivations: [2, 'groups'],
  guidedBackprop: [2, 'target'],
  guidedGradCam: [2, 'layer'],
  insertionCurves: [2, 'baseline'],
  integratedGradients: [2, 'steps'],
  kernels: [1, 'layer'],
  layerCam: [2, 'resize'],
  layerGradients: [2, 'layer'],
  layerOutputs: [2, 'layers'],
  layerStatistics: [2, 'layers'],
  mistakes: [2, 'count'],
  multiLabelMetrics: [1, 'threshold'],
  nearestClassMean: [2, 'means'],
  observe: [2, 'observers'],
  observeClassActivations: [0, 'filters'],
  observeFeatureMaps: [0, 'layer'],
  observeGroupActivations: [0, 'reduction'],
  observeLayerStatistics: [0, 'layer'],
  observeMistakes: [0, 'count'],
  observeStrongestFilters: [0, 'perImage'],
  observeTopActivations: [0, 'count'],
  occlusion: [2, 'stride'],
  optimalStimuli: [1, 'filters'],
  predictions: [2, 'preprocessing'],
  saliency: [2, 'score'],
  sanityCheck: [2, 'method'],
  scoreCam: [2, 'maxChannels'],
  scoreTable: [2, 'classNames'],
  scoresOf: [1, 'output'],
  similarFilters: [2, 'pairs'],
  smoothGrad: [2, 'samples'],
  strongestFilters: [2, 'perImage'],
  toImageSet: [1, 'contrast'],
  topActivations: [2, 'count'],
  topKAccuracy: [1, 'k'],
  visualizeFeatures: [2, 'regularizers'],
};

const WITHOUT_OPTIONS = [
  'classMetrics',
  'classSelectivity',
  'classSeparability',
  'findLayer',
  'kernelCorrelations',
  'keyLayers',
  'layerNames',
  'mergeClassActivations',
  'mergeConfusionMatrices',
  'mergeEvaluations',
  'mergeGroupActivations',
  'mergeLayerStatistics',
  'mergeMistakes',
  'mergeNearestClassMean',
  'mergeStrongestFilters',
  'mergeTopActivations',
  'observeEvaluation',
  'observeNearestClassMean',
  'observePredictions',
  'topOverlaps',
];

type AnyFunction = (...values: unknown[]) => unknown;

const functions = Object.entries(activations).filter(
  (entry): entry is [string, AnyFunction & (typeof entry)[1]] => typeof entry[1] === 'function',
);

it('this test covers every exported function', () => {
  const names = functions.map(([name]) => name);
  expect(names.sort()).toEqual([...Object.keys(WITH_OPTIONS), ...WITHOUT_OPTIONS].sort());
});

describe.each(Object.entries(WITH_OPTIONS))('%s', (name, [position, option]) => {
  it('refuses an option that it does not have, and names the nearest', async () => {
    const call = (activations as unknown as Record<string, AnyFunction>)[name];
    const values = [...Array.from({ length: position }, () => ({})), { [`${option}s`]: 1 }];
    await expect((async () => call(...values))()).rejects.toThrow(
      new RegExp(`of ${name}, got "${option}s"; did you mean ${option}\\?$`),
    );
  });

  it('counts an option that is undefined as left out', async () => {
    const call = (activations as unknown as Record<string, AnyFunction>)[name];
    const values = [...Array.from({ length: position }, () => ({})), { [`${option}s`]: undefined }];
    const outcome = await (async () => call(...values))().catch((error: Error) => error);
    expect(String(outcome)).not.toContain('did you mean');
  });
});
