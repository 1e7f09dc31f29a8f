/** The quotient of two positive integers, rounded up. */
export const ceilDivide = (value: number, by: number): number => Math.floor((value + by - 1) / by);
