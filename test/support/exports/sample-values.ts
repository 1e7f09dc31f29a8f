/** Valid values by the type of a parameter, as the source writes it; those of one parameter by its name and type: "layer: string". */
export type Samples = Readonly<Record<string, unknown>>;

/** Two gray images of 2 x 2 pixels. */
export const IMAGES = {
  kind: 'image-set',
  name: 'two images',
  pixels: new Uint8Array(8),
  labels: Int32Array.of(0, 1),
  count: 2,
  height: 2,
  width: 2,
  channels: 1,
  classNames: ['a', 'b'],
};

const BATCH = { ...IMAGES, kind: 'image-batch', epoch: 0, step: 0, indices: Uint32Array.of(0, 1) };

/** A store without content. */
const STORE = {
  location: 'nothing',
  read: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

const COMMON: Samples = {
  string: 'name',
  number: 1,
  boolean: true,
  object: {},
  unknown: {},
  Uint8Array: new Uint8Array(8),
  'readonly string[]': ['a'],
  'ArrayLike<number>': [0],
  Images: IMAGES,
  ImageSet: IMAGES,
  ImageBatch: BATCH,
  BlobStore: STORE,
  BlobReader: STORE,
};

/** A valid value of a parameter. A list of values whose type is not known is empty, and an object without fields. */
export function sampleOf(name: string, type: string, samples: Samples): unknown {
  const known = [samples, COMMON].find((some) => type in some)?.[type];
  if (known !== undefined) return samples[`${name}: ${type}`] ?? known;
  if (/^readonly .*\[\]$/.test(type)) {
    const item = sampleOf(name, type.slice('readonly '.length, -2), samples);
    return item === undefined ? [] : [item];
  }
  return undefined;
}
