import { InputError } from '@convlens/core';
import { NUMPY_GLOBALS, PickleGlobal, type PickleGlobals, type PickleReducer } from '@convlens/formats';
import { readNumbers, VALUE_TYPES, type TensorValues, type ValueType } from './tensor-values.js';

/** The data types of storages, by their class in PyTorch. */
const STORAGE_TYPES: Readonly<Record<string, ValueType>> = {
  'torch.DoubleStorage': VALUE_TYPES.F64,
  'torch.FloatStorage': VALUE_TYPES.F32,
  'torch.HalfStorage': VALUE_TYPES.F16,
  'torch.BFloat16Storage': VALUE_TYPES.BF16,
  'torch.LongStorage': VALUE_TYPES.I64,
  'torch.IntStorage': VALUE_TYPES.I32,
  'torch.ShortStorage': VALUE_TYPES.I16,
  'torch.CharStorage': VALUE_TYPES.I8,
  'torch.ByteStorage': VALUE_TYPES.U8,
  'torch.BoolStorage': VALUE_TYPES.BOOL,
};

/** Numbers outside of the pickle, which tensors are views of. */
interface TorchStorage {
  readonly type: ValueType;
  /** Its name in the file. */
  readonly key: string;
  /** The number of values. */
  readonly count: number;
}

/** A tensor as a pickle describes it. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** As in PyTorch. */
const MAX_RANK = 64;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MAX_RANK && value.every(isCount);
const isStorage = (value: unknown): value is TorchStorage =>
  typeof value === 'object' && value !== null && 'key' in value && 'type' in value;

/** `torch._utils._rebuild_tensor_v2`: storage, offset, shape, strides, and what training needs. */
const rebuildTensor: PickleReducer = ([storage, offset, shape, strides], { fail }) => {
  const isTensor = isStorage(storage) && isCount(offset) && isCounts(shape) && isCounts(strides);
  if (!isTensor || shape.length !== strides.length)
    return fail('the storage, shape and strides of a tensor', 'something else');
  return new TorchTensor(storage, offset, shape, strides);
};

/** The name of an object outside of the pickle: ('storage', class, key, device, count, view). */
export const loadStorage: PickleReducer = ([kind, storageClass, key, , count, view], { fail }) => {
  const name = storageClass instanceof PickleGlobal ? storageClass.name : '';
  const type = Object.hasOwn(STORAGE_TYPES, name) ? STORAGE_TYPES[name] : undefined;
  if (kind !== 'storage' || !type || typeof key !== 'string' || !isCount(count) || (view ?? null) !== null)
    return fail(
      `a storage of a type that is known (${Object.keys(STORAGE_TYPES).join(', ')})`,
      'another one',
    );
  return { type, key, count } satisfies TorchStorage;
};

const plainList: PickleReducer = ([items = []]) => items;
const emptyMap: PickleReducer = () => new Map();

/** The types that a checkpoint may name beside its tensors. */
const DATA_TYPES = ['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8'];

/** The globals in state dicts and in what training saves beside them. No code of the pickle is run. */
export const TORCH_GLOBALS: PickleGlobals = {
  ...NUMPY_GLOBALS,
  ...Object.fromEntries(Object.keys(STORAGE_TYPES).map((name) => [name, undefined])),
  ...Object.fromEntries(DATA_TYPES.map((name) => [`torch.${name}`, undefined])),
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor,
  'torch.Size': plainList,
  'torch.device': ([name]) => name,
  'collections.OrderedDict': emptyMap,
  'collections.defaultdict': emptyMap,
  'collections.Counter': emptyMap,
  '__builtin__.set': plainList,
  'builtins.set': plainList,
  // A number, such as the best accuracy: its bytes are not needed.
  'numpy.core.multiarray.scalar': () => null,
  'numpy._core.multiarray.scalar': () => null,
};

/** The bytes of storages by key. */
export type Storages = ReadonlyMap<string, Uint8Array>;

/** The values of a tensor, row-major. Throws an InputError if they are not in the file. */
export function readTensor(
  { storage, offset, shape, strides }: TorchTensor,
  { name, storages, file }: { name: string; storages: Storages; file: string },
): TensorValues {
  const { type, key, count: stored } = storage;
  const fail = (what: string): never => {
    throw new InputError(`Expected ${file} to hold the tensor ${JSON.stringify(name)}, got ${what}`);
  };
  const bytes = storages.get(key) ?? fail(`no storage ${JSON.stringify(key.slice(0, 40))}`);
  if (bytes.length < stored * type.bytes)
    fail(`a storage of ${bytes.length} bytes for ${stored} values of ${type.bytes} bytes`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count === 0) return { shape, values: new Float32Array(0) };
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], offset);
  if (count > stored || last >= stored)
    fail(`${shape.join(' x ')} values that do not fit its storage of ${stored} values`);
  if (isRowMajor(shape, strides)) {
    const start = offset * type.bytes;
    return { shape, values: readNumbers(bytes.subarray(start, start + count * type.bytes), type) };
  }
  return {
    shape,
    values: gather(readNumbers(bytes.subarray(0, stored * type.bytes), type), {
      offset,
      shape,
      strides,
      count,
    }),
  };
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== stride) return false;
    stride *= shape[axis];
  }
  return true;
}

/** The values of a view with any strides. */
function gather(
  stored: Float32Array,
  {
    offset,
    shape,
    strides,
    count,
  }: { offset: number; shape: readonly number[]; strides: readonly number[]; count: number },
): Float32Array {
  const values = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0; i < count; i++) {
    values[i] = stored[index.reduce((sum, position, axis) => sum + position * strides[axis], offset)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return values;
}
