import type { ModelCard } from './model-card.js';

/** A network of this package: its card, and what loads its weights. */
export interface Network {
  readonly card: ModelCard;
  /** The safetensors file, in base64. */
  weights(): Promise<{ readonly base64: string }>;
}
