/** The name of the backend. */
export const BACKEND = 'simd';
