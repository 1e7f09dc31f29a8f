import { InputError, isInnerPath, type Preprocessing } from '@convlens/core';
import {
  distinctTexts,
  expectSchema,
  finiteNumber,
  guarded,
  integer,
  list,
  oneOf,
  openObject,
  parseJson,
  type BlobReader,
} from '@convlens/storage';
import * as v from 'valibot';

export const MODEL_FILE = 'model.json';

const isPositive = (value: number) => value > 0;

const preprocessing = (): v.GenericSchema<unknown, Preprocessing> =>
  openObject({
    scale: finiteNumber(),
    mean: v.pipe(list(finiteNumber()), v.minLength(1, 'at least one number')),
    std: v.pipe(
      list(v.pipe(finiteNumber(), v.check(isPositive, 'a number above 0'))),
      v.minLength(1, 'at least one number'),
    ),
    channelOrder: v.optional(oneOf(['rgb', 'bgr'])),
  });

/** What model.json holds beside the format of TensorFlow.js. */
export const savedMetadata = () =>
  openObject({
    preprocessing: preprocessing(),
    /** In the order of the outputs. */
    classNames: distinctTexts(),
    /** Whether weights have the names of `namedWeights`. */
    hasPathNames: v.optional(v.boolean()),
  });

const valueType = () => oneOf(['float32', 'int32', 'bool', 'float16', 'uint8', 'uint16', 'complex64']);

const weightEntry = () =>
  openObject({
    name: v.string(),
    shape: v.array(integer()),
    dtype: oneOf(['float32', 'int32', 'bool', 'complex64']),
    /** Quantized weights have the size of their quantized type. */
    quantization: v.optional(openObject({ dtype: valueType() })),
  });

/** A weight as model.json lists it. */
export type WeightEntry = Readonly<v.InferOutput<ReturnType<typeof weightEntry>>>;

const weightGroup = () =>
  openObject({
    /** The weight files, which lie beside model.json. */
    paths: list(v.pipe(v.string(), v.check(isInnerPath, 'a path inside the folder'))),
    weights: list(weightEntry()),
    /** The CRC-32 of the bytes of all paths, in hex. Absent in folders of other programs and of old versions. */
    crc32: v.optional(v.string()),
  });

/** Weights that lie one after the other in the same files. */
export type WeightGroup = Readonly<v.InferOutput<ReturnType<typeof weightGroup>>>;

const signature = () => v.optional(v.nullable(openObject({})));

const modelJson = () =>
  openObject({
    /** Of TensorFlow.js, which checks it. */
    modelTopology: openObject({}),
    weightsManifest: v.optional(v.pipe(list(weightGroup()), guarded(expectDistinct)), []),
    userDefinedMetadata: v.optional(
      v.nullable(openObject({ convlens: v.optional(savedMetadata()), signature: signature() })),
    ),
    /** Of a graph model: the names of its inputs and outputs. The converter of TensorFlow.js 1 writes it as metadata. */
    signature: signature(),
  });

/** The content of model.json. */
export type ModelJson = Readonly<v.InferOutput<ReturnType<typeof modelJson>>>;

/** Of two weights with one name the second would replace the first; a file that occurs twice would be read twice. */
function expectDistinct(groups: readonly v.InferOutput<ReturnType<typeof weightGroup>>[]): void {
  const lists = {
    weights: groups.flatMap(({ weights }) => weights.map(({ name }) => name)),
    'weight files': groups.flatMap(({ paths }) => paths),
  };
  for (const [what, names] of Object.entries(lists)) {
    const known = new Set<string>();
    for (const name of names) {
      if (known.has(name))
        throw new InputError(`Expected ${what} of different names, got ${JSON.stringify(name)} twice`);
      known.add(name);
    }
  }
}

/**
 * Reads model.json.
 *
 * @throws InputError that names the file and the field if there is none, or it is damaged.
 */
export async function readModelJson(store: BlobReader): Promise<ModelJson> {
  const bytes = await store.read(MODEL_FILE);
  if (!bytes)
    throw new InputError(`Expected ${MODEL_FILE} in ${store.location}, found none: not a saved model`);
  const location = `${store.location}/${MODEL_FILE}`;
  return expectSchema(parseJson(bytes, location), modelJson(), location);
}
