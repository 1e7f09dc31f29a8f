/** Of these the first entry of a list is the name of a layer. */
const LISTS_OF_NAMES = ['inboundNodes', 'outputLayers', 'inputLayers'];

/** As in TensorFlow.js: "batch_input_shape" becomes "batchInputShape". */
const camelCase = (text: string) =>
  text.length > 1 ? text.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase()) : text;

/**
 * A topology with its keys and values in camel case, as TensorFlow.js converts it when it loads a model
 * (convertPythonicToTs in its utils/serialization_utils.ts, which it does not export). Names stay as they are.
 */
export function fromPythonicConfig(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return camelCase(value);
  if (Array.isArray(value))
    return value.map((item: unknown, i) =>
      i === 0 && typeof item === 'string' && LISTS_OF_NAMES.includes(key)
        ? item
        : fromPythonicConfig(item, key),
    );
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const newName = camelCase(name);
      const isName = name === 'name' && typeof item === 'string';
      return [newName, isName ? item : fromPythonicConfig(item, newName)];
    }),
  );
}
