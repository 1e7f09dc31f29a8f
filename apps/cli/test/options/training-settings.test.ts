import { expectSettings, findRecipe } from '@convlens/pipeline';
import { ALL_RECIPES } from '@convlens/reproduce';
import { describe, expect, it } from 'vitest';
import { newRunSettings, resumedSettings } from '../../src/options/training-settings.js';
import { createProgram } from '../../src/program.js';

const flags = (...args: string[]) => {
  const command = createProgram().commands.find((one) => one.name() === 'train')!;
  command.parseOptions(args);
  return command.opts();
};

const recipeOf = (id: string) => findRecipe(id, ALL_RECIPES).settings;

describe('the settings of a run', () => {
  it.each(ALL_RECIPES)('are those of the recipe $id without other options', ({ id, settings }) => {
    expect(newRunSettings(flags('--recipe', id) as never)).toMatchObject(settings);
  });

  it('are overridden by options', () => {
    const args = [
      ...['--recipe', 'A', '--steps-per-epoch', '7', '--validate-every', '2', '--label-smoothing', '0.1'],
      ...['--preprocessing', 'standardized', '--patience', 'none', '--optimizer', 'momentum', '--lr', '0.2'],
    ];
    expect(newRunSettings(flags(...args) as never)).toEqual({
      ...recipeOf('A'),
      stepsPerEpoch: 7,
      validateEvery: 2,
      labelSmoothing: 0.1,
      preprocessing: 'standardized',
      patience: null,
      optimizer: 'momentum',
      learningRate: 0.2,
    });
  });

  it('have a schedule or a plateau: the one on the command line replaces the one of the recipe', () => {
    const scheduled = newRunSettings(flags('--recipe', 'A', '--schedule', 'cosine') as never);
    expect([scheduled.schedule, scheduled.plateau]).toEqual(['cosine', null]);
    const plateau = newRunSettings(flags('--recipe', 'resnet20-one-cycle', '--plateau', '0.5:3') as never);
    expect([plateau.schedule, plateau.plateau]).toEqual([undefined, { factor: 0.5, patience: 3 }]);
  });

  it.each([
    ['./flowers', [], 'stratified:0.1'],
    ['/photos/mine', ['--recipe', 'A'], 'stratified:0.1'],
    ['..', [], 'stratified:0.1'],
    ['./flowers', ['--validation', 'first:0.2'], 'first:0.2'],
    ['shapes', [], 'first:0.1'],
    ['cifar10', ['--recipe', 'A'], 'first:0.1'],
  ])('hold out images of each class where the data set is a folder: %s %j', (data, args, validation) => {
    const settings = newRunSettings(flags('--data', data, '--model', 'shapes-3conv', ...args) as never);
    expect(settings.validation).toBe(validation);
  });

  it('lose the momentum and the bias scale of a recipe with another optimizer', () => {
    const settings = newRunSettings(flags('--recipe', 'cifar10-fast', '--optimizer', 'adam') as never);
    expect([settings.momentum, settings.biasScale]).toEqual([undefined, undefined]);
    expect(settings.weightDecay).toBe(recipeOf('cifar10-fast').weightDecay);
    expect(() => expectSettings(settings)).not.toThrow();
  });

  it('have an option for each setting of cifar10-fast', () => {
    const args = [
      ...['--recipe', 'cifar10-fast', '--momentum', '0.9', '--weight-decay', '0.001', '--bias-scale', '1'],
      ...['--no-whiten', '--class-weights', '3=2, 5=0.5'],
    ];
    expect(newRunSettings(flags(...args) as never)).toEqual({
      ...recipeOf('cifar10-fast'),
      momentum: 0.9,
      weightDecay: 0.001,
      biasScale: 1,
      whiten: false,
      classWeights: { 3: 2, 5: 0.5 },
    });
    expect(newRunSettings(flags('--recipe', 'A', '--whiten') as never).whiten).toBe(true);
    expect(newRunSettings(flags('--recipe', 'A') as never).whiten).toBe(undefined);
    expect(newRunSettings(flags('--recipe', 'A', '--class-weights', 'none') as never).classWeights).toEqual(
      {},
    );
  });

  it.each(['3', '3=2=1', 'cat=2', '3=2,3=1', '-1=2', ''])('refuse the class weights %j', (text) => {
    expect(() => newRunSettings(flags('--recipe', 'A', `--class-weights=${text}`) as never)).toThrow(
      'Expected --class-weights CLASS=WEIGHT,..., each class once, such as 3=2,5=0.5',
    );
  });

  it('of a resumed run are the saved ones, and the options must agree with them', () => {
    const saved = recipeOf('A');
    expect(resumedSettings(flags('--plateau', '0.5:5', '--epochs', '60') as never, saved)).toEqual({
      ...saved,
      epochs: 60,
    });
    expect(() => resumedSettings(flags('--plateau', '0.5:4') as never, saved)).toThrow(
      'Expected plateau to be {"factor":0.5,"patience":5}, as in the run to be resumed, got {"factor":0.5,"patience":4}',
    );
  });

  it('refuse text that is not a plateau', () => {
    expect(() => newRunSettings(flags('--recipe', 'A', '--plateau', '5') as never)).toThrow(
      'Expected --plateau FACTOR:PATIENCE',
    );
  });
});
