import { formatCount } from '@convlens/core';
import type { RunSettings } from '@convlens/pipeline';

/** The numbers of images of a run. */
export interface ImageCounts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

interface Setup {
  readonly scale: number;
  readonly settings: RunSettings;
  readonly images: ImageCounts;
  /** The caveat of the data set. */
  readonly dataCaveat?: string;
}

/** Why the results of a run cannot be compared with the project; undefined if they can. */
export function setupCaveat({ scale, settings, images, dataCaveat }: Setup): string | undefined {
  const trainingImages = formatCount(images.train + images.validation, 'training image');
  const scaleCaveat =
    scale < 1 &&
    `A quick test at scale ${scale}: ${trainingImages}, ${formatCount(settings.epochs, 'epoch')}, ` +
      `${formatCount(images.test, 'test image')}. It is not comparable with the project.`;
  return [scaleCaveat, dataCaveat].filter(Boolean).join(' ') || undefined;
}
