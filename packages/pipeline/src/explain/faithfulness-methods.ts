import { expectList, expectObject, isInputError } from '@convlens/core';
import {
  ATTRIBUTION_METHODS,
  deletionCurves,
  insertionCurves,
  sanityCheck,
  type AttributionMethod,
} from '@convlens/activations';
import type { PerturbationCurve, SanityCheck } from '@convlens/core';
import { perturbationCurves, sanityCheckCurves } from '@convlens/render-d3';
import { IMAGE_SELECTION, type ExplainMethod, type ExplainRequest } from './explain-method.js';
import { parseTarget, readOptionsOf, selectedImages } from './explain-request.js';

/** The mean of the finite values, with three decimals. */
function formatMean(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  return (finite.reduce((sum, value) => sum + value, 0) / finite.length).toFixed(3);
}

/** The results of a check, by method. */
interface MethodResults<T> {
  readonly methods: readonly AttributionMethod[];
  readonly results: readonly T[];
  /** Names the methods that do not apply to the model, and why. */
  readonly warning?: string;
}

/**
 * The results of `check` for each method, one after the other. Methods that do not apply to the model are left out.
 *
 * @throws InputError if no method applies
 */
async function forEachMethod<T>(
  methods: readonly AttributionMethod[],
  { onProgress }: ExplainRequest,
  check: (method: AttributionMethod) => Promise<T>,
): Promise<MethodResults<T>> {
  const results = new Map<AttributionMethod, T>();
  const refusals: { id: string; error: Error }[] = [];
  for (const [i, method] of methods.entries()) {
    try {
      results.set(method, await check(method));
    } catch (error) {
      if (!isInputError(error, 'not-applicable')) throw error;
      refusals.push({ id: method.id, error });
    }
    onProgress?.(i + 1, methods.length);
  }
  if (results.size === 0 && refusals.length > 0) throw refusals[0].error;
  const reasons = refusals.map(({ id, error }) => `${id} is left out: ${error.message}`);
  return {
    methods: [...results.keys()],
    results: [...results.values()],
    ...(reasons.length > 0 && { warning: reasons.join('\n') }),
  };
}

const sanityCheckMethod = (methods: readonly AttributionMethod[]): ExplainMethod => ({
  id: 'sanity-check',
  title: 'sanity check: similarity of heatmaps under weight randomization',
  options: ['target', ...IMAGE_SELECTION],
  async run(request) {
    const { model } = request.opened;
    const readOptions = { ...readOptionsOf(request), onProgress: undefined };
    const selected = selectedImages(request);
    const target = parseTarget(request);
    const {
      results: checks,
      methods: checked,
      warning,
    } = await forEachMethod<SanityCheck>(methods, request, ({ explain: method }) =>
      sanityCheck(model, selected, { ...readOptions, method, target }),
    );
    return {
      ...(warning !== undefined && { warning }),
      figures: [
        {
          name: 'sanity_check',
          caption: 'The similarity of the heatmaps while the weights are randomized, from the last layer on.',
          render: (figureOptions) => sanityCheckCurves(checks, figureOptions),
        },
      ],
      table: {
        columns: ['randomized down to', ...checked.map(({ id }) => id)],
        rows: checks[0].steps.map(({ layer }, step) => [
          layer,
          ...checks.map(({ steps }) => formatMean(steps[step].similarities.map(({ spearman }) => spearman))),
        ]),
      },
    };
  },
});

/** The insertion and the deletion curves of a method, one of each per image. */
async function curvesOf(
  { explain }: AttributionMethod,
  request: ExplainRequest,
): Promise<{ insertion: readonly PerturbationCurve[]; deletion: readonly PerturbationCurve[] }> {
  const { model } = request.opened;
  const selected = selectedImages(request);
  const target = parseTarget(request);
  const readOptions = { ...readOptionsOf(request), onProgress: undefined };
  const heatmaps = await explain(model, selected, { ...readOptions, target });
  // The heatmap of a channel does not hold its score, so the curves need the target again.
  const isChannel = heatmaps.some(({ classIndex }) => classIndex < 0);
  const curveOptions = {
    ...readOptions,
    ...(isChannel && target !== undefined && { target }),
    heatmaps,
  };
  return {
    insertion: await insertionCurves(model, selected, curveOptions),
    deletion: await deletionCurves(model, selected, curveOptions),
  };
}

const insertionDeletionMethod = (methods: readonly AttributionMethod[]): ExplainMethod => ({
  id: 'insertion-deletion',
  title: 'insertion and deletion curves: class score while pixels change in order of attribution',
  options: ['target', ...IMAGE_SELECTION],
  async run(request) {
    const {
      results,
      methods: compared,
      warning,
    } = await forEachMethod(methods, request, (method) => curvesOf(method, request));
    const curves = results.flatMap(({ insertion, deletion }) => [...insertion, ...deletion]);
    const meanAuc = (records: readonly PerturbationCurve[]) => formatMean(records.map(({ auc }) => auc));
    return {
      ...(warning !== undefined && { warning }),
      figures: [
        {
          name: 'insertion_deletion',
          caption: 'The score while pixels are inserted or deleted in order of attribution, by method.',
          render: (figureOptions) => perturbationCurves(curves, figureOptions),
        },
      ],
      table: {
        columns: ['method', 'insertion (higher is better)', 'deletion (lower is better)'],
        rows: results.map(({ insertion, deletion }, i) => [
          compared[i].id,
          meanAuc(insertion),
          meanAuc(deletion),
        ]),
      },
    };
  },
});

/**
 * The explain methods that test attribution methods: those of `methods` with `isCompared`. For further methods pass
 * `extend(ATTRIBUTION_METHODS, [...])`, and the result to `explain` as `methods`.
 */
export function faithfulnessMethods(
  methods: readonly AttributionMethod[] = ATTRIBUTION_METHODS,
): readonly ExplainMethod[] {
  expectList('methods', methods, expectObject);
  const compared = methods.filter(({ isCompared }) => isCompared);
  return [sanityCheckMethod(compared), insertionDeletionMethod(compared)];
}
