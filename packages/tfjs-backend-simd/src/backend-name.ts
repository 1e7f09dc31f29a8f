/** The name under which the backend is registered: `tf.setBackend(BACKEND_NAME)`. */
export const BACKEND_NAME = 'simd';
