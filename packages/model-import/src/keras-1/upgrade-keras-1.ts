import { isObject } from '../keras/json.js';

type Config = Readonly<Record<string, unknown>>;

/** A class and a config of Keras 2. */
interface Upgraded {
  readonly className: string;
  readonly config: Config;
}

/** Keys of Keras 1 with their names in Keras 2. */
const RENAMED_KEYS: Readonly<Record<string, string>> = {
  atrous_rate: 'dilation_rate',
  bias: 'use_bias',
  border_mode: 'padding',
  filter_length: 'kernel_size',
  length: 'size',
  nb_filter: 'filters',
  p: 'rate',
  pool_length: 'pool_size',
  sigma: 'stddev',
  stride: 'strides',
  subsample: 'strides',
  subsample_length: 'strides',
};

/** Classes of Keras 1 with their names in Keras 2. */
const RENAMED_CLASSES: Readonly<Record<string, string>> = {
  AtrousConvolution1D: 'Conv1D',
  AtrousConvolution2D: 'Conv2D',
  Convolution1D: 'Conv1D',
  Convolution2D: 'Conv2D',
  Deconvolution2D: 'Conv2DTranspose',
  SeparableConvolution2D: 'SeparableConv2D',
};

/** The layers that replace Merge, by its mode. The mode "cos" has another output shape in Keras 2. */
const MERGE_CLASSES: Readonly<Record<string, string>> = {
  ave: 'Average',
  concat: 'Concatenate',
  dot: 'Dot',
  max: 'Maximum',
  mul: 'Multiply',
  sum: 'Add',
};

function renameKeys(config: Config): Config {
  const entries = Object.entries(config).map(([key, value]) => [RENAMED_KEYS[key] ?? key, value] as const);
  const { dim_ordering: ordering, nb_row: rows, nb_col: columns, ...rest } = Object.fromEntries(entries);
  return {
    ...rest,
    ...(rows !== undefined && { kernel_size: [rows, columns] }),
    ...(ordering === 'th' && { data_format: 'channels_first' }),
  };
}

/** Changes beyond names, by the class of Keras 1. */
const UPGRADES: Readonly<Record<string, (config: Config) => Partial<Upgraded>>> = {
  Dense({ output_dim: units, input_dim: size, ...config }) {
    const shape = config.batch_input_shape ?? (size === undefined ? undefined : [null, size]);
    return { config: { ...config, units, ...(shape !== undefined && { batch_input_shape: shape }) } };
  },
  Merge({ mode, concat_axis: axis = -1, dot_axes: axes, name, trainable }) {
    const className = typeof mode === 'string' ? MERGE_CLASSES[mode] : undefined;
    return className === undefined ? {} : { className, config: { name, trainable, axis, axes } };
  },
  ZeroPadding1D: ({ padding, ...config }) => ({
    config: {
      ...config,
      padding: isObject(padding) ? [padding.left_pad ?? 0, padding.right_pad ?? 0] : padding,
    },
  }),
  ZeroPadding2D: ({ padding, ...config }) => ({ config: { ...config, padding: margins2d(padding) } }),
};

/** Keras 1 takes two numbers, four (top, bottom, left, right), or four by name. */
function margins2d(padding: unknown): unknown {
  const sides = isObject(padding)
    ? ['top_pad', 'bottom_pad', 'left_pad', 'right_pad'].map((side) => padding[side] ?? 0)
    : (padding as unknown[]);
  if (!Array.isArray(sides) || sides.length !== 4) return padding;
  return [sides.slice(0, 2), sides.slice(2)];
}

/** Whether a config has names of Keras 1: files of its early versions do not say their version. */
export const isKeras1Config = (text: string): boolean =>
  /"(border_mode|dim_ordering|nb_filter|output_dim|W_regularizer)":/.test(text);

/**
 * The description of a model or layer of Keras 1 in the terms of Keras 2: other class names, option names and merge layers
 * (the documentation of Keras 1.2, and its list of changes in Keras 2). Anything that it does not know stays as it is, and
 * is refused as an unknown class or option.
 */
export function upgradeKeras1(json: unknown): unknown {
  if (!isObject(json) || typeof json.class_name !== 'string') return json;
  const { class_name: name, config } = json;
  if (Array.isArray(config)) return { ...json, config: config.map(upgradeKeras1) };
  if (!isObject(config)) return json;
  if (Array.isArray(config.layers))
    return { ...json, config: { ...config, layers: config.layers.map(upgradeKeras1) } };
  const renamed = renameKeys(config);
  const upgraded = Object.hasOwn(UPGRADES, name) ? UPGRADES[name](renamed) : {};
  return {
    ...json,
    class_name: upgraded.className ?? RENAMED_CLASSES[name] ?? name,
    config: upgraded.config ?? renamed,
  };
}
