import { InputError, isInputError } from '@convlens/core';
import { readPickle, readPickles, readZip, type ReadPickleOptions } from '@convlens/formats';
import { loadStorage, TORCH_GLOBALS, type Storages } from './torch-tensor.js';

/** The content of a file of `torch.save`: the pickled object, and the numbers of its tensors. */
export interface TorchFile {
  readonly root: unknown;
  readonly storages: Storages;
}

const MAX_OPERATIONS = 10_000_000;
const MIN_LIMIT_BYTES = 2 ** 26;

/** Files of PyTorch before 1.6 begin with this number, as a pickle of protocol 2. */
const OLD_MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const OLD_PROTOCOL = 1001;

/** Whether a file begins as one of PyTorch before 1.6. */
export const isOldTorchFile = (bytes: Uint8Array): boolean => OLD_MAGIC.every((byte, i) => bytes[i] === byte);

const pickleOptions = (name: string, bytes: Uint8Array): ReadPickleOptions => ({
  name,
  maxOperations: Math.min(bytes.length, MAX_OPERATIONS),
  globals: TORCH_GLOBALS,
  content: 'tensors and plain values',
  integerKeys: true,
  persistentLoad: loadStorage,
});

/**
 * Reads a zip archive of PyTorch 1.6 and later: NAME/data.pkl, and the numbers of each storage as NAME/data/KEY.
 *
 * @throws InputError if it is damaged, or holds other objects than tensors and plain values
 */
export function readTorchZip(bytes: Uint8Array, file: string): TorchFile {
  const maxBytes = Math.max(MIN_LIMIT_BYTES, 4 * bytes.length);
  const entries = readZip(bytes, { name: file, maxBytes });
  const pickleName = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickleName === undefined)
    throw new InputError(
      `Expected ${file} to hold data.pkl of PyTorch, found ${[...entries.keys()].slice(0, 5).join(', ') || 'nothing'}`,
    );
  const folder = pickleName.slice(0, -'data.pkl'.length);
  if ([...entries.keys()].some((name) => name.startsWith(`${folder}code/`)))
    throw new InputError(
      `Expected ${file} to hold a state dict, got a TorchScript program: save model.state_dict() with torch.save`,
    );
  const byteOrder = entries.get(`${folder}byteorder`);
  if (byteOrder && new TextDecoder().decode(byteOrder) !== 'little')
    throw new InputError(`Expected the numbers in ${file} to be little-endian`);
  const prefix = `${folder}data/`;
  const storages = new Map(
    [...entries]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, data]) => [name.slice(prefix.length), data]),
  );
  const pickle = entries.get(pickleName)!;
  const root = refusingCode(file, () => readPickle(pickle, pickleOptions(`data.pkl of ${file}`, pickle)));
  return { root, storages };
}

/**
 * Reads a file of PyTorch before 1.6: five pickles (a magic number, the version, the system, the object, the keys of the
 * storages), then for each key the number of values and the values.
 *
 * @throws InputError as `readTorchZip` does
 */
export function readOldTorchFile(bytes: Uint8Array, file: string): TorchFile {
  const sizes = new Map<string, number>();
  const options: ReadPickleOptions = {
    ...pickleOptions(file, bytes),
    persistentLoad(id, context) {
      const storage = loadStorage(id, context) as { key: string; type: { bytes: number } };
      sizes.set(storage.key, storage.type.bytes);
      return storage;
    },
  };
  const { values, end } = refusingCode(file, () => readPickles(bytes, 5, options));
  const [, version, system, root, keys] = values;
  const isLittleEndian = system instanceof Map && system.get('little_endian') === true;
  if (version !== OLD_PROTOCOL || !isLittleEndian || !Array.isArray(keys))
    throw new InputError(
      `Expected ${file} to be a little-endian file of PyTorch of version ${OLD_PROTOCOL}, got another one`,
    );
  return { root, storages: readOldStorages(bytes, { keys, end, sizes, file }) };
}

function readOldStorages(
  bytes: Uint8Array,
  {
    keys,
    end,
    sizes,
    file,
  }: { keys: readonly unknown[]; end: number; sizes: ReadonlyMap<string, number>; file: string },
): Storages {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const storages = new Map<string, Uint8Array>();
  let position = end;
  for (const key of keys) {
    const size = typeof key === 'string' ? sizes.get(key) : undefined;
    if (size === undefined)
      throw new InputError(`Expected ${file} to list the storages of its tensors, got another key`);
    const start = position + 8;
    const count = start <= bytes.length ? Number(view.getBigInt64(position, true)) : -1;
    position = start + count * size;
    if (!(count >= 0 && position <= bytes.length))
      throw new InputError(
        `Expected ${file} to hold the numbers of its tensors, found its end at byte ${bytes.length}: it is cut off`,
      );
    storages.set(key as string, bytes.subarray(start, position));
  }
  return storages;
}

/** A pickled model is code: the error says what to save in its place. */
function refusingCode<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const name = isInputError(error)
      ? /found the global (.*), which is not run$/.exec(error.message)?.[1]
      : undefined;
    if (name === undefined) throw error;
    throw new InputError(
      `Expected ${file} to hold a state dict, got an object of the class ${name}, which is code: save the weights alone, ` +
        'with torch.save(model.state_dict(), FILE)',
    );
  }
}
