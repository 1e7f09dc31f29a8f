import type { ClassActivations, FeatureMaps, FilterBank, TopActivations } from '../records/activations.js';
import type { ConfusionMatrix, Evaluation, Mistakes, Prediction } from '../records/evaluation.js';
import type { PerturbationCurve, SanityCheck } from '../records/faithfulness.js';
import type { ClassSelectivity, SimilarFilters, StrongestFilters } from '../records/filters.js';
import type {
  ClassSeparability,
  GroupActivations,
  GroupComparison,
  NearestClassMean,
} from '../records/groups.js';
import type { Heatmap } from '../records/heatmap.js';
import type { InputDiagnosis } from '../records/input-diagnosis.js';
import type { LayerStatistics } from '../records/layer-statistics.js';
import type { ModelCard } from '../records/model-card.js';
import type { LayerSummary, ModelSummary } from '../records/model-summary.js';
import type { OptimalStimulus, OptimizedImage, ScoreTable } from '../records/optimized-images.js';
import type { Preprocessing } from '../records/preprocessing.js';
import type { EpochRecord, TrainingRun } from '../records/training.js';
import { InputError } from './input-error.js';
import { showValue } from './show-value.js';
import { expectObject, expectOneOf, expectString, isTypedArray } from './values.js';

/** What a field holds. 'numbers' is a typed array. */
type FieldKind = 'number' | 'string' | 'boolean' | 'list' | 'numbers' | 'object';

type KindOf<Value> = Value extends number
  ? 'number'
  : Value extends string
    ? 'string'
    : Value extends boolean
      ? 'boolean'
      : Value extends ArrayBufferView
        ? 'numbers'
        : Value extends readonly unknown[]
          ? 'list'
          : 'object';

type RequiredName<T> = { [Name in keyof T]-?: undefined extends T[Name] ? never : Name }[keyof T];

/** Fields that tell a record from others, each with what it holds. The compiler reports a wrong one. */
type Fields<T> = { readonly [Name in RequiredName<T> & string]?: KindOf<T[Name]> };

/** The records that functions take, by the name of the type. */
interface Records {
  readonly ClassActivations: ClassActivations;
  readonly ClassSelectivity: ClassSelectivity;
  readonly ClassSeparability: ClassSeparability;
  readonly ConfusionMatrix: ConfusionMatrix;
  readonly EpochRecord: EpochRecord;
  readonly Evaluation: Evaluation;
  readonly FeatureMaps: FeatureMaps;
  readonly FilterBank: FilterBank;
  readonly GroupActivations: GroupActivations;
  readonly GroupComparison: GroupComparison;
  readonly Heatmap: Heatmap;
  readonly InputDiagnosis: InputDiagnosis;
  readonly LayerStatistics: LayerStatistics;
  readonly LayerSummary: LayerSummary;
  readonly Mistakes: Mistakes;
  readonly ModelCard: ModelCard;
  readonly ModelSummary: ModelSummary;
  readonly NearestClassMean: NearestClassMean;
  readonly OptimalStimulus: OptimalStimulus;
  readonly OptimizedImage: OptimizedImage;
  readonly PerturbationCurve: PerturbationCurve;
  readonly Prediction: Prediction;
  readonly Preprocessing: Preprocessing;
  readonly SanityCheck: SanityCheck;
  readonly ScoreTable: ScoreTable;
  readonly SimilarFilters: SimilarFilters;
  readonly StrongestFilters: StrongestFilters;
  readonly TopActivations: TopActivations;
  readonly TrainingRun: TrainingRun;
}

/** The name of a record that `expectRecord` knows. */
export type RecordName = keyof Records;

const [number, string, boolean] = ['number', 'string', 'boolean'] as const;
const [list, numbers, object] = ['list', 'numbers', 'object'] as const;

const FIELDS: { readonly [Name in RecordName]: Fields<Records[Name]> } = {
  ClassActivations: {
    layer: string,
    reduction: string,
    classNames: list,
    counts: list,
    filters: list,
    means: numbers,
  },
  ClassSelectivity: { layer: string, reduction: string, classNames: list, filters: list },
  ClassSeparability: {
    layer: string,
    reduction: string,
    classNames: list,
    counts: list,
    ratio: number,
    betweenFraction: number,
    etaSquared: numbers,
  },
  ConfusionMatrix: { classNames: list, counts: numbers },
  EpochRecord: { epoch: number },
  Evaluation: { name: string, count: number, loss: number, accuracy: number, confusion: object },
  FeatureMaps: {
    layer: string,
    indices: list,
    count: number,
    height: number,
    width: number,
    channels: number,
    values: numbers,
  },
  FilterBank: {
    layer: string,
    height: number,
    width: number,
    inChannels: number,
    filters: number,
    values: numbers,
  },
  GroupActivations: {
    layer: string,
    reduction: string,
    groupNames: list,
    counts: list,
    channels: number,
    sums: numbers,
    sumsOfSquares: numbers,
    layerSums: numbers,
    layerSumsOfSquares: numbers,
  },
  GroupComparison: {
    layer: string,
    reduction: string,
    groupNames: list,
    counts: list,
    overall: object,
    rmsEffectSize: number,
    channels: list,
  },
  Heatmap: {
    method: string,
    classIndex: number,
    index: number,
    height: number,
    width: number,
    values: numbers,
    signed: boolean,
  },
  InputDiagnosis: { conclusion: string, trials: list, ties: list, count: number },
  LayerStatistics: { layer: string, shape: list, imageCount: number, channels: list },
  LayerSummary: {
    name: string,
    className: string,
    outputShape: list,
    parameters: number,
    trainableParameters: number,
    inputs: list,
  },
  Mistakes: { name: string, classNames: list, count: number, wrong: number, limit: number, entries: list },
  ModelCard: {
    id: string,
    title: string,
    architecture: string,
    inputShape: list,
    parameters: number,
    classNames: list,
    preprocessing: object,
    data: object,
    training: object,
    evaluation: object,
    intendedUse: string,
    limitations: list,
    license: string,
    weights: object,
  },
  ModelSummary: { name: string, layers: list, parameters: number, trainableParameters: number },
  NearestClassMean: { layer: string, reduction: string, count: number, correct: number, accuracy: number },
  OptimalStimulus: {
    layer: string,
    filter: number,
    height: number,
    width: number,
    channels: number,
    values: numbers,
    maximum: number,
  },
  OptimizedImage: {
    objective: object,
    name: string,
    height: number,
    width: number,
    channels: number,
    pixels: numbers,
    initialValue: number,
    finalValue: number,
    history: numbers,
    frames: list,
  },
  PerturbationCurve: {
    kind: string,
    method: string,
    classIndex: number,
    index: number,
    fractions: numbers,
    scores: numbers,
    auc: number,
  },
  Prediction: { index: number, predicted: number, confidence: number, probabilities: numbers },
  Preprocessing: { scale: number, mean: list, std: list },
  SanityCheck: { method: string, order: string, seed: number, heatmaps: list, steps: list },
  ScoreTable: { score: string, names: list, classNames: list, values: numbers },
  SimilarFilters: {
    layer: string,
    kernelLayer: string,
    reduction: string,
    topCount: number,
    sortedBy: string,
    pairs: list,
  },
  StrongestFilters: { layer: string, reduction: string, imageCount: number, counts: numbers },
  TopActivations: { layer: string, reduction: string, filters: list },
  TrainingRun: { name: string, model: string, history: list, bestEpoch: number },
};

const RECORD_NAMES = Object.keys(FIELDS) as RecordName[];

const isOfKind = (value: unknown, kind: FieldKind): boolean => {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'numbers') return isTypedArray(value);
  return typeof value === kind && value !== null;
};

/**
 * Throws an InputError if a value is not a record of a kind: if a field that tells it from others is missing, or is a list in
 * place of a number, and so on. The values in arrays are not looked at, so that large records cost no more than small ones.
 *
 * @param record the name of its type, such as "FeatureMaps"
 * @param name the argument, for the message
 */
export function expectRecord(record: RecordName, name: string, value: unknown): void {
  expectFields(record, name, value, FIELDS[expectOneOf('record', record, RECORD_NAMES)]);
}

/** As `expectRecord`, for an array of records; it may be empty. */
export function expectRecords(record: RecordName, name: string, value: unknown): void {
  if (!Array.isArray(value))
    throw new InputError(`Expected ${name} to be an array of ${record} records, got ${showValue(value)}`);
  for (let i = 0; i < value.length; i++) expectRecord(record, `${name}[${i}]`, value[i]);
}

/**
 * Throws an InputError if a value lacks fields.
 *
 * @param kind what it should be, for the message: "RunSettings"
 * @param fields the fields that it must have, and what they hold
 */
export function expectFields(
  kind: string,
  name: string,
  value: unknown,
  fields: Readonly<Record<string, FieldKind>>,
): void {
  expectString('kind', kind);
  expectObject('fields', fields);
  const wrong =
    typeof value === 'object' && value !== null
      ? Object.keys(fields).find(
          (field) => !isOfKind((value as Record<string, unknown>)[field], fields[field]),
        )
      : undefined;
  if (wrong === undefined && typeof value === 'object' && value !== null) return;
  const field = wrong === undefined ? '' : ` with ${wrong} (${fields[wrong]})`;
  throw new InputError(`Expected ${name} to be ${article(kind)} ${kind}${field}, got ${showValue(value)}`);
}

const article = (word: string) => (/^[AEIOU]/.test(word) ? 'an' : 'a');
