import { describe, expect, it } from 'vitest';
import { InputError } from '@convlens/core';
import { parseMonitor } from '../src/index.js';

describe('parseMonitor', () => {
  it.each(['loss', 'val_loss'])('takes a lower %s for better', (name) =>
    expect(parseMonitor(name).direction).toBe('min'),
  );

  it.each(['accuracy', 'acc', 'val_accuracy', 'val_acc'])('takes a higher %s for better', (name) =>
    expect(parseMonitor(name).direction).toBe('max'),
  );

  it('does not guess the direction of any other metric, but takes it from mode', () => {
    expect(() => parseMonitor('val_f1')).toThrow(
      new InputError('Expected mode to be one of min, max with monitor "val_f1", got "auto"'),
    );
    expect(parseMonitor('val_f1', { mode: 'max' }).direction).toBe('max');
    expect(parseMonitor('loss', { mode: 'max' }).direction).toBe('max');
  });

  it('refuses a mode, a change or a name that is none', () => {
    expect(() => parseMonitor('loss', { mode: 'up' as 'max' })).toThrow(
      new InputError('Expected mode to be one of auto, min, max, got "up"'),
    );
    expect(() => parseMonitor('loss', { minDelta: NaN })).toThrow(
      'Expected minDelta to be a number, got NaN',
    );
    expect(() => parseMonitor(3 as unknown as string)).toThrow('Expected monitor to be the name of a metric');
  });

  it('asks for more than minDelta, whose sign does not matter', () => {
    for (const minDelta of [0.25, -0.25]) {
      const lower = parseMonitor('loss', { minDelta });
      expect([0.75, 0.74].map((value) => lower.improves(value, 1))).toEqual([false, true]);
      const higher = parseMonitor('acc', { minDelta });
      expect([0.75, 0.76].map((value) => higher.improves(value, 0.5))).toEqual([false, true]);
    }
  });

  it('finds any number better than none, and NaN never better', () => {
    const { improves } = parseMonitor('loss');
    expect(improves(Infinity, undefined)).toBe(true);
    expect(improves(NaN, undefined)).toBe(false);
    expect(improves(NaN, 1)).toBe(false);
  });

  it('reads accuracy under either name, and prefers the one it was given', async () => {
    expect(await parseMonitor('val_accuracy').read({ val_acc: 0.5 })).toBe(0.5);
    expect(await parseMonitor('acc').read({ accuracy: 0.5 })).toBe(0.5);
    expect(await parseMonitor('acc').read({ accuracy: 0.5, acc: 0.25 })).toBe(0.25);
  });

  it('says which metrics are logged when its own is not', async () => {
    await expect(parseMonitor('val_loss').read({ loss: 1, acc: 0.5 })).rejects.toThrow(
      new InputError('Expected monitor to be a logged metric (loss, acc), got "val_loss"'),
    );
    await expect(parseMonitor('val_loss').read({})).rejects.toThrow('a logged metric (nothing)');
  });
});
