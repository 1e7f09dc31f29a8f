import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

const LAYER = { name: 'dense', trainable: true, weights: [] };

await describeWrongUse(import.meta.url, {
  samples: {
    'readonly EpochRecord[]': [
      { epoch: 0, learningRate: 0.1, loss: 1, accuracy: 0.5, seconds: 1, metrics: {} },
    ],
    Preprocessing: { scale: 1, mean: [0], std: [1] },
    Indexed: { pixels: new Uint8Array(2), count: 1, name: 'one', indices: [1] },
    T: { pixels: new Uint8Array(2), count: 1, height: 1, width: 2, channels: 1, name: 'one' },
    'readonly T[]': [{ id: 'name' }],
    'readonly RegistryEntry[]': [{ id: 'name' }],
    'OptionNames<T>': {},
    'WeightedLayer<WeightVariable>': LAYER,
    'WeightedLayer<Weight>': LAYER,
    'WeightedLayer<ReadableWeight>': LAYER,
    'TrainedModel<Weight>': LAYER,
    DescribedLayer: LAYER,
    Topology: { config: {} },
    LayerTopology: {},
    '{ readonly name: string; trainable: boolean }': LAYER,
    Random: () => 0.5,
    RecordName: 'EpochRecord',
    'Readonly<Record<string, FieldKind>>': {},
    EpochLosses: {},
  },
  valid: {
    'expect.*: .* in place of (name|kind)': 'they only name the value in the message of the error',
    'expect.*: a number in place of all arguments': 'a number is what is expected',
    'expectObject: .* in place of all arguments': 'an object is what is expected',
    'InputError: .*': 'it reports a fault, and is made whatever is passed',
    'isInputError: .* in place of code': 'no error has that code',
    'divergenceOf: .*(object|record of another kind) in place of (all arguments|record)':
      'a record without losses is not diverged',
    'expect(Integer|Number): .* in place of range': 'without min and max, every number is in range',
    'expectOptions: .* in place of names': 'a function may have no options',
    'expectFields: .* in place of (fields|value|all arguments)':
      'no fields, or those of any object, may be wanted',
    'freezeAsDescribed: .*(object|record of another kind) in place of .*': 'nothing is described as frozen',
  },
});
