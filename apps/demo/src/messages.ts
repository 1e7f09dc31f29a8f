import type { EpochRecord, FeatureMaps, Heatmap, ImageSet, ModelSummary, Prediction } from '@convlens/core';
import type { ModelCard } from '@convlens/pretrained';
import type { TrainingProgress } from '@convlens/training-callbacks';
import type { Settings } from './settings.js';

/** An image and a layer that the reader looks at. */
export interface View {
  /** Where the image stands among those that the network is given. */
  readonly index: number;
  readonly layer: string;
}

/** What the network, as it is now, makes of the images that it is given, and of one of them in particular. */
export interface Sight {
  /** Of every image. */
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
  | { readonly kind: 'open-file'; readonly file: File }
  /** Look into this pretrained one, unless another is asked for before its turn comes. */
  | { readonly kind: 'open-pretrained'; readonly name: string }
  /** Look into the network that is trained here again. */
  | { readonly kind: 'close' }
  /** Give the network these pictures too, whichever it is. */
  | { readonly kind: 'add'; readonly files: readonly File[] };

/** What the worker tells the page. */
export type Report =
  /** The worker can train. The images are those that are shown, and the cards those of the networks that can be opened. */
  | {
      readonly kind: 'ready';
      readonly images: ImageSet;
      readonly model: ModelSummary;
      readonly cards: readonly ModelCard[];
    }
  | ({ readonly kind: 'opened' } & Opened)
  | { readonly kind: 'refused'; readonly message: string }
  /** Another network was asked for meanwhile. */
  | { readonly kind: 'passed-over' }
  /** The pictures named in `added` stand behind the images that were there; each other one has its problem. */
  | {
      readonly kind: 'pictures';
      readonly images: ImageSet;
      readonly added: readonly string[];
      readonly problems: readonly string[];
    }
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'epoch'; readonly history: readonly EpochRecord[] }
  /** Training is over, because all epochs are done or because it was stopped. */
  | { readonly kind: 'ended'; readonly isStopped: boolean }
  | ({ readonly kind: 'sight' } & Sight)
  | { readonly kind: 'failed'; readonly message: string };

/** The network that is looked into from now on: a pretrained one if it has a card, one from a file if `file` names it. */
export interface Opened {
  /** As it is given them: the test images, then the reader's own pictures. */
  readonly images: ImageSet;
  readonly model: ModelSummary;
  readonly card?: ModelCard;
  readonly file?: string;
  readonly notes: readonly string[];
}
