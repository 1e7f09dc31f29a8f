import { deletionCurves, insertionCurves, sanityCheck } from '@convlens/activations';
import {
  evenlySpaced,
  selectImages,
  type ImageSet,
  type PerturbationCurve,
  type SanityCheck,
} from '@convlens/core';
import type { OpenModel } from '../../run/open-model.js';
import { REPORT_METHODS } from './attributions.js';

/** The faithfulness of the attribution methods of a report. */
export interface Faithfulness {
  readonly curves: readonly PerturbationCurve[];
  readonly checks: readonly SanityCheck[];
}

/** Tests the methods of a report on evenly spaced images. */
export async function measureFaithfulness(
  { model, preprocessing }: OpenModel,
  images: ImageSet,
  { imageCount, signal }: { imageCount: number; signal?: AbortSignal },
): Promise<Faithfulness> {
  const selected = selectImages(images, evenlySpaced(images.count, imageCount));
  const options = { preprocessing, target: 'predicted', signal } as const;
  const curves: PerturbationCurve[] = [];
  const checks: SanityCheck[] = [];
  for (const { explain: method } of REPORT_METHODS) {
    const heatmaps = await method(model, selected, options);
    curves.push(...(await deletionCurves(model, selected, { ...options, heatmaps })));
    curves.push(...(await insertionCurves(model, selected, { ...options, heatmaps })));
    checks.push(await sanityCheck(model, selected, { ...options, method }));
  }
  return { curves, checks };
}
