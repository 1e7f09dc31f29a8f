/**
 * The first value of chunk `chunk` of `chunks` of `length` values, a multiple of 4; the chunk ends where the
 * next one starts.
 */
// @ts-ignore: decorator
@inline
export function alignedChunkStart(length: i32, chunk: i32, chunks: i32): i32 {
  if (chunk >= chunks) return length;
  return ((length / chunks) & ~3) * chunk;
}

/**
 * The first of the `count` units of work of chunk `chunk` of `chunks`; the chunk ends where the next one
 * starts.
 */
// @ts-ignore: decorator
@inline
export function chunkStart(count: i32, chunk: i32, chunks: i32): i32 {
  return (((count as i64) * chunk) / chunks) as i32;
}
