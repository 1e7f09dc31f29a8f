import type { EpochRecord, FeatureMaps, Heatmap, ImageSet, ModelSummary, Prediction } from '@convlens/core';
import type { TrainingProgress } from '@convlens/training-callbacks';
import type { Settings } from './settings.js';

/** An image and a layer that the reader looks at. */
export interface View {
  /** Where the image stands among the test images that are shown. */
  readonly index: number;
  readonly layer: string;
}

/** What the network, as it is now, makes of the test images that are shown, and of one of them in particular. */
export interface Sight {
  /** Of every image that is shown. */
  readonly predictions: readonly Prediction[];
  readonly maps: FeatureMaps;
  /** Where the network looks for the class it predicts. */
  readonly heatmap: Heatmap;
}

/** What the page asks of the worker. */
export type Request =
  /** Go on with the run from its last whole epoch, or begin a new one. */
  | { readonly kind: 'train'; readonly settings: Settings; readonly goOn: boolean }
  | { readonly kind: 'stop' }
  | ({ readonly kind: 'look' } & View)
  /** Look into the network in a file of Keras instead. */
  | { readonly kind: 'open'; readonly name: string; readonly bytes: Uint8Array }
  /** Look into the network that is trained here again. */
  | { readonly kind: 'close' };

/** What the worker tells the page. */
export type Report =
  /** The worker can train. The images are those that are shown. */
  | { readonly kind: 'ready'; readonly images: ImageSet; readonly model: ModelSummary }
  /** Another network is looked into from now on, one from a file if `file` names it; its images are those it is given. */
  | {
      readonly kind: 'opened';
      readonly images: ImageSet;
      readonly model: ModelSummary;
      readonly file?: string;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'epoch'; readonly history: readonly EpochRecord[] }
  /** Training is over, because all epochs are done or because it was stopped. */
  | { readonly kind: 'ended'; readonly isStopped: boolean }
  | ({ readonly kind: 'sight' } & Sight)
  | { readonly kind: 'failed'; readonly message: string };
