import * as tf from '@tensorflow/tfjs';
import { importKeras } from '../../src/index.js';
import { inputValues } from '../input-values.js';

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', async (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer!.files;
  await tf.setBackend('cpu');
  const { model } = await importKeras(new Uint8Array(await file.arrayBuffer()), { name: file.name });
  const shape = [2, ...(model.inputs[0].shape.slice(1) as number[])];
  const predicted = model.predict(tf.tensor(inputValues(shape, 0), shape)) as tf.Tensor;
  document.querySelector('output')!.textContent = JSON.stringify([...predicted.dataSync()]);
  document.title = 'opened';
});
document.title = 'ready';
