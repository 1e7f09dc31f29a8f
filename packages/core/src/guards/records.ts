import type { ClassActivations, FeatureMaps, FilterBank, TopActivations } from '../records/activations.js';
import type { ClassCurves, ClassMetrics } from '../records/class-metrics.js';
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
import type { LayerStatistics } from '../records/layer-statistics.js';
import type { ModelCard } from '../records/model-card.js';
import type { ModelSummary } from '../records/model-summary.js';
import type { OptimalStimulus, OptimizedImage, ScoreTable } from '../records/optimized-images.js';
import type { EpochRecord, TrainingRun } from '../records/training.js';
import { expectFields } from './fields.js';
import { InputError } from './input-error.js';
import { showValue } from './show-value.js';
import { expectOneOf } from './values.js';

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
export interface Records {
  readonly ClassActivations: ClassActivations;
  readonly ClassCurves: ClassCurves;
  readonly ClassMetrics: ClassMetrics;
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
  readonly LayerStatistics: LayerStatistics;
  readonly Mistakes: Mistakes;
  readonly ModelCard: ModelCard;
  readonly ModelSummary: ModelSummary;
  readonly NearestClassMean: NearestClassMean;
  readonly OptimalStimulus: OptimalStimulus;
  readonly OptimizedImage: OptimizedImage;
  readonly PerturbationCurve: PerturbationCurve;
  readonly Prediction: Prediction;
  readonly SanityCheck: SanityCheck;
  readonly ScoreTable: ScoreTable;
  readonly SimilarFilters: SimilarFilters;
  readonly StrongestFilters: StrongestFilters;
  readonly TopActivations: TopActivations;
  readonly TrainingRun: TrainingRun;
}

/** The name of a record that `expectRecord` knows. */
export type RecordName = keyof Records;

const [number, string] = ['number', 'string'] as const;
const [list, numbers, object] = ['list', 'numbers', 'object'] as const;

const FIELDS: { readonly [Name in RecordName]: Fields<Records[Name]> } = {
  ClassActivations: { layer: string, classNames: list, filters: list, means: numbers },
  ClassCurves: { className: string, thresholds: list, precisions: list, auc: number },
  ClassMetrics: { classNames: list, precision: list, recall: list, support: list },
  ClassSelectivity: { layer: string, classNames: list, filters: list },
  ClassSeparability: { layer: string, classNames: list, etaSquared: numbers },
  ConfusionMatrix: { classNames: list, counts: numbers },
  EpochRecord: { epoch: number },
  Evaluation: { loss: number, accuracy: number, confusion: object },
  FeatureMaps: { layer: string, indices: list, channels: number, values: numbers },
  FilterBank: { layer: string, inChannels: number, filters: number, values: numbers },
  GroupActivations: { layer: string, groupNames: list, counts: list, sums: numbers },
  GroupComparison: { layer: string, groupNames: list, counts: list, overall: object, channels: list },
  Heatmap: { method: string, index: number, values: numbers },
  LayerStatistics: { layer: string, shape: list, channels: list },
  Mistakes: { classNames: list, wrong: number, entries: list },
  ModelCard: { training: object, evaluation: object },
  ModelSummary: { layers: list, parameters: number },
  NearestClassMean: { layer: string, count: number, correct: number },
  OptimalStimulus: { layer: string, filter: number, values: numbers },
  OptimizedImage: { objective: object, pixels: numbers, history: numbers, frames: list },
  PerturbationCurve: { method: string, fractions: numbers, scores: numbers },
  Prediction: { predicted: number, confidence: number, probabilities: numbers },
  SanityCheck: { method: string, heatmaps: list, steps: list },
  ScoreTable: { names: list, classNames: list, values: numbers },
  SimilarFilters: { layer: string, kernelLayer: string, pairs: list },
  StrongestFilters: { layer: string, counts: numbers },
  TopActivations: { layer: string, filters: list },
  TrainingRun: { name: string, history: list },
};

const RECORD_NAMES = Object.keys(FIELDS) as RecordName[];

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
