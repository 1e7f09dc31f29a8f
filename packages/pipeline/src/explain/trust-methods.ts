import {
  deletionCurves,
  diagnoseInput,
  gradCam,
  gradientTimesInput,
  guidedBackprop,
  guidedGradCam,
  insertionCurves,
  integratedGradients,
  layerCam,
  saliency,
  sanityCheck,
  type HeatmapMethod,
} from '@convlens/activations';
import type { PerturbationCurve, SanityCheck } from '@convlens/core';
import { perturbationCurves, sanityCheckCurves } from '@convlens/render-d3';
import { pickImages } from '../pick-images.js';
import { pickedBy, refuse, targetOf, type Method } from './request.js';

/** Methods that the checks compare. */
const CHECKED: Record<string, HeatmapMethod> = {
  saliency,
  'gradient-times-input': gradientTimesInput,
  'integrated-gradients': integratedGradients,
  'guided-backprop': guidedBackprop,
  'guided-grad-cam': guidedGradCam,
  'grad-cam': gradCam,
  'layer-cam': layerCam,
};

/** Of those that are numbers, with three decimals. */
function mean(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  return (known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(3);
}

/** How many images tell what a model was trained on. */
const DIAGNOSED = 500;

/** At most `most` places out of `count`, evenly apart. */
const everyNth = (count: number, most: number) =>
  Array.from({ length: Math.min(count, most) }, (_, i) => Math.floor((i * count) / Math.min(count, most)));

/** Which maps deserve belief, and whether the model is fed what it was trained on. */
export const trustMethods = {
  'sanity-check': async (request) => {
    const { subject, options } = request;
    refuse(request, 'filters', 'layer');
    const picked = pickedBy(request);
    const { preprocessing } = subject;
    const { signal, onProgress } = options;
    const methods = Object.values(CHECKED);
    const target = targetOf(request);
    const checks: SanityCheck[] = [];
    for (const [i, method] of methods.entries()) {
      checks.push(await sanityCheck(subject.model, picked, { method, target, preprocessing, signal }));
      onProgress?.(i + 1, methods.length);
    }
    return {
      figures: [
        {
          name: 'sanity_check',
          caption: 'How alike the maps of each method stay while weights become random, from the top down.',
          draw: (look) => sanityCheckCurves(checks, look),
        },
      ],
      table: {
        columns: ['random down to', ...Object.keys(CHECKED)],
        rows: checks[0].steps.map(({ layer }, step) => [
          layer,
          ...checks.map(({ steps }) => mean(steps[step].similarities.map(({ spearman }) => spearman))),
        ]),
      },
    };
  },
  'insertion-deletion': async (request) => {
    const { subject, options } = request;
    refuse(request, 'filters', 'layer');
    const picked = pickedBy(request);
    const { preprocessing } = subject;
    const { signal, onProgress } = options;
    const reading = { preprocessing, signal };
    const curves: PerturbationCurve[] = [];
    const rows = [];
    for (const [name, method] of Object.entries(CHECKED)) {
      const maps = await method(subject.model, picked, { ...reading, target: targetOf(request) });
      // A map of a channel says which pixels it likes, not what its score is: the same target again.
      const target = maps.some(({ classIndex }) => classIndex < 0) ? targetOf(request) : undefined;
      const given = { ...reading, ...(target !== undefined && { target }), heatmaps: maps };
      const both = [
        await insertionCurves(subject.model, picked, given),
        await deletionCurves(subject.model, picked, given),
      ];
      curves.push(...both.flat());
      rows.push([name, ...both.map((own) => mean(own.map(({ auc }) => auc)))]);
      onProgress?.(rows.length, Object.keys(CHECKED).length);
    }
    return {
      figures: [
        {
          name: 'insertion_deletion',
          caption: 'The score while pixels come or go in the order of the maps of each method.',
          draw: (look) => perturbationCurves(curves, look),
        },
      ],
      table: { columns: ['method', 'insertion (high is good)', 'deletion (low is good)'], rows },
    };
  },
  'diagnose-input': async (request) => {
    const { subject, images, options } = request;
    refuse(request, 'filters', 'layer', 'target', 'classes', 'nth', 'index');
    const some = pickImages(images, everyNth(images.count, DIAGNOSED));
    const { signal, onProgress } = options;
    const { conclusion, trials } = await diagnoseInput(subject.model, some, { signal, onProgress });
    return {
      figures: [],
      conclusion,
      table: {
        columns: ['fed with', 'channels', 'axes', 'accuracy', 'with classes renamed'],
        rows: trials.map((trial) => [
          trial.scaling,
          trial.channelOrder,
          trial.axes,
          trial.accuracy.toFixed(3),
          trial.renamedAccuracy.toFixed(3),
        ]),
      },
    };
  },
} satisfies Record<string, Method>;
