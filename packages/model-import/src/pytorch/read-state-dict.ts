import { expectBytes, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { describeFile, fileType, firstBytes } from '@convlens/formats';
import { readSafetensors } from './safetensors.js';
import type { TensorValues } from './tensor-values.js';
import { isOldTorchFile, readOldTorchFile, readTorchZip, type TorchFile } from './torch-file.js';
import { readTensor, TorchTensor } from './torch-tensor.js';

export interface ReadStateDictOptions {
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
  /** The entry of a checkpoint that is the state dict, such as "model_ema". Default: the only one. */
  readonly entry?: string;
}

const READ_STATE_DICT_OPTIONS: OptionNames<ReadStateDictOptions> = { fileName: true, entry: true };

/** What DataParallel and torch.compile put in front of all names. */
const WRAPPERS = ['module.', '_orig_mod.'];

/**
 * Reads the state dict of a PyTorch model: a safetensors file, or a file of `torch.save` (.pt, .pth) with a state dict or a
 * checkpoint that holds one, of any version of PyTorch. No code of the file is run: a pickled model is refused. The prefixes of
 * DataParallel and torch.compile are left out. All values become float32.
 *
 * @returns the tensors by name, in the order of the file
 * @throws InputError if the file is damaged, or holds no state dict or several.
 */
export function readStateDict(
  bytes: Uint8Array,
  options: ReadStateDictOptions = {},
): Map<string, TensorValues> {
  expectOptions('readStateDict', options, READ_STATE_DICT_OPTIONS);
  expectBytes('bytes', bytes);
  const { fileName: file = 'the file', entry } = options;
  if (fileType(bytes) === 'zip') return tensorsOf(readTorchZip(bytes, file), { file, entry });
  if (isOldTorchFile(bytes)) return tensorsOf(readOldTorchFile(bytes, file), { file, entry });
  if (isSafetensors(bytes)) return withoutWrapper(readSafetensors(bytes, { fileName: file }));
  throw new InputError(
    `Expected ${file} to be a PyTorch file (.pt, .pth) or a safetensors file; it begins with ${firstBytes(bytes)}${kindOf(bytes)}`,
  );
}

/** ", an HDF5 file" for a kind that is known; else "". */
function kindOf(bytes: Uint8Array): string {
  const kind = describeFile(bytes);
  return kind.startsWith('a file that begins') ? '' : `, ${kind}`;
}

/** Whether a file begins as safetensors: the length of the header, and the header in JSON. */
export const isSafetensors = (bytes: Uint8Array): boolean =>
  bytes.length > 8 && bytes[8] === 0x7b && bytes[7] === 0 && bytes[6] === 0;

function tensorsOf(
  { root, storages }: TorchFile,
  { file, entry }: { file: string; entry?: string },
): Map<string, TensorValues> {
  const dictionary = findStateDict(root, { file, entry });
  const limit = [...storages.values()].reduce((sum, { length }) => sum + length, 0);
  let total = 0;
  const tensors = new Map<string, TensorValues>();
  for (const [name, tensor] of dictionary) {
    const values = readTensor(tensor, { name, storages, file });
    total += values.values.length;
    // Many tensors may be views of one storage.
    if (total > limit)
      throw new InputError(
        `Expected the tensors of ${file} to have at most the ${limit} values that it stores`,
      );
    tensors.set(name, values);
  }
  return withoutWrapper(tensors);
}

type TorchDictionary = Map<string, TorchTensor>;

const isMap = (value: unknown): value is Map<string, unknown> => value instanceof Map;
const isTensor = (value: unknown): value is TorchTensor => value instanceof TorchTensor;
const isStateDict = (value: unknown): value is TorchDictionary =>
  isMap(value) && value.size > 0 && [...value.values()].every(isTensor);

/** The state dict: the whole file, or the only one in a checkpoint. */
function findStateDict(root: unknown, { file, entry }: { file: string; entry?: string }): TorchDictionary {
  if (entry === undefined && isStateDict(root)) return root;
  if (isTensor(root)) throw new InputError(`Expected ${file} to hold a state dict, got one tensor`);
  const found = isMap(root) ? [...root].filter(([, value]) => isStateDict(value)) : [];
  const names = found.map(([name]) => JSON.stringify(name)).join(', ');
  const selected = entry === undefined ? found : found.filter(([name]) => name === entry);
  if (selected.length === 1) return selected[0][1] as TorchDictionary;
  if (entry !== undefined)
    throw new InputError(`Expected entry to be a state dict of ${file} (${names || 'none'}), got "${entry}"`);
  if (selected.length > 1)
    throw new InputError(
      `Expected ${file} to hold one state dict, found ${names}: choose one with the option entry`,
    );
  const keys = isMap(root) ? [...root.keys()].slice(0, 8).join(', ') : typeof root;
  throw new InputError(
    `Expected ${file} to hold a state dict (names with tensors), found ${keys || 'nothing'}`,
  );
}

function withoutWrapper(tensors: Map<string, TensorValues>): Map<string, TensorValues> {
  const names = [...tensors.keys()];
  const wrapper = WRAPPERS.find((prefix) => names.every((name) => name.startsWith(prefix)));
  if (wrapper === undefined || names.length === 0) return tensors;
  return withoutWrapper(new Map([...tensors].map(([name, tensor]) => [name.slice(wrapper.length), tensor])));
}
