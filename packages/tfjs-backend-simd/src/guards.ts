import { showValue } from './show-value.js';

let areSet = false;

/**
 * Puts a block of poisoned words before and after each allocation from now on, and checks them after each call of a
 * kernel; poisons memory before its first use and after its release. A kernel that writes outside its tensors throws an
 * error, and one that reads outside them gives NaN. For tests of kernels: calls become about ten times as slow.
 *
 * @throws RangeError if `isOn` is not a boolean
 */
export function setGuards(isOn: boolean): void {
  if (typeof isOn !== 'boolean')
    throw new RangeError(`Expected isOn to be true or false, got ${showValue(isOn)}`);
  areSet = isOn;
}

/** Whether guards are set. */
export const areGuardsSet = (): boolean => areSet;
