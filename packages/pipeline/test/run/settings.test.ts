import { describe, expect, it } from 'vitest';
import { defaultSettings, expectSettings, type RunSettings } from '../../src/index.js';

describe('expectSettings', () => {
  const expectRefused = (change: Partial<RunSettings>) =>
    expect(() => expectSettings({ ...defaultSettings, data: 'shapes', model: 'shapes-3conv', ...change }));

  it('refuses a setting that is out of range, with its name, its range and its value', () => {
    expectRefused({ stepsPerEpoch: 0 }).toThrow('Expected stepsPerEpoch to be an integer >= 1, got 0');
    expectRefused({ validateEvery: 11 }).toThrow(
      'Expected validateEvery to be an integer from 1 to 10, got 11',
    );
    expectRefused({ weightDecay: -1 }).toThrow('Expected weightDecay to be a number >= 0, got -1');
    expectRefused({ momentum: 0.9 }).toThrow(
      'Expected the optimizer momentum or nesterov with momentum, got adam',
    );
    expectRefused({ biasScale: 2 }).toThrow(
      'Expected the optimizer sgd, momentum or nesterov with biasScale, got adam',
    );
    expectRefused({ fit: 'pad' }).toThrow(
      'Expected the setting fit only for a folder of images, got it for shapes',
    );
    expectRefused({ data: './a', fit: 'fill' as 'pad' }).toThrow(
      'Expected fit to be one of stretch, center-crop, pad, got "fill"',
    );
    expectRefused({ data: './a', size: { height: 0, width: 3 } }).toThrow('Expected size.height to be an');
    expectRefused({ data: './a', background: [0, 0, 256] }).toThrow(
      'Expected background[2] to be an integer',
    );
    expectRefused({ data: './a', labels: 'a.csv:id' }).toThrow(
      'Expected labels to be FILE or FILE:ID,LABEL, such as labels.csv or labels.csv:id,label, got "a.csv:id"',
    );
    expectRefused({ whiten: 1 as never }).toThrow('Expected whiten to be true or false, got 1');
    expectRefused({ classWeights: { 3: -1 } }).toThrow(
      'Expected classWeights[3] to be a number >= 0, got -1',
    );
    expectRefused({ plateau: { factor: 1, patience: 5 } }).toThrow(
      'Expected plateau.factor to be below 1, got 1',
    );
    expectRefused({ labelSmoothing: 1 }).toThrow('Expected labelSmoothing to be below 1, got 1');
    expectRefused({ preprocessing: 'none' as 'unit' }).toThrow(
      'one of unit, centered, standardized, got "none"',
    );
    expectRefused({ optimizer: 'adagrad' as 'adam' }).toThrow(
      'one of adam, momentum, nesterov, rmsprop, sgd, got "adagrad"',
    );
    expectRefused({ schedule: 'one-cycle' }).toThrow('Expected either a schedule or a plateau');
    expectRefused({ plateau: null, schedule: 'up' }).toThrow(
      /Expected a schedule, one of one-cycle.*there is no "up"/,
    );
  });

  it('refuses an unknown setting and names the nearest', () => {
    expectRefused({ learingRate: 0.1 } as never).toThrow(/got "learingRate"; did you mean learningRate\?/);
  });

  it('accepts the data sets of the option datasets', () => {
    const settings = { ...defaultSettings, data: 'mine', model: 'shapes-3conv' };
    const load = () => Promise.reject(new Error('not loaded'));
    const mine = { id: 'mine', title: 'my own', classNames: [], needsFiles: false, load } as const;
    expect(() => expectSettings(settings)).toThrow(/Expected data to be one of shapes, .*got "mine"/);
    expect(expectSettings(settings, { datasets: [mine] })).toBe(settings);
  });
});
