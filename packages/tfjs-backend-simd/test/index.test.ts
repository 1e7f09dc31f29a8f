import { expect, it } from 'vitest';
import * as simd from '../src/index.js';

/** A call with a wrong argument for each exported function that takes one. None has an options object. */
const WRONG_CALLS: Record<string, () => unknown> = {
  setGuards: () => simd.setGuards({ isOn: true } as never),
  setConvolutionMethod: () => simd.setConvolutionMethod({ method: 'direct' } as never),
  setThreadsCount: () => simd.setThreadsCount({ count: 2 } as never),
};

const WITHOUT_ARGUMENTS = ['getConvolutionMethod', 'getStartError', 'getThreadsCount'];

const functionNames = Object.entries(simd)
  .filter(([, value]) => typeof value === 'function')
  .map(([name]) => name)
  .filter((name) => !WITHOUT_ARGUMENTS.includes(name));

it.each(functionNames)('%s refuses an object in place of its argument', async (name) => {
  const error = await Promise.resolve()
    .then(WRONG_CALLS[name])
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toMatch(/^Expected \w+ to be .*, got Object$/);
});
