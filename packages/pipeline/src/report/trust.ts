import {
  deletionCurves,
  gradCam,
  guidedBackprop,
  insertionCurves,
  saliency,
  sanityCheck,
} from '@convlens/activations';
import type { ImageSet, PerturbationCurve, SanityCheck } from '@convlens/core';
import { pickImages } from '../pick-images.js';
import type { Subject } from '../subject.js';

/** How far the heatmaps of a report can be trusted. */
export interface Trust {
  readonly curves: readonly PerturbationCurve[];
  readonly checks: readonly SanityCheck[];
}

/** Those of the section on attention. */
const METHODS = [gradCam, saliency, guidedBackprop];

/** Tries the methods on some images, spread over the set. */
export async function testTrust(
  { model, preprocessing }: Subject,
  images: ImageSet,
  { trials, signal }: { trials: number; signal?: AbortSignal },
): Promise<Trust> {
  const count = Math.min(trials, images.count);
  const picked = pickImages(
    images,
    Array.from({ length: count }, (_, i) => Math.floor((i * images.count) / count)),
  );
  const options = { preprocessing, target: 'predicted', signal } as const;
  const curves: PerturbationCurve[] = [];
  const checks: SanityCheck[] = [];
  for (const method of METHODS) {
    const heatmaps = await method(model, picked, options);
    curves.push(...(await deletionCurves(model, picked, { ...options, heatmaps })));
    curves.push(...(await insertionCurves(model, picked, { ...options, heatmaps })));
    checks.push(await sanityCheck(model, picked, { ...options, method }));
  }
  return { curves, checks };
}
