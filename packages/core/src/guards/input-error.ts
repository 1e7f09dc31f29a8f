/**
 * The caller passed something that cannot be used: an option out of range, a name that does not exist, a malformed file.
 * Programs distinguish it from other errors by `error.name === 'InputError'` (see `isInputError`), which also holds when
 * two copies of this package are loaded.
 */
export class InputError extends RangeError {
  override readonly name = 'InputError';
  /**
   * For programs that can react: 'missing' if a data set does not exist, 'unreachable' if it does not exist and no server
   * sent it, 'unwritable' if a file cannot be written, 'locked' if another program writes the folder, 'foreign' if a file
   * would be replaced that this software did not write, 'unknown-layer' if the class of a layer is not registered,
   * 'overflow' if an output of a model is not finite, 'keras-3' if a model folder holds a model of Keras 3,
   * 'graph-model' if a graph model was given where layers are needed,
   * 'not-applicable' if a model lacks the layers that a method is made for.
   */
  readonly code?:
    | 'missing'
    | 'unreachable'
    | 'unwritable'
    | 'locked'
    | 'foreign'
    | 'unknown-layer'
    | 'overflow'
    | 'keras-3'
    | 'graph-model'
    | 'not-applicable';

  constructor(message: string, options: Pick<InputError, 'code'> = {}) {
    super(message);
    if (options?.code) this.code = options.code;
  }
}

/** Whether `error` is an InputError, of any copy of this package; with `code`, one with that code. */
export function isInputError(error: unknown, code?: InputError['code']): error is InputError {
  const { name, code: actual } = (error ?? {}) as Partial<InputError>;
  return name === 'InputError' && (code === undefined || actual === code);
}
