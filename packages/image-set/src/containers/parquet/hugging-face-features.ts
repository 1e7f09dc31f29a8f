import type { KeyValue } from 'hyparquet';

/** What the metadata of Hugging Face's datasets says of the columns. */
export interface Features {
  readonly images: readonly string[];
  readonly labels: readonly string[];
  namesOf(column: string): readonly string[] | undefined;
}

const KEY = 'huggingface';

/** Reads the features of a data set: columns of images, and those of classes with their names. Without metadata there are none. */
export function readFeatures(metadata: readonly KeyValue[] | undefined): Features {
  const text = metadata?.find(({ key }) => key === KEY)?.value;
  const features = Object.entries(featuresIn(text));
  const ofType = (type: string) =>
    features.flatMap(([column, feature]) => (fieldOf(feature, '_type') === type ? [column] : []));
  return {
    images: ofType('Image'),
    labels: ofType('ClassLabel'),
    namesOf(column) {
      const names = fieldOf(features.find(([name]) => name === column)?.[1], 'names');
      return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
    },
  };
}

function featuresIn(text: string | undefined): object {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Damaged metadata says nothing; columns are found by their types then.
    return {};
  }
  const features = fieldOf(fieldOf(value, 'info'), 'features');
  return typeof features === 'object' && features !== null ? features : {};
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
