/**
 * The activations that product and convolution kernels apply to their results, with the codes of the kernels.
 */
export const ACTIVATION_CODES = { linear: 0, relu: 1, relu6: 2 } as const;

export type FusedActivation = keyof typeof ACTIVATION_CODES;

export const isFusedActivation = (name: string): name is FusedActivation =>
  Object.hasOwn(ACTIVATION_CODES, name);
