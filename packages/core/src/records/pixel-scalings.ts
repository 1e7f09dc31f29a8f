import { InputError } from '../guards/input-error.js';
import { expectObject, expectString } from '../guards/values.js';
import { findEntry, idsOf, type RegistryEntry } from '../registry.js';
import { IDENTITY, UNIT_RANGE, type Preprocessing } from './preprocessing.js';

/** A usual preprocessing under a name. */
export interface PixelScaling extends RegistryEntry {
  /** One line for lists. */
  readonly title: string;
  /** The map from pixels to model inputs. */
  readonly preprocessing: Preprocessing;
}

/** -1 to 1. */
const CENTERED: Preprocessing = { scale: 1 / 127.5, mean: [1], std: [1] };

/** The usual preprocessings: ranges of the model inputs, and the three modes of `preprocess_input` of Keras applications. */
export const PIXEL_SCALINGS: readonly PixelScaling[] = [
  { id: '0..1', title: 'pixels / 255', preprocessing: UNIT_RANGE },
  { id: '0..255', title: 'pixels unchanged', preprocessing: IDENTITY },
  { id: '-1..1', title: 'pixels / 127.5 - 1', preprocessing: CENTERED },
  { id: '-0.5..0.5', title: 'pixels / 255 - 0.5', preprocessing: { scale: 1 / 255, mean: [0.5], std: [1] } },
  {
    id: 'tf',
    title: '-1..1, as Keras applications in the mode tf (MobileNet, Xception)',
    preprocessing: CENTERED,
  },
  {
    id: 'caffe',
    title: 'BGR minus the mean of ImageNet, as Keras applications in the mode caffe (ResNet, VGG)',
    preprocessing: { scale: 1, mean: [103.939, 116.779, 123.68], std: [1], channelOrder: 'bgr' },
  },
  {
    id: 'torch',
    title: 'standardized by ImageNet, as torchvision and Keras applications in the mode torch (DenseNet)',
    preprocessing: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
];

/** The same scaling for channels in the other order. */
function reversed({ scale, mean, std, channelOrder }: Preprocessing): Preprocessing {
  const channels = { scale, mean: [...mean].reverse(), std: [...std].reverse() };
  return channelOrder === 'bgr' ? channels : { ...channels, channelOrder: 'bgr' };
}

/**
 * The preprocessing of a name in `PIXEL_SCALINGS`, with a channel order behind it if it is not the usual one: "0..255", "caffe",
 * "0..1,bgr".
 *
 * @throws InputError for an unknown name; it lists the names.
 */
export function parsePixelScaling(text: string): Preprocessing {
  expectString('text', text);
  const [name, order, ...rest] = text.split(',').map((part) => part.trim());
  const isOrder = order === undefined || order === 'rgb' || order === 'bgr';
  if (!isOrder || rest.length > 0)
    throw new InputError(
      `Expected pixels to be one of ${idsOf(PIXEL_SCALINGS).join(', ')}, alone or followed by ,rgb or ,bgr, ` +
        `got ${JSON.stringify(text)}`,
    );
  const { preprocessing } = findEntry('pixels', name, PIXEL_SCALINGS);
  const { channelOrder = 'rgb' } = preprocessing;
  return order === undefined || order === channelOrder ? preprocessing : reversed(preprocessing);
}

/** Factor and offset of each channel: scale / std, -mean / std. */
function coefficients({ scale, mean, std }: Preprocessing): number[] {
  return [0, 1, 2].flatMap((c) => {
    const [center, deviation] = [mean, std].map((values) => values[c % values.length]);
    return [scale / deviation, -center / deviation];
  });
}

/** Numbers from files and formulas differ by rounding. */
const TOLERANCE = 1e-6;

/** The text that `parsePixelScaling` reads as this preprocessing; undefined if no name stands for it. */
export function formatPixelScaling(preprocessing: Preprocessing): string | undefined {
  expectObject('preprocessing', preprocessing);
  const { channelOrder = 'rgb' } = preprocessing;
  const wanted = coefficients(preprocessing);
  const texts = idsOf(PIXEL_SCALINGS).flatMap((id) => [id, `${id},rgb`, `${id},bgr`]);
  return texts.find((text) => {
    const candidate = parsePixelScaling(text);
    const sameOrder = (candidate.channelOrder ?? 'rgb') === channelOrder;
    const values = coefficients(candidate);
    return (
      sameOrder &&
      wanted.every((value, i) => Math.abs(value - values[i]) <= TOLERANCE * Math.max(1, Math.abs(value)))
    );
  });
}
