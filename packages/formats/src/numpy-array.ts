/** A NumPy array as a file stores it. */
export class NumpyArray {
  /** The length of each axis; [] for a single value. */
  shape: readonly number[] = [];
  /** The type of the elements as NumPy's `dtype.str`: "|u1" (bytes), "<f4" (little-endian float32) ... */
  dtype = '';
  /** Whether the first axis varies fastest in `bytes`; false if the last axis does (C order). */
  fortranOrder = false;
  /** The elements. A pickle may hold something else here: check it. */
  bytes: unknown;
}
