import type {
  EpochRecord,
  FeatureMaps,
  Heatmap,
  ImageSet,
  ModelCard,
  ModelSummary,
  Prediction,
} from '@convlens/core';
import type { TrainingProgress } from '@convlens/training-callbacks';
import type { TrainingSettings } from './training-settings.js';

/** The image and the layer that the user selected. */
export interface Selection {
  /** The index of the image in the inputs of the model. */
  readonly index: number;
  readonly layer: string;
}

/** What the page shows of the current weights of a model. */
export interface Inspection {
  /** One per image. */
  readonly predictions: readonly Prediction[];
  /** Of the selected image and layer. */
  readonly maps: FeatureMaps;
  /** Of the selected image, for its predicted class. */
  readonly heatmap: Heatmap;
}

/** From the page to the worker. */
export type WorkerRequest =
  /** Resumes the run after its last complete epoch, or starts a new run. */
  | { readonly kind: 'train'; readonly settings: TrainingSettings; readonly resume: boolean }
  | { readonly kind: 'stop' }
  | ({ readonly kind: 'inspect' } & Selection)
  /** Opens a Keras file. */
  | { readonly kind: 'open-file'; readonly file: File }
  /** Opens a pretrained model, unless another model is requested before its turn comes. */
  | { readonly kind: 'open-pretrained'; readonly name: string }
  /** Returns to the model that is trained here. */
  | { readonly kind: 'close-model' }
  /** Adds images to the inputs of this model and of every model that is opened later. */
  | { readonly kind: 'add-images'; readonly files: readonly File[] };

/** From the worker to the page. */
export type WorkerMessage =
  /** The worker can train; with the test images and the cards of the pretrained models. */
  | {
      readonly kind: 'ready';
      readonly images: ImageSet;
      readonly summary: ModelSummary;
      readonly cards: readonly ModelCard[];
    }
  | ({ readonly kind: 'model-opened' } & OpenedModelSummary)
  | { readonly kind: 'open-failed'; readonly message: string }
  /** Another model was requested in the meantime. */
  | { readonly kind: 'open-superseded' }
  /** The inputs of the model, with the images named in `added` at their end; one error per file that failed. */
  | {
      readonly kind: 'images-added';
      readonly images: ImageSet;
      readonly added: readonly string[];
      readonly errors: readonly string[];
    }
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'epoch'; readonly history: readonly EpochRecord[] }
  /** All epochs are done, or training was stopped. */
  | { readonly kind: 'training-ended'; readonly isStopped: boolean }
  | ({ readonly kind: 'inspection' } & Inspection)
  /** The worker cannot continue. */
  | { readonly kind: 'error'; readonly message: string };

/** The model that is inspected from now on: pretrained (with a card), from a file, or the one that is trained here. */
export interface OpenedModelSummary {
  /** The inputs of the model: the test images, then the user's images. */
  readonly images: ImageSet;
  readonly summary: ModelSummary;
  readonly card?: ModelCard;
  /** The name of the file. */
  readonly file?: string;
  readonly warnings: readonly string[];
}
