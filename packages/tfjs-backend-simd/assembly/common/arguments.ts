/** A 32-bit argument of a kernel: an address or an integer. */
// @ts-ignore: decorator
@inline
export function arg(p: usize, i: i32): i32 { return load<i32>(p + (i << 2)); }

/** A float argument. */
// @ts-ignore: decorator
@inline
export function argFloat(p: usize, i: i32): f32 { return load<f32>(p + (i << 2)); }
