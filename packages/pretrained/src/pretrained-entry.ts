import type { ModelCard } from '@convlens/core';

/** A pretrained model of this package. */
export interface PretrainedEntry<Id extends string> {
  readonly card: ModelCard & { readonly id: Id };
  /** Imports the module that holds the safetensors file in base64. */
  loadWeights(): Promise<{ readonly base64: string }>;
}
