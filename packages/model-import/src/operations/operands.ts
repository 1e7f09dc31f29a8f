import { isObject } from '../keras/json.js';

export type KerasObject = Readonly<Record<string, unknown>>;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
export const isKind = (value: unknown, kind: string): value is KerasObject =>
  isObject(value) && value.class_name === kind;
export const configOf = ({ config }: KerasObject): KerasObject => (isObject(config) ? config : {});

/**
 * A number, or a constant array with one value per channel, such as the mean that `preprocess_input` of Keras's applications
 * subtracts: [[[[123.7, 116.8, 103.9]]]]. Undefined for arrays that differ along other axes.
 */
export function constantValues(operand: unknown): number[] | undefined {
  if (isNumber(operand)) return [operand];
  if (!isKind(operand, '__tensor__') && !isKind(operand, '__numpy__')) return undefined;
  let { value } = configOf(operand);
  while (Array.isArray(value) && value.length === 1 && Array.isArray(value[0])) [value] = value as unknown[];
  const values = [value].flat();
  return values.length > 0 && values.every(isNumber) ? values : undefined;
}

/** The channels that `x[..., 0]` or `x[..., ::-1]` selects. */
export interface ChannelSelection {
  readonly channels: readonly number[];
  /** False for `x[..., 0]`, which drops the axis. */
  readonly keepsAxis: boolean;
}

/** More channels than images have: a selection of feature maps may have some hundred. */
const MAX_CHANNELS = 4096;

/** What an index selects along the last axis of a tensor; undefined if it selects along other axes too. */
export function selectedChannels(tensor: KerasObject, index: unknown): ChannelSelection | undefined {
  const { shape } = configOf(tensor);
  const size = Array.isArray(shape) ? (shape.at(-1) as unknown) : undefined;
  if (!Array.isArray(shape) || !Array.isArray(index) || !isNumber(size) || size > MAX_CHANNELS)
    return undefined;
  const others: unknown[] = index.slice(0, -1);
  const isEllipsis = others.length === 1 && isKind(others[0], '__ellipsis__');
  const isFull = others.length === shape.length - 1 && others.every(isFullSlice);
  if (!isEllipsis && !isFull) return undefined;
  const last: unknown = index.at(-1);
  if (isKind(last, '__slice__')) return { channels: sliceIndices(configOf(last), size), keepsAxis: true };
  if (!Number.isInteger(last) || (last as number) < -size || (last as number) >= size) return undefined;
  return { channels: [((last as number) + size) % size], keepsAxis: false };
}

export function isFullSlice(value: unknown): boolean {
  if (!isKind(value, '__slice__')) return false;
  const { start, stop, step } = configOf(value);
  return [start ?? 0, stop ?? null, step ?? 1].join() === '0,,1';
}

/** The indices of a slice of Python; its ends are clamped. */
export function sliceIndices({ start, stop, step: givenStep }: KerasObject, size: number): number[] {
  const step = isNumber(givenStep) && Number.isInteger(givenStep) && givenStep !== 0 ? givenStep : 1;
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (value: unknown, fallback: number) => {
    if (!isNumber(value)) return fallback;
    return Math.min(highest, Math.max(lowest, value < 0 ? value + size : value));
  };
  const first = clamp(start, step > 0 ? 0 : size - 1);
  const end = clamp(stop, step > 0 ? size : -1);
  const count = Math.max(0, Math.ceil((end - first) / step));
  return Array.from({ length: count }, (_, i) => first + i * step);
}
