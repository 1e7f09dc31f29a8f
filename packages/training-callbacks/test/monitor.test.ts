import { describe, expect, it } from 'vitest';
import { InputError } from '@convlens/core';
import { createMonitor } from '../src/index.js';

describe('createMonitor', () => {
  it.each(['loss', 'val_loss'])('minimizes %s', (name) => expect(createMonitor(name).direction).toBe('min'));

  it.each(['accuracy', 'acc', 'val_accuracy', 'val_acc'])('maximizes %s', (name) =>
    expect(createMonitor(name).direction).toBe('max'),
  );

  it('requires mode for any other metric', () => {
    expect(() => createMonitor('val_f1')).toThrow(
      new InputError(
        'Expected monitor to be loss, accuracy or acc, also with val_, got "val_f1": with another metric, set mode to min or max',
      ),
    );
    expect(createMonitor('val_f1', { mode: 'max' }).direction).toBe('max');
    expect(createMonitor('loss', { mode: 'max' }).direction).toBe('max');
  });

  it('refuses an invalid mode, minDelta or name', () => {
    expect(() => createMonitor('loss', { mode: 'up' as 'max' })).toThrow(
      new InputError('Expected mode to be one of auto, min, max, got "up"'),
    );
    expect(() => createMonitor('loss', { minDelta: NaN })).toThrow(
      'Expected minDelta to be a number, got NaN',
    );
    expect(() => createMonitor(3 as unknown as string)).toThrow(
      'Expected monitor to be the name of a metric',
    );
  });

  it('requires a change above minDelta, whose sign is ignored', () => {
    for (const minDelta of [0.25, -0.25]) {
      const lower = createMonitor('loss', { minDelta });
      expect([0.75, 0.74].map((value) => lower.isImprovement(value, 1))).toEqual([false, true]);
      const higher = createMonitor('acc', { minDelta });
      expect([0.75, 0.76].map((value) => higher.isImprovement(value, 0.5))).toEqual([false, true]);
    }
  });

  it('treats any number as better than undefined, and NaN as never better', () => {
    const { isImprovement } = createMonitor('loss');
    expect(isImprovement(Infinity, undefined)).toBe(true);
    expect(isImprovement(NaN, undefined)).toBe(false);
    expect(isImprovement(NaN, 1)).toBe(false);
  });

  it('reads accuracy by either name, and prefers its own name', async () => {
    expect(await createMonitor('val_accuracy').read({ val_acc: 0.5 })).toBe(0.5);
    expect(await createMonitor('acc').read({ accuracy: 0.5 })).toBe(0.5);
    expect(await createMonitor('acc').read({ accuracy: 0.5, acc: 0.25 })).toBe(0.25);
  });

  it('lists the logged metrics if its own is missing', async () => {
    await expect(createMonitor('val_loss').read({ loss: 1, acc: 0.5 })).rejects.toThrow(
      new InputError('Expected monitor to be a logged metric (loss, acc), got "val_loss"'),
    );
    await expect(createMonitor('val_loss').read({})).rejects.toThrow('a logged metric (nothing)');
  });
});
