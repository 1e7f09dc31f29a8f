import * as tf from '@tensorflow/tfjs';

/** A model, in a state as after training, with the name of what is special about it. */
export interface LayerCase {
  readonly title: string;
  readonly build: () => tf.LayersModel;
  /** A class that TensorFlow.js 4.22 cannot run inside a model: its layer is called alone. */
  readonly isCalledAlone?: boolean;
}

type Layer = tf.layers.Layer;
type Shape = (number | null)[];

const one = (title: string, inputShape: Shape, layer: () => Layer, dtype?: tf.DataType): LayerCase => ({
  title,
  build: () => {
    const input = tf.input({ shape: inputShape, dtype });
    return tf.model({ inputs: input, outputs: layer().apply(input) as tf.SymbolicTensor });
  },
});

const alone = (title: string, inputShape: Shape, layer: () => Layer): LayerCase => ({
  ...one(title, inputShape, layer),
  isCalledAlone: true,
});

const several = (title: string, inputShapes: Shape[], layer: () => Layer): LayerCase => ({
  title,
  build: () => {
    const inputs = inputShapes.map((shape) => tf.input({ shape }));
    return tf.model({ inputs, outputs: layer().apply(inputs) as tf.SymbolicTensor });
  },
});

const l1l2 = () => tf.regularizers.l1l2({ l1: 0.01, l2: 0.02 });
const initializers = {
  kernelInitializer: tf.initializers.heUniform({ seed: 3 }),
  biasInitializer: tf.initializers.constant({ value: 0.5 }),
};
const IMAGE: Shape = [6, 5, 3];
const SEQUENCE: Shape = [5, 3];
const VOLUME: Shape = [3, 4, 3, 2];
const conv = {
  filters: 4,
  kernelSize: [3, 2] as [number, number],
  strides: [2, 1] as [number, number],
  padding: 'same' as const,
  activation: 'relu6' as const,
  kernelRegularizer: l1l2(),
  biasRegularizer: tf.regularizers.l1({ l1: 0.1 }),
  kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.7, axis: 2 }),
  biasConstraint: tf.constraints.nonNeg(),
  ...initializers,
};
const recurrent = {
  units: 4,
  activation: 'relu' as const,
  useBias: true,
  recurrentInitializer: 'glorotUniform' as const,
  kernelRegularizer: l1l2(),
  recurrentRegularizer: tf.regularizers.l2({ l2: 0.3 }),
  biasRegularizer: tf.regularizers.l1({ l1: 0.1 }),
  kernelConstraint: tf.constraints.unitNorm({ axis: 0 }),
  recurrentConstraint: tf.constraints.minMaxNorm({ minValue: 0.2, maxValue: 0.9, rate: 0.5, axis: 0 }),
  biasConstraint: tf.constraints.nonNeg(),
  dropout: 0.25,
  recurrentDropout: 0.125,
  returnSequences: true,
  goBackwards: true,
  ...initializers,
};
const convLstm = {
  filters: 2,
  kernelSize: [2, 3] as [number, number],
  padding: 'same' as const,
  activation: 'relu' as const,
  returnSequences: true,
};
const encoder = (layer: Layer) => {
  const x = tf.input({ shape: [4] });
  return tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor, name: 'encoder' });
};

/** Cases of each class of layers, with options that are not the default. */
export const LAYER_CASES: Readonly<Record<string, readonly LayerCase[]>> = {
  InputLayer: [
    {
      title: 'with a batch size and integers',
      build: () => {
        const input = tf.input({ batchShape: [2, 3], dtype: 'int32', name: 'tokens' });
        const table = tf.layers.embedding({ inputDim: 9, outputDim: 2 });
        return tf.model({ inputs: input, outputs: table.apply(input) as tf.SymbolicTensor });
      },
    },
    {
      title: 'of several inputs and outputs, in another order than they are used',
      build: () => {
        const [a, b] = [tf.input({ shape: [3], name: 'z' }), tf.input({ shape: [2], name: 'y' })];
        const first = tf.layers.dense({ units: 2, name: 'q' }).apply(b) as tf.SymbolicTensor;
        const second = tf.layers.dense({ units: 4, name: 'p' }).apply(a) as tf.SymbolicTensor;
        const both = tf.layers.concatenate().apply([second, first]) as tf.SymbolicTensor;
        return tf.model({ inputs: [a, b], outputs: [both, first, second] });
      },
    },
  ],
  Model: [
    {
      title: 'as a layer that is applied twice',
      build: () => {
        const inner = encoder(tf.layers.dense({ units: 3, activation: 'tanh' }));
        const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
        const outputs = inputs.map((input) => inner.apply(input) as tf.SymbolicTensor);
        return tf.model({ inputs, outputs: tf.layers.add().apply(outputs) as tf.SymbolicTensor });
      },
    },
    {
      title: 'as a layer with two outputs',
      build: () => {
        const x = tf.input({ shape: [4] });
        const outputs = [2, 3].map((units) => tf.layers.dense({ units }).apply(x) as tf.SymbolicTensor);
        const inner = tf.model({ inputs: x, outputs });
        const input = tf.input({ shape: [4] });
        const [first, second] = inner.apply(input) as tf.SymbolicTensor[];
        return tf.model({ inputs: input, outputs: [second, first] });
      },
    },
    {
      title: 'in a model in a model, with equal names of layers',
      build: () => {
        const inner = encoder(tf.layers.dense({ units: 4, name: 'same' }));
        const x = tf.input({ shape: [4] });
        const middle = tf.model({
          inputs: x,
          outputs: tf.layers.dense({ units: 3, name: 'same' }).apply(inner.apply(x)) as tf.SymbolicTensor,
          name: 'middle',
        });
        const input = tf.input({ shape: [4] });
        const last = tf.layers.dense({ units: 2, name: 'same' });
        return tf.model({ inputs: input, outputs: last.apply(middle.apply(input)) as tf.SymbolicTensor });
      },
    },
    {
      title: 'whose layer is applied twice',
      build: () => {
        const shared = tf.layers.dense({ units: 4 });
        const input = tf.input({ shape: [4] });
        return tf.model({ inputs: input, outputs: shared.apply(shared.apply(input)) as tf.SymbolicTensor });
      },
    },
    {
      title: 'frozen, as a layer',
      build: () => {
        const inner = encoder(tf.layers.dense({ units: 3 }));
        inner.trainable = false;
        const input = tf.input({ shape: [4] });
        const last = tf.layers.dense({ units: 2 });
        return tf.model({ inputs: input, outputs: last.apply(inner.apply(input)) as tf.SymbolicTensor });
      },
    },
    {
      title: 'with call arguments',
      build: () => {
        const input = tf.input({ shape: [4] });
        const x = tf.layers.dropout({ rate: 0 }).apply(input, { training: true }) as tf.SymbolicTensor;
        return tf.model({
          inputs: input,
          outputs: tf.layers.dense({ units: 2 }).apply(x) as tf.SymbolicTensor,
        });
      },
    },
  ],
  Sequential: [
    {
      title: 'in a sequential model, frozen',
      build: () => {
        const inner = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
        inner.add(tf.layers.batchNormalization());
        inner.trainable = false;
        return tf.sequential({ layers: [inner, tf.layers.dense({ units: 2 })] });
      },
    },
    {
      title: 'that is applied twice',
      build: () => {
        const inner = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] })] });
        const input = tf.input({ shape: [4] });
        return tf.model({ inputs: input, outputs: inner.apply(inner.apply(input)) as tf.SymbolicTensor });
      },
    },
  ],
  ReLU: [one('with a maximum', IMAGE, () => tf.layers.reLU({ maxValue: 0.5 }))],
  LeakyReLU: [one('', IMAGE, () => tf.layers.leakyReLU({ alpha: 0.07 }))],
  PReLU: [
    one('with shared axes', IMAGE, () =>
      tf.layers.prelu({
        sharedAxes: [1, 2],
        alphaInitializer: tf.initializers.constant({ value: 0.3 }),
        alphaRegularizer: l1l2(),
        alphaConstraint: tf.constraints.nonNeg(),
      }),
    ),
  ],
  ELU: [one('', IMAGE, () => tf.layers.elu())],
  ThresholdedReLU: [one('', IMAGE, () => tf.layers.thresholdedReLU({ theta: 0.2 }))],
  Softmax: [one('over rows and columns', IMAGE, () => tf.layers.softmax({ axis: [1, 2] as never }))],
  Conv1D: [
    one('strided', SEQUENCE, () =>
      tf.layers.conv1d({ ...conv, kernelSize: 3, strides: 2, kernelConstraint: 'unitNorm' }),
    ),
    one('dilated, without bias', SEQUENCE, () =>
      tf.layers.conv1d({ filters: 2, kernelSize: 2, padding: 'valid', dilationRate: 2, useBias: false }),
    ),
  ],
  Conv2D: [
    one('strided', IMAGE, () => tf.layers.conv2d(conv)),
    one('dilated, without bias', IMAGE, () =>
      tf.layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: [2, 3], useBias: false }),
    ),
    one('channels first', [3, 6, 5], () =>
      tf.layers.conv2d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }),
    ),
  ],
  Conv3D: [
    one('strided', VOLUME, () =>
      tf.layers.conv3d({ ...conv, kernelSize: [2, 3, 2], strides: [1, 2, 1], kernelConstraint: undefined }),
    ),
  ],
  Conv2DTranspose: [one('strided', IMAGE, () => tf.layers.conv2dTranspose(conv))],
  Conv3DTranspose: [
    one('strided', VOLUME, () =>
      tf.layers.conv3dTranspose({
        ...conv,
        kernelSize: [2, 3, 2],
        strides: [1, 2, 1],
        kernelConstraint: undefined,
      }),
    ),
  ],
  SeparableConv2D: [
    ...[1, 2, 3].map((depthMultiplier) =>
      one(`with a depth multiplier of ${depthMultiplier}`, IMAGE, () =>
        tf.layers.separableConv2d({
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          depthMultiplier,
          activation: 'tanh',
          depthwiseInitializer: tf.initializers.randomNormal({ stddev: 0.5, seed: 1 }),
          pointwiseInitializer: tf.initializers.truncatedNormal({ stddev: 0.5, seed: 1 }),
          depthwiseRegularizer: l1l2(),
          pointwiseRegularizer: tf.regularizers.l2({ l2: 0.5 }),
          depthwiseConstraint: tf.constraints.nonNeg(),
          pointwiseConstraint: tf.constraints.unitNorm({ axis: 2 }),
          biasConstraint: 'nonNeg',
        }),
      ),
    ),
    one('dilated, without bias, inside another model', IMAGE, () =>
      tf.sequential({
        layers: [
          tf.layers.separableConv2d({
            inputShape: IMAGE,
            filters: 2,
            kernelSize: 2,
            dilationRate: 2,
            depthMultiplier: 2,
            useBias: false,
          }),
        ],
      }),
    ),
    one('inside another layer', [2, 4, 5, 3], () =>
      tf.layers.timeDistributed({
        layer: tf.layers.separableConv2d({ filters: 2, kernelSize: 2, depthMultiplier: 3 }),
      }),
    ),
  ],
  Cropping2D: [
    one('uneven', IMAGE, () =>
      tf.layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    ),
  ],
  UpSampling2D: [
    one('bilinear', IMAGE, () => tf.layers.upSampling2d({ size: [3, 2], interpolation: 'bilinear' })),
  ],
  DepthwiseConv2D: [
    one('with a depth multiplier, regularizers and constraints', IMAGE, () =>
      tf.layers.depthwiseConv2d({
        kernelSize: [3, 2],
        strides: [2, 2],
        padding: 'same',
        depthMultiplier: 2,
        activation: 'elu',
        depthwiseInitializer: 'glorotUniform',
        depthwiseRegularizer: l1l2(),
        depthwiseConstraint: tf.constraints.maxNorm({ maxValue: 0.4, axis: 2 }),
        biasRegularizer: tf.regularizers.l2({ l2: 0.5 }),
        biasConstraint: tf.constraints.nonNeg(),
      }),
    ),
    one('with a regularizer and without a constraint', IMAGE, () =>
      tf.layers.depthwiseConv2d({ kernelSize: 2, depthwiseRegularizer: l1l2() }),
    ),
    one('with a constraint and without a regularizer', IMAGE, () =>
      tf.layers.depthwiseConv2d({ kernelSize: 2, dilationRate: 2, depthwiseConstraint: 'unitNorm' }),
    ),
  ],
  RNN: [
    one('of one cell', SEQUENCE, () =>
      tf.layers.rnn({ cell: tf.layers.lstmCell({ units: 3, activation: 'relu' }), returnSequences: true }),
    ),
    one('of several cells', SEQUENCE, () =>
      tf.layers.rnn({
        cell: [tf.layers.simpleRNNCell({ units: 2 }), tf.layers.gruCell({ units: 3 })],
        goBackwards: true,
      }),
    ),
    {
      title: 'with a state of another one',
      build: () => {
        const input = tf.input({ shape: SEQUENCE });
        const [, h, c] = tf.layers.lstm({ units: 3, returnState: true }).apply(input) as tf.SymbolicTensor[];
        const decoder = tf.layers.lstm({ units: 3, returnSequences: true });
        const output = decoder.apply(input, { initialState: [h, c] }) as tf.SymbolicTensor;
        return tf.model({ inputs: input, outputs: output });
      },
    },
  ],
  SimpleRNNCell: [
    one('in an RNN', SEQUENCE, () => tf.layers.rnn({ cell: tf.layers.simpleRNNCell(recurrent) })),
  ],
  SimpleRNN: [
    one('', SEQUENCE, () => tf.layers.simpleRNN({ ...recurrent, unroll: true })),
    one('without bias', SEQUENCE, () => tf.layers.simpleRNN({ units: 2, useBias: false })),
    {
      title: 'with a state between batches',
      build: () =>
        tf.sequential({
          layers: [tf.layers.simpleRNN({ units: 2, stateful: true, batchInputShape: [2, 5, 3] })],
        }),
    },
  ],
  GRUCell: [
    one('in an RNN', SEQUENCE, () =>
      tf.layers.rnn({ cell: tf.layers.gruCell({ ...recurrent, recurrentActivation: 'tanh' }) }),
    ),
  ],
  GRU: [
    one('', SEQUENCE, () =>
      tf.layers.gru({ ...recurrent, recurrentActivation: 'sigmoid', implementation: 2 }),
    ),
  ],
  LSTMCell: [
    one('in an RNN', SEQUENCE, () =>
      tf.layers.rnn({ cell: tf.layers.lstmCell({ ...recurrent, recurrentActivation: 'tanh' }) }),
    ),
  ],
  LSTM: [
    one('', SEQUENCE, () =>
      tf.layers.lstm({
        ...recurrent,
        recurrentActivation: 'sigmoid',
        unitForgetBias: true,
        implementation: 2,
      }),
    ),
  ],
  StackedRNNCells: [
    one('of three kinds', SEQUENCE, () =>
      tf.layers.rnn({
        cell: tf.layers.stackedRNNCells({
          cells: [
            tf.layers.lstmCell({ units: 2 }),
            tf.layers.gruCell({ units: 2 }),
            tf.layers.lstmCell({ units: 3 }),
          ],
        }),
        returnSequences: true,
      }),
    ),
  ],
  ConvLSTM2DCell: [
    one('in a ConvLSTM2D', [2, 5, 4, 2], () =>
      tf.layers.convLstm2d({ ...convLstm, strides: 2, useBias: false }),
    ),
  ],
  ConvLSTM2D: [
    one('', [2, 5, 4, 2], () => tf.layers.convLstm2d({ ...convLstm, recurrentActivation: 'sigmoid' })),
  ],
  Dropout: [one('', IMAGE, () => tf.layers.dropout({ rate: 0.3, seed: 7, noiseShape: [1, 1, 3] }))],
  SpatialDropout1D: [one('', SEQUENCE, () => tf.layers.spatialDropout1d({ rate: 0.4, seed: 3 }))],
  Dense: [
    one('', [4], () =>
      tf.layers.dense({
        units: 3,
        activation: 'softplus',
        kernelRegularizer: l1l2(),
        biasRegularizer: 'l1l2',
        kernelConstraint: tf.constraints.minMaxNorm({ minValue: 0.1, maxValue: 0.6, rate: 0.3, axis: 1 }),
        biasConstraint: 'nonNeg',
        ...initializers,
      }),
    ),
    one('frozen, without bias', [4], () => tf.layers.dense({ units: 3, useBias: false, trainable: false })),
    one('with a name with a slash and a digit', [4], () => tf.layers.dense({ units: 3, name: 'block1/1x1' })),
  ],
  Flatten: [one('channels first', IMAGE, () => tf.layers.flatten({ dataFormat: 'channelsFirst' }))],
  Activation: [one('', IMAGE, () => tf.layers.activation({ activation: 'hardSigmoid' }))],
  RepeatVector: [one('', [4], () => tf.layers.repeatVector({ n: 3 }))],
  Reshape: [one('with an unknown size', IMAGE, () => tf.layers.reshape({ targetShape: [-1, 9] }))],
  Permute: [one('', IMAGE, () => tf.layers.permute({ dims: [3, 1, 2] }))],
  Masking: [
    {
      title: 'before an RNN',
      build: () => {
        const layers = [
          tf.layers.masking({ maskValue: 0.5, inputShape: SEQUENCE }),
          tf.layers.lstm({ units: 2 }),
        ];
        return tf.sequential({ layers });
      },
    },
  ],
  Embedding: [
    one(
      '',
      [5],
      () =>
        tf.layers.embedding({
          inputDim: 8,
          outputDim: 3,
          inputLength: 5,
          embeddingsInitializer: 'glorotNormal',
          embeddingsRegularizer: l1l2(),
          embeddingsConstraint: tf.constraints.unitNorm({ axis: 1 }),
        }),
      'int32',
    ),
    {
      title: 'with a mask of zeros',
      build: () => {
        const layers = [
          tf.layers.embedding({ inputDim: 8, outputDim: 3, maskZero: true, inputLength: 5 }),
          tf.layers.lstm({ units: 2 }),
        ];
        return tf.sequential({ layers });
      },
    },
  ],
  Add: [several('of three', [IMAGE, IMAGE, IMAGE], () => tf.layers.add())],
  Multiply: [several('with broadcasting', [IMAGE, [1, 1, 3]], () => tf.layers.multiply())],
  Average: [several('of three', [IMAGE, IMAGE, IMAGE], () => tf.layers.average())],
  Maximum: [several('', [IMAGE, IMAGE], () => tf.layers.maximum())],
  Minimum: [several('', [IMAGE, IMAGE], () => tf.layers.minimum())],
  Concatenate: [several('of columns', [IMAGE, [6, 2, 3]], () => tf.layers.concatenate({ axis: 2 }))],
  Dot: [
    several(
      'normalized',
      [
        [5, 3],
        [4, 3],
      ],
      () => tf.layers.dot({ axes: [2, 2] as never, normalize: true }),
    ),
  ],
  GaussianNoise: [one('', IMAGE, () => tf.layers.gaussianNoise({ stddev: 0.4 }))],
  GaussianDropout: [one('', IMAGE, () => tf.layers.gaussianDropout({ rate: 0.4 }))],
  AlphaDropout: [one('', IMAGE, () => tf.layers.alphaDropout({ rate: 0.4 }))],
  BatchNormalization: [
    one('with regularizers and constraints', IMAGE, () =>
      tf.layers.batchNormalization({
        momentum: 0.8,
        epsilon: 0.02,
        betaInitializer: 'ones',
        gammaInitializer: tf.initializers.constant({ value: 2 }),
        movingMeanInitializer: 'ones',
        movingVarianceInitializer: tf.initializers.constant({ value: 3 }),
        betaRegularizer: l1l2(),
        gammaRegularizer: tf.regularizers.l2({ l2: 0.5 }),
        betaConstraint: 'nonNeg',
        gammaConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
      }),
    ),
    one('over rows, without a scale', IMAGE, () => tf.layers.batchNormalization({ axis: 1, scale: false })),
    one('without an offset', IMAGE, () => tf.layers.batchNormalization({ center: false })),
  ],
  LayerNormalization: [
    one('over two axes', IMAGE, () =>
      tf.layers.layerNormalization({
        axis: [2, 3],
        epsilon: 0.05,
        betaInitializer: 'ones',
        gammaRegularizer: l1l2(),
      }),
    ),
    one('without scale and offset', IMAGE, () =>
      tf.layers.layerNormalization({ scale: false, center: false }),
    ),
  ],
  ZeroPadding2D: [
    one('uneven', IMAGE, () =>
      tf.layers.zeroPadding2d({
        padding: [
          [1, 0],
          [2, 3],
        ],
      }),
    ),
  ],
  MaxPooling1D: [
    one('', SEQUENCE, () => tf.layers.maxPooling1d({ poolSize: 3, strides: 1, padding: 'same' })),
  ],
  AveragePooling1D: [
    one('', SEQUENCE, () => tf.layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' })),
  ],
  MaxPooling2D: [
    one('', IMAGE, () => tf.layers.maxPooling2d({ poolSize: [3, 2], strides: [1, 2], padding: 'same' })),
  ],
  AveragePooling2D: [
    one('', IMAGE, () => tf.layers.averagePooling2d({ poolSize: [3, 2], strides: [1, 2], padding: 'same' })),
    one('channels first', [3, 6, 5], () =>
      tf.layers.averagePooling2d({ poolSize: 2, dataFormat: 'channelsFirst' }),
    ),
  ],
  MaxPooling3D: [
    one('', VOLUME, () =>
      tf.layers.maxPooling3d({ poolSize: [2, 1, 3], strides: [1, 2, 1], padding: 'same' }),
    ),
  ],
  AveragePooling3D: [
    one('', VOLUME, () =>
      tf.layers.averagePooling3d({ poolSize: [2, 1, 3], strides: [1, 2, 1], padding: 'same' }),
    ),
  ],
  GlobalAveragePooling1D: [one('', SEQUENCE, () => tf.layers.globalAveragePooling1d())],
  GlobalMaxPooling1D: [one('', SEQUENCE, () => tf.layers.globalMaxPooling1d())],
  GlobalAveragePooling2D: [
    one('channels first', IMAGE, () => tf.layers.globalAveragePooling2d({ dataFormat: 'channelsFirst' })),
  ],
  GlobalMaxPooling2D: [
    one('channels first', IMAGE, () => tf.layers.globalMaxPooling2d({ dataFormat: 'channelsFirst' })),
  ],
  TimeDistributed: [
    one('of a dense layer', SEQUENCE, () =>
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2, useBias: false }) }),
    ),
    one('of a model', SEQUENCE, () =>
      tf.layers.timeDistributed({
        layer: tf.sequential({
          layers: [tf.layers.dense({ units: 2, inputShape: [3] }), tf.layers.dense({ units: 4 })],
        }),
      }),
    ),
  ],
  Bidirectional: [
    ...(['sum', 'mul', 'ave', 'concat'] as const).map((mergeMode) =>
      one(`merged by ${mergeMode}`, SEQUENCE, () =>
        tf.layers.bidirectional({
          layer: tf.layers.lstm({ units: 3, activation: 'relu', returnSequences: true }) as tf.RNN,
          mergeMode,
        }),
      ),
    ),
    {
      title: 'not merged',
      build: () => {
        const input = tf.input({ shape: SEQUENCE });
        const layer = tf.layers.gru({ units: 2, recurrentActivation: 'sigmoid' }) as tf.RNN;
        const both = tf.layers.bidirectional({ layer, mergeMode: null as never });
        return tf.model({ inputs: input, outputs: both.apply(input) as tf.SymbolicTensor[] });
      },
    },
  ],
  Rescaling: [one('', IMAGE, () => tf.layers.rescaling({ scale: 0.5, offset: -0.25 }))],
  CenterCrop: [one('', IMAGE, () => tf.layers.centerCrop({ height: 3, width: 4 }))],
  CategoryEncoding: [
    one('', [5], () => tf.layers.categoryEncoding({ numTokens: 8, outputMode: 'multiHot' }), 'int32'),
  ],
  Resizing: [
    alone('nearest', IMAGE, () =>
      tf.layers.resizing({ height: 4, width: 9, interpolation: 'nearest', cropToAspectRatio: true }),
    ),
  ],
  RandomWidth: [
    alone('', IMAGE, () => tf.layers.randomWidth({ factor: [0.1, 0.5], seed: 3, interpolation: 'nearest' })),
  ],
};

const dense = (options: object) => one('', [4], () => tf.layers.dense({ units: 3, ...options }));
const activated = (activation: string) =>
  one('', [4], () => tf.layers.dense({ units: 3, activation: activation as 'relu' }));
const initialized = (kernelInitializer: unknown) => dense({ kernelInitializer });

/** TensorFlow.js 4.22 saves this name and loads geluNew, which it does not know. */
export const REFUSED_OPTIONS: Readonly<Record<string, LayerCase>> = { gelu_new: activated('gelu_new') };

/** Cases of the classes that are options of layers. */
export const OPTION_CASES: Readonly<Record<string, LayerCase>> = {
  Zeros: initialized('zeros'),
  Ones: initialized('ones'),
  Constant: initialized(tf.initializers.constant({ value: 0.7 })),
  RandomUniform: initialized(tf.initializers.randomUniform({ minval: -3, maxval: 2, seed: 4 })),
  RandomNormal: initialized(tf.initializers.randomNormal({ mean: 1, stddev: 2, seed: 4 })),
  TruncatedNormal: initialized(tf.initializers.truncatedNormal({ mean: 1, stddev: 2, seed: 4 })),
  Identity: dense({ units: 4, kernelInitializer: tf.initializers.identity({ gain: 3 }) }),
  VarianceScaling: initialized(
    tf.initializers.varianceScaling({ scale: 2, mode: 'fanOut', distribution: 'uniform', seed: 4 }),
  ),
  GlorotUniform: initialized(tf.initializers.glorotUniform({ seed: 4 })),
  GlorotNormal: initialized(tf.initializers.glorotNormal({ seed: 4 })),
  HeNormal: initialized(tf.initializers.heNormal({ seed: 4 })),
  HeUniform: initialized(tf.initializers.heUniform({ seed: 4 })),
  LeCunNormal: initialized(tf.initializers.leCunNormal({ seed: 4 })),
  LeCunUniform: initialized(tf.initializers.leCunUniform({ seed: 4 })),
  Orthogonal: initialized(tf.initializers.orthogonal({ gain: 2, seed: 4 })),
  MaxNorm: dense({ kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.3, axis: 1 }) }),
  UnitNorm: dense({ kernelConstraint: tf.constraints.unitNorm({ axis: 1 }) }),
  NonNeg: dense({ biasConstraint: tf.constraints.nonNeg() }),
  MinMaxNorm: dense({
    kernelConstraint: tf.constraints.minMaxNorm({ minValue: 0.1, maxValue: 0.6, rate: 0.3, axis: 1 }),
  }),
  L1L2: dense({ kernelRegularizer: tf.regularizers.l1l2({ l1: 0.5, l2: 0.25 }) }),
  elu: activated('elu'),
  selu: activated('selu'),
  relu: activated('relu'),
  relu6: activated('relu6'),
  linear: activated('linear'),
  sigmoid: activated('sigmoid'),
  hardSigmoid: activated('hardSigmoid'),
  softplus: activated('softplus'),
  softsign: activated('softsign'),
  tanh: activated('tanh'),
  softmax: activated('softmax'),
  logSoftmax: activated('logSoftmax'),
  gelu: activated('gelu'),
  mish: activated('mish'),
  swish: activated('swish'),
};
