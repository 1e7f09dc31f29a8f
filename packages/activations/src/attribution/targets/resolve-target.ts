import { InputError } from '@convlens/core';
import type { ModelInput } from '../../model/model-input.js';
import type { Score } from '../../model/scores.js';
import { resolveClassTarget } from './class-target.js';
import { resolveFunctionTarget } from './function-target.js';
import { resolveLayerTarget } from './layer-target.js';
import type { ChannelTarget, NeuronTarget, ResolvedTarget, Target } from './target.js';

/**
 * Checks a target against a model and images.
 *
 * @throws InputError if it does not fit; it lists the classes or layers.
 */
export function resolveTarget(
  modelInput: ModelInput,
  { target, score }: { target: Target; score: Score },
): ResolvedTarget {
  if (typeof target === 'function') return resolveFunctionTarget(modelInput, score, target);
  if (typeof target === 'number' || typeof target === 'string')
    return resolveClassTarget(modelInput, score, target);
  if (Array.isArray(target) || ArrayBuffer.isView(target))
    return resolveClassTarget(modelInput, score, Array.from(target as readonly number[]));
  if (typeof target === 'object' && target !== null && 'layer' in target)
    return resolveLayerTarget(modelInput, target as ChannelTarget | NeuronTarget);
  throw new InputError(
    'Expected target to be a class, { layer, channel }, { layer, neuron } or a function, ' +
      `got ${String(target)}`,
  );
}
