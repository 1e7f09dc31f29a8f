import { expectSettings, recipes } from '@convlens/pipeline';
import { describe, expect, it } from 'vitest';
import { resumedSettings, settingsOf } from '../src/options.js';
import { createProgram } from '../src/program.js';
import { convlens } from './convlens.js';

const flags = (...args: string[]) => {
  const command = createProgram().commands.find((one) => one.name() === 'train')!;
  command.parseOptions(args);
  return command.opts();
};

describe('the settings of a run', () => {
  it.each(Object.keys(recipes))('are those of the recipe %s where nothing else is typed', (name) => {
    expect(settingsOf(flags('--recipe', name) as never)).toMatchObject(recipes[name as 'A']);
  });

  it('are each replaced by what is typed', () => {
    const typed = [
      ...['--recipe', 'A', '--steps-per-epoch', '7', '--validate-every', '2', '--label-smoothing', '0.1'],
      ...['--preprocessing', 'standardized', '--patience', 'none', '--optimizer', 'momentum', '--lr', '0.2'],
    ];
    expect(settingsOf(flags(...typed) as never)).toEqual({
      ...recipes.A,
      stepsPerEpoch: 7,
      validateEvery: 2,
      labelSmoothing: 0.1,
      preprocessing: 'standardized',
      patience: null,
      optimizer: 'momentum',
      learningRate: 0.2,
    });
  });

  it('have one thing that moves the learning rate: a schedule that is typed ends the plateau, and the other way round', () => {
    const scheduled = settingsOf(flags('--recipe', 'A', '--schedule', 'cosine') as never);
    expect([scheduled.schedule, scheduled.plateau]).toEqual(['cosine', null]);
    const plateau = settingsOf(flags('--recipe', 'resnet20-one-cycle', '--plateau', '0.5:3') as never);
    expect([plateau.schedule, plateau.plateau]).toEqual([undefined, { factor: 0.5, patience: 3 }]);
  });

  it('are those of the recipe but for what it says of an optimizer that is not taken', () => {
    const settings = settingsOf(flags('--recipe', 'cifar10-fast', '--optimizer', 'adam') as never);
    expect([settings.momentum, settings.biasScale]).toEqual([undefined, undefined]);
    expect(settings.weightDecay).toBe(recipes['cifar10-fast'].weightDecay);
    expect(() => expectSettings(settings)).not.toThrow();
  });

  it('hold every ingredient of a recipe of ours, each with an option of its own', () => {
    const typed = [
      ...['--recipe', 'cifar10-fast', '--momentum', '0.9', '--weight-decay', '0.001', '--bias-scale', '1'],
      ...['--no-whiten', '--class-weights', '3=2, 5=0.5'],
    ];
    expect(settingsOf(flags(...typed) as never)).toEqual({
      ...recipes['cifar10-fast'],
      momentum: 0.9,
      weightDecay: 0.001,
      biasScale: 1,
      whiten: false,
      classWeights: { 3: 2, 5: 0.5 },
    });
    expect(settingsOf(flags('--recipe', 'A', '--whiten') as never).whiten).toBe(true);
    expect(settingsOf(flags('--recipe', 'A') as never).whiten).toBe(undefined);
    expect(settingsOf(flags('--recipe', 'A', '--class-weights', 'none') as never).classWeights).toEqual({});
  });

  it.each(['3', '3=2=1', 'cat=2', '3=2,3=1', '-1=2', ''])('refuse the class weights %j', (text) => {
    expect(() => settingsOf(flags('--recipe', 'A', `--class-weights=${text}`) as never)).toThrow(
      'Expected --class-weights CLASS=WEIGHT,..., each class once, such as 3=2,5=0.5',
    );
  });

  it('of a run that goes on are its own, and what is typed must agree with them', () => {
    const saved = recipes.A;
    expect(resumedSettings(flags('--plateau', '0.5:5', '--epochs', '60') as never, saved)).toEqual({
      ...saved,
      epochs: 60,
    });
    expect(() => resumedSettings(flags('--plateau', '0.5:4') as never, saved)).toThrow(
      'Expected plateau to be {"factor":0.5,"patience":5}, as the run that is resumed has it, got {"factor":0.5,"patience":4}',
    );
  });

  it('are refused where a text is no plateau', () => {
    expect(() => settingsOf(flags('--recipe', 'A', '--plateau', '5') as never)).toThrow(
      'Expected --plateau FACTOR:EPOCHS',
    );
  });
});

it('lists each recipe with a line on what it is', async () => {
  const lines = (await convlens('list', 'recipes')).stdout.trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(recipes));
  expect(lines.find((line) => line.startsWith('A '))).toMatch(/^A +the six-convolution report .*84\.98%/);
});
